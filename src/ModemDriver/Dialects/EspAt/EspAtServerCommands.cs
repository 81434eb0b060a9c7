using ModemDriver.Commands;
using ModemDriver.Framing;
using ModemDriver.Links;

namespace ModemDriver.Dialects.EspAt;

/// <summary>The server of AT firmware. ESP-AT user guide, TCP/IP AT Commands; it needs <c>AT+CIPMUX=1</c>.</summary>
internal sealed class EspAtServerCommands(EspAtFirmware firmware) : IServerCommands
{
    private static readonly TimeSpan SettingLimit = TimeSpan.FromSeconds(3);

    private readonly bool _isNonOs = firmware.Generation == EspAtGeneration.NonOs;

    /// <inheritdoc/>
    public AskSettingCommand? AskOrigin() =>
        _isNonOs && !firmware.IsAtLeast(1, 7) ? null : new EspAtAskMessagesCommand(_isNonOs, SettingLimit);

    /// <inheritdoc/>
    public AtCommand SetMaxLinks(int count) =>
        new EspAtServerSettingCommand(NewLine("AT+CIPSERVERMAXCONN=").Number(count).Build(), SettingLimit);

    /// <inheritdoc/>
    public AtCommand Start(int port) =>
        new EspAtServerSettingCommand(NewLine("AT+CIPSERVER=").Number(1).Number(port).Build(), SettingLimit);

    /// <inheritdoc/>
    public AtCommand SetIdleTimeout(int seconds) =>
        new EspAtServerSettingCommand(NewLine("AT+CIPSTO=").Number(seconds).Build(), SettingLimit);

    /// <inheritdoc/>
    public AtCommand Stop() => new SimpleCommand("AT+CIPSERVER=0", SettingLimit);

    private static CommandLineBuilder NewLine(string command) =>
        new(command, QuotingRule.Backslash, EspAtDialect.MaxCommandLine);
}

/// <summary>
/// <c>AT+SYSMSG?</c>: whether a connection is told with its side and its peer (<c>+LINK_CONN</c>), bit 1.
/// </summary>
/// <remarks>
/// ESP-AT keeps the setting in its flash, so it is written only when the bit is missing, and the other bits are kept.
/// NonOS from 1.7 has a form that is forgotten at the next start; some of it may not be asked.
/// </remarks>
internal sealed class EspAtAskMessagesCommand(bool isNonOs, TimeSpan timeLimit)
    : AskSettingCommand(CommandLineBuilder.Raw(isNonOs ? "AT+SYSMSG_CUR?" : "AT+SYSMSG?"), timeLimit)
{
    private const int TellsConnections = 2;

    private int? _bits;

    // What cannot be read is not written over in the flash: the other bits may be of use to somebody. The form that is
    // forgotten at the next start can be told without having been asked.
    /// <inheritdoc/>
    public override AtCommand? Change =>
        _bits is null && !isNonOs || _bits is { } bits && (bits & TellsConnections) != 0
            ? null
            : new SimpleCommand(
                new CommandLineBuilder(isNonOs ? "AT+SYSMSG_CUR=" : "AT+SYSMSG=")
                    .Number((_bits ?? 0) | TellsConnections)
                    .Build(),
                TimeLimit);

    /// <inheritdoc/>
    public override bool IsKnown => _bits is not null || isNonOs;

    // +SYSMSG:<bits>      +SYSMSG_CUR:<bits>
    /// <inheritdoc/>
    public override bool OnLine(ReadOnlySpan<byte> line)
    {
        var prefix = isNonOs ? "+SYSMSG_CUR:"u8 : "+SYSMSG:"u8;
        if (!line.StartsWith(prefix))
        {
            return false;
        }

        _bits = FieldReader.TryParse(line[prefix.Length..], out var bits) ? bits : null;
        return true;
    }
}

/// <summary>A setting of the server, and the words with which it is refused or found needless.</summary>
internal sealed class EspAtServerSettingCommand(CommandLine line, TimeSpan timeLimit) : AtCommand(line, timeLimit)
{
    private readonly List<string> _remarks = [];

    /// <inheritdoc/>
    public override IReadOnlyList<string> Remarks => _remarks;

    // Have <n> Connections      no change      not change      MUX=0      Server has started
    /// <inheritdoc/>
    public override bool OnLine(ReadOnlySpan<byte> line)
    {
        var isOurs = (line.StartsWith("Have "u8) && line.EndsWith(" Connections"u8))
            || line.SequenceEqual("no change"u8) || line.SequenceEqual("not change"u8)
            || line.SequenceEqual("MUX=0"u8) || line.SequenceEqual("Server has started"u8);
        if (isOurs)
        {
            _remarks.Add(AtText.Latin1(line));
        }

        return isOurs;
    }
}
