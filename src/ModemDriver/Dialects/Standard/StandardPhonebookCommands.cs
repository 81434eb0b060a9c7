using ModemDriver.Cellular;
using ModemDriver.Commands;
using ModemDriver.Framing;

namespace ModemDriver.Dialects.Standard;

/// <summary>The phonebook by the standard.</summary>
internal sealed class StandardPhonebookCommands : IPhonebookCommands
{
    private const int InternationalType = 145;
    private const int UnknownType = 129;

    private static readonly TimeSpan SettingLimit = TimeSpan.FromSeconds(5);

    // A card is slow: 250 entries take many seconds.
    private static readonly TimeSpan BookLimit = TimeSpan.FromSeconds(30);

    /// <inheritdoc/>
    public QueryCommand<string?> ReadCharacterSet() => StandardText.NewReadSet(SettingLimit);

    /// <inheritdoc/>
    public AtCommand SetCharacterSet(string name) =>
        new SimpleCommand(new CommandLineBuilder("AT+CSCS=").Text(name, nameof(name)).Build(), SettingLimit);

    /// <inheritdoc/>
    public QueryCommand<(int First, int Last)?> ReadRange() =>
        new(CommandLineBuilder.Raw("AT+CPBR=?"), BookLimit, null, TakeRange);

    /// <inheritdoc/>
    public QueryCommand<List<PhonebookEntry>> Read(int first, int last, string? characterSet) => new(
        new CommandLineBuilder("AT+CPBR=").Number(first).Number(last).Build(),
        BookLimit,
        [],
        new Taking("+CPBR", characterSet).Take);

    /// <inheritdoc/>
    public QueryCommand<List<PhonebookEntry>> Find(string text, string? characterSet) => new(
        new CommandLineBuilder("AT+CPBF=").Text(Encode(text, characterSet), nameof(text)).Build(),
        BookLimit,
        [],
        new Taking("+CPBF", characterSet).Take);

    // AT+CPBW=[<index>],"<number>",<type>,"<name>"
    /// <inheritdoc/>
    public AtCommand Write(int? index, string number, string name, string? characterSet)
    {
        var line = new CommandLineBuilder("AT+CPBW=");
        return new SimpleCommand(
            (index is { } place ? line.Number(place) : line.Empty())
                .Text(Encode(number, characterSet), nameof(number))
                .Number(number.StartsWith('+') ? InternationalType : UnknownType)
                .Text(Encode(name, characterSet), nameof(name))
                .Build(),
            BookLimit);
    }

    /// <inheritdoc/>
    public AtCommand Delete(int index) =>
        new SimpleCommand(new CommandLineBuilder("AT+CPBW=").Number(index).Build(), BookLimit);

    /// <inheritdoc/>
    public bool CanWrite(string text, string? characterSet) =>
        characterSet == StandardText.Ucs2Set || StandardText.IsPlain(text);

    private static string Encode(string text, string? characterSet) =>
        characterSet == StandardText.Ucs2Set ? StandardText.ToHex(text) : text;

    // +CPBR: (<first>-<last>),<longest number>,<longest name>
    private static bool TakeRange(ReadOnlySpan<byte> line, ref (int First, int Last)? range)
    {
        if (!StandardFields.TryStrip(line, "+CPBR"u8, out var fields))
        {
            return false;
        }

        var end = fields.IndexOf((byte)')');
        var dash = fields.IndexOf((byte)'-');
        if (fields is [(byte)'(', ..] && dash > 1 && end > dash
            && FieldReader.TryParse(fields[1..dash], out var first) && FieldReader.TryParse(fields[(dash + 1)..end], out var last))
        {
            range = (first, last);
        }

        return true;
    }

    /// <summary>Reads entries in a character set.</summary>
    private sealed class Taking(string name, string? characterSet)
    {
        private readonly byte[] _name = System.Text.Encoding.ASCII.GetBytes(name);

        // +CPBR: <index>,"<number>",<type>,"<name>"
        public bool Take(ReadOnlySpan<byte> line, ref List<PhonebookEntry> entries)
        {
            if (!StandardFields.TryStrip(line, _name, out var fields))
            {
                return false;
            }

            var reader = new FieldReader(fields);
            if (reader.TryReadInt(out var index) && reader.TryRead(out var number) && reader.TryReadInt(out var type)
                && reader.TryRead(out var text))
            {
                var read = StandardText.DecodeNumber(number, characterSet);
                entries.Add(new PhonebookEntry(
                    index,
                    type == InternationalType && !read.StartsWith('+') ? "+" + read : read,
                    StandardText.Decode(text, characterSet)));
            }

            return true;
        }
    }
}
