namespace ModemDriver.Simulator.Personalities.Cellular;

/// <summary>What a command does in one of its forms.</summary>
internal delegate ValueTask<Outcome> CommandHandler(CommandCall call);

/// <summary>A command: its name behind AT, with its sign, and the forms that it has.</summary>
internal sealed record CommandEntry(string Name)
{
    internal CommandHandler? Test { get; init; }

    internal CommandHandler? Read { get; init; }

    internal CommandHandler? Set { get; init; }

    internal CommandHandler? Execute { get; init; }

    /// <summary>Whether it may be used while the module needs a PIN, or has no card.</summary>
    internal bool NeedsCard { get; init; }

    internal CommandHandler? Form(CommandForm form) => form switch
    {
        CommandForm.Test => Test,
        CommandForm.Read => Read,
        CommandForm.Set => Set,
        _ => Execute,
    };
}

/// <summary>A command that is being carried out.</summary>
/// <param name="Name">In upper case.</param>
/// <param name="Parameters">What stands behind the equals sign, or the number of a basic command.</param>
/// <param name="Life">Ends with the module's next reset.</param>
internal sealed record CommandCall(string Name, AtParameters Parameters, CancellationToken Life);

/// <summary>The commands of one firmware.</summary>
internal sealed class CommandTable
{
    private readonly Dictionary<string, CommandEntry> _entries = new(StringComparer.Ordinal);

    internal CommandTable(IEnumerable<CommandEntry> entries, IReadOnlySet<string> absent)
    {
        foreach (CommandEntry entry in entries)
        {
            if (!absent.Contains(entry.Name))
            {
                _entries.Add(entry.Name, entry);
            }
        }
    }

    internal IEnumerable<CommandEntry> Entries => _entries.Values;

    internal CommandEntry? Find(string name) => _entries.GetValueOrDefault(name);
}
