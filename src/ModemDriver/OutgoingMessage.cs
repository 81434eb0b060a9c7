using ModemDriver.Messaging;

namespace ModemDriver;

/// <summary>A short message that is to be sent.</summary>
/// <param name="Recipient">
/// The number: an optional plus, then 1 to 20 digits, <c>*</c> or <c>#</c>.
/// </param>
/// <param name="Text">
/// Any text. It is sent in the GSM alphabet if that has all its characters, else in UCS-2; a long one as up to 255 parts.
/// </param>
public sealed record OutgoingMessage(string Recipient, string Text)
{
    /// <summary>Octets for an application, sent instead of <see cref="Text"/>, which is then empty. Default: none.</summary>
    public ReadOnlyMemory<byte> Data { get; init; }

    /// <summary>Where it is meant to go; <see cref="MessageClass.Flash"/> is shown at once. Default: not said.</summary>
    public MessageClass? Class { get; init; }

    /// <summary>The ports of the applications that it goes between. Default: none.</summary>
    public MessagePorts? Ports { get; init; }

    /// <summary>
    /// How long the service centre tries, above zero and at most 63 weeks; lengthened to the next step that can be sent.
    /// Default: the choice of the centre.
    /// </summary>
    public TimeSpan? Validity { get; init; }

    /// <summary>Until when the service centre tries, instead of <see cref="Validity"/>. Default: not said.</summary>
    public DateTimeOffset? ValidUntil { get; init; }

    /// <summary>
    /// Whether the network is to report what has become of it (<see cref="MessageInterface.StatusReported"/>). Default:
    /// false.
    /// </summary>
    public bool RequestsStatusReport { get; init; }

    /// <summary>The service centre that takes it. Default: the one of the module.</summary>
    public string? ServiceCentre { get; init; }

    /// <summary>
    /// Whether the parts of a long message bear a reference of 16 bits instead of 8; each is then a little shorter.
    /// Default: false.
    /// </summary>
    public bool UsesWideReference { get; init; }

    /// <summary>Names neither number nor text.</summary>
    public override string ToString() => "a message";

    /// <summary>The messages that it is sent as.</summary>
    /// <exception cref="ArgumentException">It cannot be sent.</exception>
    internal IReadOnlyList<SubmitPdu> ToPdus(int reference)
    {
        if (!PduAddress.IsDiallable(Recipient))
        {
            throw new ArgumentException("The recipient is no number that a message can be sent to.");
        }

        if (ServiceCentre is not null && !PduAddress.IsDiallable(ServiceCentre))
        {
            throw new ArgumentException("The service centre is no number.");
        }

        if (Validity is not null && ValidUntil is not null)
        {
            throw new ArgumentException("A validity is a time span or a time, not both.");
        }

        if (Validity is { } validity && (validity <= TimeSpan.Zero || validity > RelativeTime.Longest))
        {
            throw new ArgumentException("A validity is above zero and at most 63 weeks.");
        }

        if (Ports is { } ports && (ports.Destination is < 0 or > 0xFFFF || ports.Source is < 0 or > 0xFFFF))
        {
            throw new ArgumentException("A port is from 0 to 65535.");
        }

        var parts = Split(UsesWideReference ? reference & 0xFFFF : reference & 0xFF)
            ?? throw new ArgumentException($"The message needs more than {MessageSplitter.MaxParts} parts.");
        return [.. parts.Select(part => new SubmitPdu(ServiceCentre, Recipient, part)
        {
            Validity = Validity,
            ValidUntil = ValidUntil,
            WantsReport = RequestsStatusReport,
        })];
    }

    private IReadOnlyList<UserData>? Split(int reference)
    {
        ArgumentNullException.ThrowIfNull(Text);
        return Data.IsEmpty ? MessageSplitter.Split(Text, Class, Ports, reference, UsesWideReference)
            : Text.Length == 0 ? MessageSplitter.Split(Data.Span, Class, Ports, reference, UsesWideReference)
            : throw new ArgumentException("A message has a text or octets, not both.");
    }
}
