using ModemDriver.Simulator.Wire;

namespace ModemDriver.Simulator.Personalities.EspAt;

/// <summary>Commands of one chapter.</summary>
internal abstract class CommandGroup(EspAtModule module)
{
    internal abstract IEnumerable<CommandEntry> Entries { get; }

    protected EspAtModule Module => module;

    protected VolatileSettings Settings => module.Settings;

    protected StoredSettings Current => module.Settings.Current;

    /// <summary>Whether the mode has the station in it.</summary>
    protected bool IsStation => (Current.WiFiMode & 1) != 0;

    protected Responder Respond => module.Respond;

    protected WireForms Forms => module.Forms;

    protected ModuleHost Host => module.Host;

    /// <summary>A handler that needs no wait.</summary>
    protected static CommandHandler At(Func<CommandCall, Outcome> handler) => call => ValueTask.FromResult(handler(call));

    /// <summary>A handler that prints one line, or a part of one, and OK.</summary>
    protected CommandHandler Says(Func<CommandCall, FormattableString> text) => At(call =>
    {
        Respond.Answer(WireText.Format(text(call)));
        return Outcome.Ok;
    });

    /// <summary>A set command with one number.</summary>
    protected static CommandHandler Takes(int least, Func<int> most, Action<CommandCall, int> store) => At(call =>
    {
        Parameters given = call.Parameters;
        if (!given.Takes(1, 1) || !given.Number(0, least, most(), out int value))
        {
            return given.Refusal;
        }

        store(call, value);
        return Outcome.Ok;
    });

    /// <summary>What a query is about: the flash, for a name with _DEF, else what is in force.</summary>
    protected StoredSettings Scope(CommandCall call) =>
        call.Name.EndsWith("_DEF", StringComparison.Ordinal) ? module.Stored : Current;

    /// <summary>Changes a setting in force and, where the call says so, in the flash.</summary>
    protected void Set(CommandCall call, Action<StoredSettings> change)
    {
        change(Current);
        if (call.Stores)
        {
            change(module.Stored);
        }
    }
}
