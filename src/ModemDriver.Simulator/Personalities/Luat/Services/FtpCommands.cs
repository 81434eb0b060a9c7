using System.Globalization;
using ModemDriver.Simulator.Network.Ftp;
using ModemDriver.Simulator.Personalities.Cellular;
using ModemDriver.Simulator.Wire;

namespace ModemDriver.Simulator.Personalities.Luat.Services;

/// <summary>FTP on board, over a bearer of AT+SAPBR, in passive mode.</summary>
internal sealed class FtpCommands(LuatModule module) : CommandGroup(module)
{
    private const int LargestGet = 1460;
    private const int LongestServer = 49;
    private const int LongestName = 99;
    private const int LongestPath = 255;

    private static readonly string[] Types = ["I", "A"];
    private static readonly string[] Options = ["STOR", "APPE", "STOU"];

    private readonly LuatModule _module = module;

    internal override IEnumerable<CommandEntry> Entries =>
    [
        new("+FTPCID") { Read = Says(() => $"+FTPCID: {Server.Bearer}"), Set = Takes(1, 3, value => Server.Bearer = value) },
        Text("+FTPSERV", LongestServer, () => Server.Host, value => Server.Host = value),
        new("+FTPPORT") { Read = Says(() => $"+FTPPORT: {Server.Port}"), Set = Takes(1, 65535, value => Server.Port = value) },
        Text("+FTPUN", LongestServer, () => Server.User, value => Server.User = value),
        Text("+FTPPW", LongestServer, () => Server.Password, value => Server.Password = value),
        Text("+FTPGETNAME", LongestName, () => Server.GetName, value => Server.GetName = value),
        Text("+FTPGETPATH", LongestPath, () => Server.GetPath, value => Server.GetPath = value),
        Text("+FTPPUTNAME", LongestName, () => Server.PutName, value => Server.PutName = value),
        Text("+FTPPUTPATH", LongestName, () => Server.PutPath, value => Server.PutPath = value),
        new("+FTPMODE") { Read = Says(() => $"+FTPMODE: 1"), Set = Takes(1, 1, _ => { }) },
        Choice("+FTPTYPE", Types, () => Server.Type, value => Server.Type = value),
        Choice("+FTPPUTOPT", Options, () => Server.PutOption, value => Server.PutOption = value),
        new("+FTPREST")
        {
            Read = Says(() => $"+FTPREST: {Server.Offset}"),
            Set = At(SetOffset),
        },
        new("+FTPGET") { Set = At(call => Receive(call, "FTPGET", "RETR " + Server.GetPath + Server.GetName)) },
        new("+FTPLIST") { Set = At(call => Receive(call, "FTPLIST", "LIST " + Server.GetPath)) },
        new("+FTPPUT") { Set = At(Put) },
        new("+FTPSIZE") { Execute = At(() => Ask("SIZE " + Server.GetPath + Server.GetName, SaySize)) },
        new("+FTPDELE") { Execute = At(() => Ask("DELE " + Server.GetPath + Server.GetName, Says("FTPDELE"))) },
        new("+FTPMKD") { Execute = At(() => Ask("MKD " + Server.GetPath, Says("FTPMKD"))) },
        new("+FTPRMD") { Execute = At(() => Ask("RMD " + Server.GetPath, Says("FTPRMD"))) },
        new("+FTPSTATE") { Execute = Says(() => $"+FTPSTATE: {(Client.IsBusy ? 1 : 0)}") },
        new("+FTPQUIT") { Execute = At(() => Client.Quit() ? Outcome.Ok : Outcome.Error) },
    ];

    private FtpClient Client => _module.Ftp;

    private FtpSettings Server => Client.Settings;

    private bool CanBegin => Client.HasBearer && !Client.IsBusy && Server.Host.Length > 0;

    private CommandEntry Text(string name, int longest, Func<string> read, Action<string> store) => new(name)
    {
        Read = Says(() => $"{name}: \"{read()}\""),
        Set = At(call =>
        {
            if (!call.Parameters.Takes(1, 1) || call.Parameters.Text(0).Length > longest)
            {
                return WrongParameter;
            }

            store(call.Parameters.Text(0));
            return Outcome.Ok;
        }),
    };

    private CommandEntry Choice(string name, string[] values, Func<string> read, Action<string> store) => new(name)
    {
        Read = Says(() => $"{name}: \"{read()}\""),
        Set = At(call =>
        {
            string value = call.Parameters.Text(0).ToUpperInvariant();
            if (!call.Parameters.Takes(1, 1) || !values.Contains(value))
            {
                return WrongParameter;
            }

            store(value);
            return Outcome.Ok;
        }),
    };

    private Outcome SetOffset(CommandCall call)
    {
        if (!call.Parameters.Takes(1, 1)
            || !long.TryParse(call.Parameters.Text(0), NumberStyles.None, CultureInfo.InvariantCulture, out long offset))
        {
            return WrongParameter;
        }

        Server.Offset = offset;
        return Outcome.Ok;
    }

    // AT+FTPGET=1 begins, AT+FTPGET=2,<most> reads.
    private Outcome Receive(CommandCall call, string name, string command)
    {
        AtParameters given = call.Parameters;
        if (given.Takes(1, 1) && given.Text(0) == "1")
        {
            return CanBegin ? Outcome.OkThen(() => Client.Begin(name, command)) : WrongState;
        }

        if (!given.Takes(2, 2) || given.Text(0) != "2" || !given.Number(1, 1, LargestGet, out int most))
        {
            return WrongParameter;
        }

        if (Client.Transfer != name)
        {
            return WrongState;
        }

        byte[] bytes = Client.Read(most);
        Respond.Line(WireText.Format($"+{name}: 2,{Host.Faults.AnnouncedLength(bytes.Length)}"));
        Respond.Answer(bytes);
        return Outcome.OkThen(Client.Advance);
    }

    // AT+FTPPUT=1 begins, AT+FTPPUT=2,<length> sends a piece, AT+FTPPUT=2,0 ends.
    private Outcome Put(CommandCall call)
    {
        AtParameters given = call.Parameters;
        if (given.Takes(1, 1) && given.Text(0) == "1")
        {
            return CanBegin
                ? Outcome.OkThen(() => Client.Begin("FTPPUT", $"{Server.PutOption} {Server.PutPath}{Server.PutName}"))
                : WrongState;
        }

        if (!given.Takes(2, 2) || given.Text(0) != "2" || !given.Number(1, 0, FtpClient.LargestPut, out int length))
        {
            return WrongParameter;
        }

        if (!Client.Takes)
        {
            return WrongState;
        }

        if (length == 0)
        {
            return Outcome.OkThen(Client.EndPut);
        }

        Respond.Line(WireText.Format($"+FTPPUT: 2,{length}"));
        var piece = new byte[length];
        _module.Input.Collect(new SendPhase(piece, length, _ => _module.End(Outcome.OkThen(() => Client.Write(piece)))));
        return Outcome.Said;
    }

    private Outcome Ask(string command, Action<int, FtpReply> answered) =>
        CanBegin ? Outcome.OkThen(() => Client.Ask(command, answered)) : WrongState;

    // +FTPDELE: 1,<result>
    private Action<int, FtpReply> Says(string name) => (result, _) => Respond.Urc($"+{name}: 1,{result}");

    // +FTPSIZE: 1,<result>,<size>
    private void SaySize(int result, FtpReply reply) =>
        Respond.Urc($"+FTPSIZE: 1,{result},{(result == FtpResult.Finished ? reply.Text.Trim() : "0")}");
}
