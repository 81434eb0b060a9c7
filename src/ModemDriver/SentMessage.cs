namespace ModemDriver;

/// <summary>A short message that the network has taken.</summary>
/// <param name="References">
/// The number, from 0 to 255, that the module has given to each part, in their order. A status report bears it.
/// </param>
public sealed record SentMessage(IReadOnlyList<int> References);

/// <summary>What has become of a part of a short message.</summary>
public enum MessageDelivery
{
    /// <summary>It was delivered.</summary>
    Delivered,

    /// <summary>The service centre has passed it on, and does not know whether it was delivered.</summary>
    Forwarded,

    /// <summary>It was replaced by a later one.</summary>
    Replaced,

    /// <summary>It was not delivered yet; the service centre goes on trying.</summary>
    Trying,

    /// <summary>Its validity is over; it was not delivered.</summary>
    Expired,

    /// <summary>It was not delivered, and will not be.</summary>
    Failed,
}

/// <summary>A report of the network on one part of a short message (SMS-STATUS-REPORT).</summary>
/// <param name="Reference">The number that the module had given the part.</param>
/// <param name="Recipient">Whom it was for, as the network writes it.</param>
/// <param name="Delivery">What has become of it.</param>
/// <param name="Status">The octet of the network, which says more (TS 23.040 section 9.2.3.15).</param>
/// <param name="SentAt">When the service centre got it; <see langword="null"/> where it does not say.</param>
/// <param name="DoneAt">When it was delivered or given up; <see langword="null"/> where it does not say.</param>
/// <param name="Message">
/// The message, if it was sent since the modem was opened and is among the last 256; else <see langword="null"/>.
/// </param>
public sealed record MessageStatusReport(
    int Reference,
    string Recipient,
    MessageDelivery Delivery,
    int Status,
    DateTimeOffset? SentAt,
    DateTimeOffset? DoneAt,
    SentMessage? Message)
{
    private const int ExpiredStatus = 0x46;

    /// <summary>Names no number.</summary>
    public override string ToString() => $"part {Reference}: {Delivery}";

    // TS 23.040 section 9.2.3.15: 0x00 to 0x1F done, 0x20 still trying, 0x40 given up for good, 0x60 given up.
    internal static MessageDelivery DeliveryOf(int status) => status switch
    {
        0x00 => MessageDelivery.Delivered,
        0x01 => MessageDelivery.Forwarded,
        0x02 => MessageDelivery.Replaced,
        < 0x20 => MessageDelivery.Delivered,
        < 0x40 => MessageDelivery.Trying,
        ExpiredStatus => MessageDelivery.Expired,
        _ => MessageDelivery.Failed,
    };
}
