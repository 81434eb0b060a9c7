using ModemDriver.Simulator.Personalities.Common;
using ModemDriver.Simulator.Wire;

namespace ModemDriver.Simulator.Personalities.EspAt;

/// <summary>Sending with a prompt: user guide, AT+CIPSEND and AT+CIPSENDEX.</summary>
internal sealed class SendCommands(EspAtModule module) : CommandGroup(module)
{
    private const int MaxSendExBytes = 2048;

    // Every generation writes this one alike.
    private const string TransparentPrompt = "\r\nOK\r\n\r\n>";

    private readonly byte[] _buffer = new byte[module.Profile.MaxSendBytes];

    internal override IEnumerable<CommandEntry> Entries =>
    [
        new("CIPSEND")
        {
            Execute = At(_ => EnterTransparent()),
            Set = call => BeginAsync(call, Module.Profile.MaxSendBytes, hasEscapes: false),
        },
        new("CIPSENDEX") { Set = call => BeginAsync(call, MaxSendExBytes, hasEscapes: true) },
    ];

    private async ValueTask<Outcome> BeginAsync(CommandCall call, int most, bool hasEscapes)
    {
        (SendTarget? target, Outcome refusal) = await SendTarget.ReadAsync(Module, call, most);
        if (target is null)
        {
            return refusal;
        }

        Respond.Answer(Host.Faults.LosesPrompt() ? "\r\nOK\r\n" : Forms.LengthPrompt);
        Module.Input.Collect(new PayloadPhase(
            Module, _buffer, Host.Faults.TakenCount(target.Length, _buffer.Length), payload => Completed(target, payload.Count), Cancelled)
        {
            HasEscapes = hasEscapes,
        });
        return Outcome.Said;
    }

    private Outcome EnterTransparent()
    {
        if (!Settings.Transparent)
        {
            return Outcome.Failed;
        }

        // With several links it is the only client of the server.
        EspAtLink? link = Settings.Multiple
            ? Module.Links.Open.FirstOrDefault(each => each.IsAccepted)
            : Module.Links.Find(0);
        if (link is null or { Connection: DatagramLink { HasFixedPeer: false } }
            || !Module.Profile.Links.MayBeTransparent.Contains(link.Protocol))
        {
            Respond.Reason(link is null ? "link is not valid" : "not TCP");
            return Outcome.Failed;
        }

        Respond.Answer(Host.Faults.LosesPrompt() ? "\r\nOK\r\n" : TransparentPrompt);
        Module.Transparent.Enter(link);
        return Outcome.Said;
    }

    private void Cancelled()
    {
        Respond.Answer("\r\nSEND Canceled\r\n");
        Module.Input.Idle();
    }

    private void Completed(SendTarget target, int count) =>
        Host.Loop.StartHere(() => SendAsync(target, count, Module.Life));

    private async Task SendAsync(SendTarget target, int count, CancellationToken life)
    {
        Respond.Answer(WireText.Format($"\r\nRecv {count} bytes\r\n"));
        bool wasLost = target.Link.IsClosed;
        bool isSent = await Module.Sender.TrySendAsync(target.Link, _buffer.AsMemory(0, count), target.Remote);
        life.ThrowIfCancellationRequested();
        if (isSent && target is { Remote: not null, Link.Connection: DatagramLink datagrams }
            && Module.Switches.IsOn(LinkSwitches.SendChangesPeer))
        {
            datagrams.ChangePeer(target.Remote);
        }

        await Host.Clock.WaitAsync(Host.Timings.SendVerdict, life);
        if (wasLost && Module.Switches[EspAtSwitches.LostAfterPrompt] == "error")
        {
            Respond.Error(ErrorCode.ExecutionFailed);
        }
        else
        {
            Host.Faults.Verdict(isSent, "\r\nSEND OK\r\n", Forms.SendFail, Respond.Answer);
        }

        Module.Input.Idle();
    }
}
