using System.Globalization;
using System.Net;
using ModemDriver.Simulator.Wire;

namespace ModemDriver.Simulator.Personalities.EspAt;

/// <summary>Passive receive: user guide, AT+CIPRECVMODE, AT+CIPRECVDATA, AT+CIPRECVLEN.</summary>
internal sealed class ReceiveCommands(EspAtModule module) : CommandGroup(module)
{
    internal override IEnumerable<CommandEntry> Entries =>
    [
        new("CIPRECVMODE")
        {
            Read = Says(_ => $"+CIPRECVMODE:{(Settings.Passive ? 1 : 0)}\r\n"),
            Set = Takes(0, () => 1, SetMode),
        },
        new("CIPRECVDATA") { Set = At(Read) },
        new("CIPRECVLEN") { Read = At(_ => Lengths()) },
    ];

    private void SetMode(CommandCall call, int value)
    {
        Settings.Passive = value == 1;
        if (value == 0)
        {
            Module.Links.PushUnread();
        }
    }

    private Outcome Read(CommandCall call)
    {
        Parameters given = call.Parameters;
        int first = Settings.Multiple ? 1 : 0;
        int id = 0;
        if (!given.Takes(first + 1, first + 1)
            || (first == 1 && !given.Number(0, 0, LinkTable.Size - 1, out id))
            || !given.Number(first, 1, Module.Profile.MaxReadBytes, out int most))
        {
            return given.Refusal;
        }

        EspAtLink? link = Module.Links.FindReadable(id);
        if (!Settings.Passive || link is null || link.Unread.Count == 0)
        {
            return ReadNothing(link);
        }

        int count = Math.Min(most, link.Unread.Count);
        SayHeader(link, count);
        Respond.Answer(link.Unread.Span[..count]);
        LinkTable.Consumed(link, count);
        Module.End(Outcome.Ok);
        Module.Links.AfterRead(link);
        return Outcome.Said;
    }

    private Outcome ReadNothing(EspAtLink? link)
    {
        Respond.Log("NO DATA");
        if (link is null || Module.Switches[EspAtSwitches.EmptyRead] == "error")
        {
            return Outcome.Failed;
        }

        SayHeader(link, 0);
        return Outcome.Ok;
    }

    // +CIPRECVDATA:<n>,<data>, with AT+CIPDINFO=1 +CIPRECVDATA:<n>,"<address>",<port>,<data>;
    // NonOS: CR LF +CIPRECVDATA,<n>:<data>, always without the address; 2.0.0, perhaps: +CIPRECVDATA,<id>,<n>:<data>.
    private void SayHeader(EspAtLink link, int count)
    {
        int announced = Host.Faults.AnnouncedLength(count);
        Respond.Answer(string.Format(CultureInfo.InvariantCulture, Forms.PassiveReadHeader, announced, link.Id));
        if (Settings.ShowsPeer && Forms.PassiveReadShowsPeer)
        {
            string quote = Forms.QuotesPeerAddress ? "\"" : "";
            IPEndPoint peer = link.Connection.Remote;
            Respond.Answer(WireText.Format($"{quote}{peer.Address}{quote},{peer.Port},"));
        }
    }

    private Outcome Lengths()
    {
        int count = Settings.Multiple || Forms.ListsAllLengths ? LinkTable.Size : 1;
        IEnumerable<string> lengths = Enumerable.Range(0, count).Select(id =>
            Module.Links.FindReadable(id) is EspAtLink link
                ? WireText.Format($"{Module.Receiver.AnnouncedLength(link)}")
                : Forms.LengthOfClosedLink);
        Respond.Answer("+CIPRECVLEN:" + string.Join(',', lengths) + Forms.LengthsEnd);
        return Outcome.Ok;
    }
}
