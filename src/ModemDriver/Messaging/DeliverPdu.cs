namespace ModemDriver.Messaging;

/// <summary>A message from the network (SMS-DELIVER).</summary>
/// <param name="ServiceCentre">The centre that passed it on.</param>
/// <param name="Sender">The number or the name of the sender.</param>
/// <param name="SentAt">When the centre got it; null where its stamp is none.</param>
/// <param name="ProtocolId">The protocol identifier; 0 for a plain message.</param>
/// <param name="Data">Header and text.</param>
/// <remarks>TS 23.040 section 9.2.2.1.</remarks>
internal sealed record DeliverPdu(
    string? ServiceCentre, string Sender, DateTimeOffset? SentAt, byte ProtocolId, UserData Data)
    : MessagePdu(ServiceCentre)
{
    private const int NoMoreMessages = 0x04;

    /// <summary>Reads what follows the first octet: OA, PID, DCS, SCTS, UDL, UD.</summary>
    /// <exception cref="PduException">It is no message.</exception>
    public static DeliverPdu Read(ref PduReader reader, string? centre, byte first)
    {
        var sender = PduAddress.Read(ref reader, "sender");
        var protocol = reader.ReadOctet("protocol identifier");
        var coding = new DataCoding(reader.ReadOctet("data coding scheme"));
        var sentAt = PduTime.Read(ref reader, "time stamp");
        var data = UserData.Read(ref reader, coding, (first & HeaderBit) != 0);
        return new(centre, sender, sentAt, protocol, data);
    }

    /// <inheritdoc/>
    protected override void WriteTpdu(List<byte> destination)
    {
        destination.Add((byte)(NoMoreMessages | (Data.Header.Length > 0 ? HeaderBit : 0)));
        PduAddress.Write(destination, Sender);
        destination.Add(ProtocolId);
        destination.Add(Data.Coding.Value);
        PduTime.Write(destination, SentAt ?? DateTimeOffset.UnixEpoch);
        Data.Write(destination);
    }
}
