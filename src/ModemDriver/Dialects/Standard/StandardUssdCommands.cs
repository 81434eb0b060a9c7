using ModemDriver.Cellular;
using ModemDriver.Commands;
using ModemDriver.Framing;
using ModemDriver.Messaging;

namespace ModemDriver.Dialects.Standard;

/// <summary>USSD by the standard.</summary>
/// <remarks>TS 27.007 section 7.15; coding schemes: TS 23.038 section 5.</remarks>
internal sealed class StandardUssdCommands : IUssdCommands
{
    private const int GsmScheme = 15;
    private const int Ucs2Scheme = 72;
    private const int Ucs2SchemeWithLanguage = 17;

    private static readonly TimeSpan SettingLimit = TimeSpan.FromSeconds(5);

    // Most modules say OK at once, some when the network has answered.
    private static readonly TimeSpan SendLimit = TimeSpan.FromSeconds(60);

    /// <inheritdoc/>
    public QueryCommand<string?> ReadCharacterSet() => StandardText.NewReadSet(SettingLimit);

    // AT+CUSD=1,"<text>",<coding scheme>
    /// <inheritdoc/>
    public AtCommand Send(string text, string? characterSet)
    {
        var isGsm = GsmAlphabet.TryEncode(text, out _);
        var isHex = characterSet == StandardText.Ucs2Set || !StandardText.IsPlain(text);
        return new SimpleCommand(
            new CommandLineBuilder("AT+CUSD=")
                .Number(1)
                .Text(isHex ? StandardText.ToHex(text) : text, nameof(text))
                .Number(isGsm && (characterSet == StandardText.Ucs2Set || !isHex) ? GsmScheme : Ucs2Scheme)
                .Build(),
            SendLimit);
    }

    /// <inheritdoc/>
    public AtCommand Cancel() => new SimpleCommand("AT+CUSD=2", SettingLimit);

    /// <inheritdoc/>
    public AtCommand Listen() => new SimpleCommand("AT+CUSD=1", SettingLimit);

    /// <inheritdoc/>
    public bool IsUnfinished(ReadOnlySpan<byte> line) =>
        StandardFields.TryStrip(line, "+CUSD"u8, out var fields)
        && fields.IndexOf((byte)'"') is var first and >= 0
        && !IsEndOfText(fields[first..]);

    // +CUSD: <state>[,"<text>"[,<coding scheme>]]        The text may hold quotes and line ends.
    /// <inheritdoc/>
    public UssdReply? Read(ReadOnlySpan<byte> line, string? characterSet)
    {
        if (!StandardFields.TryStrip(line, "+CUSD"u8, out var fields))
        {
            return null;
        }

        var reader = new FieldReader(fields);
        if (!reader.TryReadInt(out var state) || state is < 0 or > (int)UssdStatus.TimedOut)
        {
            return null;
        }

        var first = fields.IndexOf((byte)'"');
        var last = fields.LastIndexOf((byte)'"');
        if (last <= first)
        {
            return new UssdReply((UssdStatus)state, null);
        }

        var behind = new FieldReader(fields[(last + 1)..].TrimStart((byte)','));
        return new UssdReply(
            (UssdStatus)state,
            Decode(fields[(first + 1)..last], behind.TryReadInt(out var scheme) ? scheme : GsmScheme, characterSet));
    }

    // Behind the last quote stands the scheme, or nothing.
    private static bool IsEndOfText(ReadOnlySpan<byte> text)
    {
        var last = text.LastIndexOf((byte)'"');
        var behind = text[(last + 1)..];
        return last > 0 && (behind.IsEmpty || (behind[0] == ',' && behind[1..].Trim((byte)' ').IndexOfAnyExceptInRange((byte)'0', (byte)'9') < 0));
    }

    private static string Decode(ReadOnlySpan<byte> text, int scheme, string? characterSet)
    {
        var isUcs2 = (scheme & 0xCC) == (Ucs2Scheme & 0xCC) || scheme == Ucs2SchemeWithLanguage;
        return isUcs2 && StandardText.FromHex(text) is { } read ? read : StandardText.Decode(text, characterSet);
    }
}
