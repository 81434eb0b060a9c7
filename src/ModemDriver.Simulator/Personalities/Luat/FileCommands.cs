using ModemDriver.Simulator.Personalities.Cellular;
using ModemDriver.Simulator.Wire;

namespace ModemDriver.Simulator.Personalities.Luat;

/// <summary>Files: certificates and keys above all.</summary>
internal sealed class FileCommands(LuatModule module) : CommandGroup(module)
{
    private const int MaxName = 64;
    private const int LargestWrite = 10_240;

    private readonly LuatModule _module = module;
    private int _writes;

    internal override IEnumerable<CommandEntry> Entries =>
    [
        new("+FSCREATE") { Set = At(Create) },
        new("+FSWRITE") { Set = At(Write) },
        new("+FSREAD") { Set = At(Read) },
        new("+FSFLSIZE") { Set = At(ReadSize) },
        new("+FSDEL") { Set = At(Delete) },
        new("+FSLS") { Set = At(List), Execute = At(List) },
        new("+FSMEM") { Execute = Says(() => $"+FSMEM: {Files.Free} bytes") },
    ];

    private FileStore Files => _module.Files;

    private Outcome NoFile => Outcome.Cme(_module.Switches[LuatSwitches.MissingFile] == "100" ? 100 : 62);

    private Outcome Create(CommandCall call)
    {
        if (!call.Parameters.Takes(1, 1) || !call.Parameters.Text(0, MaxName, out string name) || name.Length == 0)
        {
            return WrongParameter;
        }

        return Files.TryCreate(name) ? Outcome.Ok : Outcome.Error;
    }

    // AT+FSWRITE=<name>,<0 anew, 1 append>,<length>,<seconds>
    private Outcome Write(CommandCall call)
    {
        AtParameters given = call.Parameters;
        if (!given.Takes(4, 4) || !given.Text(0, MaxName, out string name) || !given.Number(1, 0, 1, out int appends)
            || !given.Number(2, 1, LargestWrite, out int length) || !given.Number(3, 1, 60, out int seconds))
        {
            return WrongParameter;
        }

        if (Files.Find(name) is null)
        {
            return NoFile;
        }

        if (length > Files.Free)
        {
            return Outcome.Error;
        }

        Respond.Answer(_module.Switches[LuatSwitches.FilePrompt] switch
        {
            "blank" => "\r\n> ",
            "line" => "\r\n>\r\n",
            _ => "\r\n>",
        });
        var buffer = new byte[length];
        int write = ++_writes;
        _module.Input.Collect(new SendPhase(buffer, length, _ =>
        {
            _writes++;
            Files.Write(name, buffer, appends == 1);
            _module.End(Outcome.Ok);
        }));
        Host.Loop.StartHere(() => ExpireAsync(write, TimeSpan.FromSeconds(seconds), call.Life));
        return Outcome.Said;
    }

    /// <summary>Input that takes too long is given up.</summary>
    private async Task ExpireAsync(int write, TimeSpan limit, CancellationToken life)
    {
        await Host.Clock.WaitAsync(limit, life);
        life.ThrowIfCancellationRequested();
        if (write == _writes)
        {
            _writes++;
            _module.Input.Busy();
            _module.End(Outcome.Final("TimeOut"));
        }
    }

    // AT+FSREAD=<name>,<0 from the start, 1 from a place>,<length>,<place>
    private Outcome Read(CommandCall call)
    {
        AtParameters given = call.Parameters;
        if (!given.Takes(3, 4) || !given.Text(0, MaxName, out string name) || !given.Number(1, 0, 1, out int isPlaced)
            || !given.Number(2, 1, LargestWrite, out int length) || !given.NumberOr(3, 0, 0, int.MaxValue, out int place))
        {
            return WrongParameter;
        }

        if (Files.Find(name) is not byte[] file)
        {
            return NoFile;
        }

        int start = Math.Min(file.Length, isPlaced == 1 ? place : 0);
        Respond.Line(WireText.Latin1.GetString(file.AsSpan(start, Math.Min(length, file.Length - start))));
        return Outcome.Ok;
    }

    private Outcome ReadSize(CommandCall call)
    {
        if (Files.Find(call.Parameters.Text(0)) is not byte[] file)
        {
            return NoFile;
        }

        Respond.Line(WireText.Format($"+FSFLSIZE: {file.Length}"));
        return Outcome.Ok;
    }

    private Outcome Delete(CommandCall call) => Files.Remove(call.Parameters.Text(0)) ? Outcome.Ok : NoFile;

    private Outcome List(CommandCall call)
    {
        if (call.Parameters.Text(0) is not ("" or "/"))
        {
            return NoFile;
        }

        Respond.Lines(Files.Names);
        return Outcome.Ok;
    }
}
