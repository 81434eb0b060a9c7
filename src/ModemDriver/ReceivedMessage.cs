using ModemDriver.Messaging;

namespace ModemDriver;

/// <summary>A short message that has come, put together from its parts.</summary>
public sealed class ReceivedMessage
{
    internal ReceivedMessage(MessageParts parts)
    {
        var first = parts.Parts[0].Pdu;
        Sender = first.Sender;
        SentAt = first.SentAt;
        ServiceCentre = first.ServiceCentre;
        Class = first.Data.Coding.Class;
        Ports = first.Data.Header.Ports;
        Text = parts.Text;
        Data = Text is null ? parts.Units : [];
        PartCount = parts.Total;
        MissingParts = parts.Total - parts.Parts.Count;
        Parts = parts;
    }

    /// <summary>The number of the sender, or its name.</summary>
    public string Sender { get; }

    /// <summary>
    /// The text. <see langword="null"/> for octets, and for what is compressed or in a scheme that is reserved. A message in
    /// a national alphabet is read by the default one.
    /// </summary>
    public string? Text { get; }

    /// <summary>The octets of a message that is no text; empty for one that is.</summary>
    public ReadOnlyMemory<byte> Data { get; }

    /// <summary>
    /// When the service centre got its first part, with the zone of the centre; <see langword="null"/> where its stamp is
    /// none.
    /// </summary>
    public DateTimeOffset? SentAt { get; }

    /// <summary>The number of the service centre; <see langword="null"/> where the module does not give it.</summary>
    public string? ServiceCentre { get; }

    /// <summary>Where it is meant to go; <see langword="null"/> where it does not say.</summary>
    public MessageClass? Class { get; }

    /// <summary>The ports of the applications; <see langword="null"/> for none.</summary>
    public MessagePorts? Ports { get; }

    /// <summary>How many parts it has, from 1 to 255.</summary>
    public int PartCount { get; }

    /// <summary>
    /// How many of them did not come in time; 0 for a whole message. The text is then that of the parts that came.
    /// </summary>
    public int MissingParts { get; }

    /// <summary>Its parts.</summary>
    internal MessageParts Parts { get; }

    /// <summary>Names neither sender nor text.</summary>
    public override string ToString() => $"a message of {PartCount} part(s)";
}
