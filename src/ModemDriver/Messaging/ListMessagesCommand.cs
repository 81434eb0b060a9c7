using ModemDriver.Commands;
using ModemDriver.Framing;

namespace ModemDriver.Messaging;

/// <summary>A message in a store, as the module gave it.</summary>
/// <param name="Index">Its place.</param>
/// <param name="Status">What it is.</param>
/// <param name="Octets">Service centre and TPDU, or the lines of a text; null if they were no octets.</param>
internal sealed record StoredPdu(int Index, StoredMessageStatus Status, byte[]? Octets)
{
    /// <summary>The message, where it was not read from octets.</summary>
    public MessagePdu? Text { get; init; }

    /// <summary>Whether it was given as a text.</summary>
    public bool IsText { get; init; }

    /// <summary>The message.</summary>
    /// <exception cref="PduException">It is none.</exception>
    public MessagePdu Read() => Text ?? (IsText ? throw new PduException("its fields are not those of a message") : MessagePdu.Read(Octets ?? []));
}

/// <summary><c>AT+CMGL</c> and <c>AT+CMGR</c>.</summary>
internal abstract class ListMessagesCommand(CommandLine line, TimeSpan timeLimit) : AtCommand(line, timeLimit)
{
    // More than any store holds; a flood beyond it is a fault of the module, and not worth the memory.
    private protected const int MaxMessages = 1024;

    /// <summary>What is there, in the order of the module.</summary>
    public abstract IReadOnlyList<StoredPdu> Messages { get; }
}

/// <summary><c>AT+CMGL</c> and <c>AT+CMGR</c> in PDU mode: a head for each message, then a line of its octets.</summary>
/// <param name="line">The command.</param>
/// <param name="timeLimit">How long it may take.</param>
/// <param name="name">The prefix of the heads.</param>
/// <param name="index">The place that was asked for, whose head does not repeat it; null for a list.</param>
/// <remarks>TS 27.005 sections 4.1 and 4.2.</remarks>
internal sealed class ListOctetsCommand(CommandLine line, TimeSpan timeLimit, string name, int? index)
    : ListMessagesCommand(line, timeLimit)
{
    private readonly List<StoredPdu> _messages = [];
    private readonly byte[] _name = System.Text.Encoding.ASCII.GetBytes(name + ":");
    private StoredPdu? _head;

    /// <inheritdoc/>
    public override IReadOnlyList<StoredPdu> Messages => _messages;

    /// <inheritdoc/>
    public override bool OnLine(ReadOnlySpan<byte> line)
    {
        if (line.StartsWith(_name))
        {
            TakeHead(line[_name.Length..]);
            return true;
        }

        if (_head is not { } head || !char.IsAsciiHexDigit((char)line[0]))
        {
            return false;
        }

        _head = null;
        if (_messages.Count < MaxMessages)
        {
            _messages.Add(head with { Octets = OctetsOf(line) });
        }

        return true;
    }

    // +CMGL: <index>,<stat>,[<alpha>],<length>      +CMGR: <stat>,[<alpha>],<length>
    // The field of the name is missing on some modules, and a blank instead of a line end before the octets on others.
    private void TakeHead(ReadOnlySpan<byte> fields)
    {
        var reader = new FieldReader(fields);
        var place = index ?? -1;
        if ((index is null && !reader.TryReadInt(out place)) || !reader.TryReadInt(out var status) || status is < 0 or > 3)
        {
            _head = null;
            return;
        }

        _head = new StoredPdu(place, (StoredMessageStatus)status, null);
        var rest = reader.Rest.TrimEnd((byte)' ');
        if (rest.LastIndexOf((byte)' ') is var blank and > 0 && rest[(blank + 1)..].Length >= MinDigits)
        {
            OnLine(rest[(blank + 1)..]);
        }
    }

    private const int MinDigits = 20;

    private static byte[]? OctetsOf(ReadOnlySpan<byte> line)
    {
        try
        {
            return PduReader.FromHex(line);
        }
        catch (PduException)
        {
            return null; // Told as a message that cannot be read.
        }
    }
}
