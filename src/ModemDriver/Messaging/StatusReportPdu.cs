namespace ModemDriver.Messaging;

/// <summary>What has become of a message that was sent (SMS-STATUS-REPORT).</summary>
/// <param name="ServiceCentre">The centre that reports.</param>
/// <param name="Reference">The reference that the module gave the message.</param>
/// <param name="Recipient">Whom the message was for.</param>
/// <param name="SentAt">When the centre got the message; null where its stamp is none.</param>
/// <param name="DoneAt">When it was delivered or given up; null where its stamp is none.</param>
/// <param name="Status">The octet of its fate.</param>
/// <remarks>
/// TS 23.040 sections 9.2.2.3 and 9.2.3.15. What may follow the status repeats the message, and is not read.
/// </remarks>
internal sealed record StatusReportPdu(
    string? ServiceCentre, byte Reference, string Recipient, DateTimeOffset? SentAt, DateTimeOffset? DoneAt, byte Status)
    : MessagePdu(ServiceCentre)
{
    private const int Type = 0x02;
    private const int NoMoreMessages = 0x04;

    /// <summary>Reads what follows the first octet: MR, RA, SCTS, DT, ST.</summary>
    /// <exception cref="PduException">It is no report.</exception>
    public static StatusReportPdu Read(ref PduReader reader, string? centre, byte first)
    {
        _ = first;
        var reference = reader.ReadOctet("reference");
        var recipient = PduAddress.Read(ref reader, "recipient");
        var sentAt = PduTime.Read(ref reader, "time stamp");
        var doneAt = PduTime.Read(ref reader, "time of discharge");
        return new(centre, reference, recipient, sentAt, doneAt, reader.ReadOctet("status"));
    }

    /// <inheritdoc/>
    protected override void WriteTpdu(List<byte> destination)
    {
        destination.Add(Type | NoMoreMessages);
        destination.Add(Reference);
        PduAddress.Write(destination, Recipient);
        PduTime.Write(destination, SentAt ?? DateTimeOffset.UnixEpoch);
        PduTime.Write(destination, DoneAt ?? DateTimeOffset.UnixEpoch);
        destination.Add(Status);
    }
}
