using ModemDriver.Simulator.Wire;

namespace ModemDriver.Simulator.Personalities.Cellular;

/// <summary>Commands of one chapter.</summary>
internal abstract class CommandGroup(CellularModule module)
{
    internal abstract IEnumerable<CommandEntry> Entries { get; }

    protected ModuleHost Host => module.Host;

    protected AtSettings Settings => module.Settings;

    protected AtResponder Respond => module.Respond;

    protected CellularTimings Timings => module.Host.Timings.Cellular;

    /// <summary>The parameters are not what the command takes.</summary>
    protected Outcome WrongParameter => module.WrongParameter;

    /// <summary>The command is not allowed in this state.</summary>
    protected Outcome WrongState => module.WrongState;

    /// <summary>A handler that needs no wait.</summary>
    protected static CommandHandler At(Func<CommandCall, Outcome> handler) =>
        call => ValueTask.FromResult(handler(call));

    protected static CommandHandler At(Func<Outcome> handler) => _ => ValueTask.FromResult(handler());

    /// <summary>A handler that prints one line.</summary>
    protected CommandHandler Says(Func<FormattableString> text) => At(() =>
    {
        Respond.Line(WireText.Format(text()));
        return Outcome.Ok;
    });

    /// <summary>A set command with one number.</summary>
    protected CommandHandler Takes(int least, int most, Action<int> store) => At(call =>
    {
        if (!call.Parameters.Takes(1, 1) || !call.Parameters.Number(0, least, most, out int value))
        {
            return WrongParameter;
        }

        store(value);
        return Outcome.Ok;
    });

    /// <summary>A basic command with a number, 0 when there is none.</summary>
    protected static CommandHandler Basic(int most, Action<int> store) => At(call =>
    {
        if (!call.Parameters.NumberOr(0, 0, 0, most, out int value))
        {
            return Outcome.Error;
        }

        store(value);
        return Outcome.Ok;
    });
}
