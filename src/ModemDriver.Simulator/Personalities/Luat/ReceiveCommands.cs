using System.Text;
using ModemDriver.Simulator.Personalities.Cellular;
using ModemDriver.Simulator.Wire;

namespace ModemDriver.Simulator.Personalities.Luat;

/// <summary>Received data that the host fetches.</summary>
internal sealed class ReceiveCommands(LuatModule module) : CommandGroup(module)
{
    private const int Read = 2;
    private const int ReadHex = 3;
    private const int Ask = 4;
    private const int LargestHexRead = 730;

    private readonly LuatModule _module = module;

    internal override IEnumerable<CommandEntry> Entries =>
    [
        new("+CIPRXGET") { Read = Says(() => $"+CIPRXGET: {Ip.ReceiveMode}"), Set = At(Get) },
    ];

    private IpSettings Ip => _module.Ip;

    private Outcome Get(CommandCall call)
    {
        if (call.Parameters.IsMalformed || !call.Parameters.Number(0, 0, 5, out int what))
        {
            return WrongParameter;
        }

        if (what is Read or ReadHex or Ask)
        {
            return Ip.ReceiveMode == 0 ? WrongState : Fetch(call.Parameters, what);
        }

        if (call.Parameters.Count != 1)
        {
            return WrongParameter;
        }

        Ip.ReceiveMode = what;
        return Outcome.Ok;
    }

    // AT+CIPRXGET=<2|3>,[<n>,]<length>   and   AT+CIPRXGET=4[,<n>]
    private Outcome Fetch(AtParameters given, int what)
    {
        int next = 1;
        int id = 0;
        if ((Ip.IsMultiple && !given.Number(next++, 0, LinkTable.Size - 1, out id))
            || given.Count != next + (what == Ask ? 0 : 1))
        {
            return WrongParameter;
        }

        int most = what == ReadHex ? LargestHexRead : LinkReceiver.LargestPacket;
        int wanted = 0;
        if (what != Ask && !given.Number(next, 1, most, out wanted))
        {
            return WrongParameter;
        }

        if (_module.Links.Find(id) is not LuatLink link)
        {
            return WrongState;
        }

        string number = Ip.IsMultiple ? WireText.Format($"{id},") : "";
        if (what == Ask)
        {
            Respond.Line(WireText.Format($"+CIPRXGET: 4,{number}{link.Unread.Count}"));
            return Outcome.Ok;
        }

        int got = _module.Receiver.Readable(link, wanted);
        if (got == 0 && _module.Switches[LuatSwitches.EmptyRead] == "error")
        {
            return Outcome.Cme(CmeError.NotAllowed);
        }

        Give(link, what, number, got);
        return Outcome.Silent;
    }

    // CR LF +CIPRXGET: <2|3>,[<n>,]<got>,<left> CR LF data CR LF OK CR LF
    private void Give(LuatLink link, int what, string number, int got)
    {
        string form = _module.Switches[LuatSwitches.ReadData];
        bool isGlued = form == "glued" || (form == "glued-hex" && what == ReadHex);
        int announced = Host.Faults.AnnouncedLength(got);
        Respond.Answer(WireText.Format(
            $"\r\n+CIPRXGET: {what},{number}{announced},{link.Unread.Count - got}{(isGlued ? "" : "\r\n")}"));
        ReadOnlySpan<byte> data = link.Unread.Span[..got];
        Respond.Answer(what == ReadHex ? Encoding.ASCII.GetBytes(Convert.ToHexString(data)) : data);
        if (_module.Switches[LuatSwitches.ReadEnd] == "two" || isGlued)
        {
            Respond.Answer("\r\n");
        }

        _module.Receiver.Consumed(link, got);
        Respond.Ok();
    }
}
