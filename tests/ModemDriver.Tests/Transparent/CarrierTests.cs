using Microsoft.Extensions.Time.Testing;
using ModemDriver.Channel;
using ModemDriver.Dialects.EspAt;
using ModemDriver.Links;
using ModemDriver.Scheduling;
using ModemDriver.Tests.Channel;

namespace ModemDriver.Tests.Transparent;

/// <summary>Where DCD stands as long as the data state does, nobody needs to ask about suspicious words.</summary>
public sealed class CarrierTests
{
    [Theory]
    [InlineData(true, false, true, false)]
    [InlineData(true, false, false, true)]
    [InlineData(true, null, null, true)]
    [InlineData(true, true, true, true)] // tied to another line in the adapter
    [InlineData(false, false, true, true)]
    public void A_word_is_payload_while_a_carrier_stands_that_came_with_the_session(
        bool tells, bool? before, bool? carrier, bool isSuspect)
    {
        using var rig = new ChannelRig();
        rig.Transport.ControlLines = new Lines { Carrier = before };
        var pump = new HandPump();
        var loop = new ModemLoop(pump, pump);
        var link = new Link(loop, "peer", 1, 4096) { IsTransparent = true };
        link.Become(LinkState.Open);
        var commands = new EspAtTransparentCommands(EspAtFirmware.Read(["AT version:2.2.1.0(x)"])!, () => false);
        DataStateRules rules = commands.Rules(isReported: true) with { CarrierTells = tells };
        var session = new TransparentLink(link, rig.Channel, commands, rules, loop, new Owner())
        {
            Time = new FakeTimeProvider(),
        };
        rig.Transport.ControlLines = new Lines { Carrier = carrier };

        session.OnData("data\r\nready\r\nmore"u8);

        Assert.Equal(isSuspect, session.IsSuspect);
        Assert.Equal(isSuspect ? 4 : 17, link.BytesReceived);
    }

    private sealed class Owner : ILinkOwner
    {
        public LinkException Lose(Link link, LinkFailure failure, string what, Exception? innerException) =>
            throw new InvalidOperationException(what);

        public void OnProgress(Link link) => throw new InvalidOperationException();
    }
}
