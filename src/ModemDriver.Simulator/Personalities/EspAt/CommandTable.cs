namespace ModemDriver.Simulator.Personalities.EspAt;

/// <summary>What a command does in one of its forms.</summary>
internal delegate ValueTask<Outcome> CommandHandler(CommandCall call);

/// <summary>A command: its name and the forms that it has.</summary>
internal sealed record CommandEntry(string Name)
{
    internal CommandHandler? Test { get; init; }

    internal CommandHandler? Read { get; init; }

    internal CommandHandler? Set { get; init; }

    internal CommandHandler? Execute { get; init; }

    internal CommandHandler? Form(CommandForm form) => form switch
    {
        CommandForm.Test => Test,
        CommandForm.Read => Read,
        CommandForm.Set => Set,
        _ => Execute,
    };
}

/// <summary>A command that is being carried out.</summary>
/// <param name="Name">As the host wrote it, with _CUR or _DEF.</param>
/// <param name="Parameters">Empty unless it is a set command.</param>
/// <param name="Stores">Whether a setting goes into the flash too.</param>
/// <param name="Life">Ends with the module's next reset.</param>
internal sealed record CommandCall(string Name, Parameters Parameters, bool Stores, CancellationToken Life);

/// <summary>The commands of one firmware.</summary>
internal sealed class CommandTable
{
    private readonly EspAtProfile _profile;
    private readonly Dictionary<string, CommandEntry> _entries = new(StringComparer.Ordinal);

    internal CommandTable(EspAtProfile profile, EspAtSwitches switches, IEnumerable<CommandEntry> entries)
    {
        _profile = profile;
        foreach (CommandEntry entry in entries)
        {
            bool isAbsent = profile.Absent.Contains(entry.Name)
                || profile.Links.Absent.Contains(entry.Name)
                || (profile.Doubtful.Contains(entry.Name) && switches[LinkSwitches.EarlyPassive] == "absent");
            if (!isAbsent)
            {
                _entries.Add(entry.Name, entry);
            }
        }
    }

    internal IEnumerable<CommandEntry> Entries => _entries.Values;

    /// <summary>Finds a command by the name that the host wrote.</summary>
    /// <param name="name">With or without _CUR or _DEF.</param>
    /// <param name="scope">What the suffix says.</param>
    internal CommandEntry? Find(string name, out SettingScope scope)
    {
        scope = SettingScope.Unsaid;
        string setting = name;
        if (name.EndsWith("_CUR", StringComparison.Ordinal) || name.EndsWith("_DEF", StringComparison.Ordinal))
        {
            setting = name[..^4];
            if (_profile.CurDefSettings.Contains(setting))
            {
                scope = name.EndsWith("_CUR", StringComparison.Ordinal) ? SettingScope.Current : SettingScope.Stored;
                return _entries.GetValueOrDefault(setting);
            }
        }

        return _profile.CurDefOnly.Contains(name) ? null : _entries.GetValueOrDefault(name);
    }
}

/// <summary>Where a setting goes.</summary>
internal enum SettingScope
{
    /// <summary>No suffix: the firmware decides.</summary>
    Unsaid,

    /// <summary>_CUR: until the next boot.</summary>
    Current,

    /// <summary>_DEF: into the flash too.</summary>
    Stored,
}
