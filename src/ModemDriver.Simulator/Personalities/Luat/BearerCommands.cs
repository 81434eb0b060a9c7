using ModemDriver.Simulator.Personalities.Cellular;
using ModemDriver.Simulator.Wire;

namespace ModemDriver.Simulator.Personalities.Luat;

/// <summary>AT+SAPBR: bearers for the module's own services, beside its stack.</summary>
internal sealed class BearerCommands(LuatModule module) : CommandGroup(module)
{
    private const int Open = 1;
    private const int Closed = 3;
    private const int MaxText = 50;

    private static readonly string[] Tags = ["CONTYPE", "APN", "USER", "PWD"];

    private readonly LuatModule _module = module;

    internal override IEnumerable<CommandEntry> Entries => [new("+SAPBR") { Set = ControlAsync }];

    // AT+SAPBR=<0 close, 1 open, 2 ask, 3 set, 4 get>,<1 to 3>[,<tag>,<value>]
    private async ValueTask<Outcome> ControlAsync(CommandCall call)
    {
        AtParameters given = call.Parameters;
        if (!given.Takes(2, 4) || !given.Number(0, 0, 4, out int what) || !given.Number(1, 1, 3, out int number)
            || (what == 3) != (given.Count == 4))
        {
            return WrongParameter;
        }

        Bearer bearer = _module.Bearers[number - 1];
        return what switch
        {
            0 => Close(bearer),
            1 => await OpenAsync(bearer, call.Life),
            2 => Ask(bearer, number),
            3 => Set(bearer, given),
            _ => Get(bearer),
        };
    }

    private Outcome Close(Bearer bearer)
    {
        bool wasOpen = bearer.IsOpen;
        bearer.IsOpen = false;
        return wasOpen ? Outcome.Ok : WrongState;
    }

    private async ValueTask<Outcome> OpenAsync(Bearer bearer, CancellationToken life)
    {
        if (bearer.IsOpen)
        {
            return WrongState;
        }

        await Host.Clock.WaitAsync(Timings.Activate, life);
        life.ThrowIfCancellationRequested();
        string apn = bearer["APN"];
        bool isUp = _module.Packet.Flows && _module.Packet.Default.Address is not null
            && Host.Options.World.Mobile.AcceptsContexts
            && _module.Radio.Operator?.Accepts(apn, bearer["USER"], bearer["PWD"]) == true;
        bearer.IsOpen = isUp;
        return isUp ? Outcome.Ok : WrongState;
    }

    // +SAPBR: <number>,<state>,"<address>"
    private Outcome Ask(Bearer bearer, int number)
    {
        string address = bearer.IsOpen ? _module.Packet.Default.Address?.ToString() ?? "0.0.0.0" : "0.0.0.0";
        string shown = _module.Switches[LuatSwitches.BearerAddress] == "quoted"
            ? $"\"{address}\""
            : string.Join('.', address.Split('.').Select(octet => octet.PadLeft(3, '0')));
        Respond.Line(WireText.Format($"+SAPBR: {number},{(bearer.IsOpen ? Open : Closed)},{shown}"));
        return Outcome.Ok;
    }

    private Outcome Set(Bearer bearer, AtParameters given)
    {
        string tag = given.Text(2).ToUpperInvariant();
        if (!Tags.Contains(tag) || given.Text(3).Length > MaxText)
        {
            return WrongParameter;
        }

        bearer[tag] = given.Text(3);
        return Outcome.Ok;
    }

    private Outcome Get(Bearer bearer)
    {
        Respond.Lines(Tags.Select(tag => $"{tag}: {bearer[tag]}").Prepend("+SAPBR:"));
        return Outcome.Ok;
    }
}

/// <summary>One bearer of AT+SAPBR.</summary>
internal sealed class Bearer
{
    private readonly Dictionary<string, string> _values = new(StringComparer.Ordinal);

    internal bool IsOpen { get; set; }

    internal string this[string tag]
    {
        get => _values.GetValueOrDefault(tag, "");
        set => _values[tag] = value;
    }
}
