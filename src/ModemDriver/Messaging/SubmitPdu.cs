namespace ModemDriver.Messaging;

/// <summary>A message to the network (SMS-SUBMIT).</summary>
/// <param name="ServiceCentre">The centre that it is given to; null for the module's own.</param>
/// <param name="Recipient">The number of the receiver.</param>
/// <param name="Data">Header and text.</param>
/// <remarks>TS 23.040 section 9.2.2.2.</remarks>
internal sealed record SubmitPdu(string? ServiceCentre, string Recipient, UserData Data) : MessagePdu(ServiceCentre)
{
    private const int Type = 0x01;
    private const int RejectDuplicatesBit = 0x04;
    private const int EnhancedValidity = 0x08;
    private const int RelativeValidity = 0x10;
    private const int AbsoluteValidity = 0x18;
    private const int ReportBit = 0x20;

    /// <summary>The reference; modules put in their own.</summary>
    public byte Reference { get; init; }

    /// <summary>Whether a status report is wanted.</summary>
    public bool WantsReport { get; init; }

    /// <summary>Whether the centre refuses a second one with the same reference to the same receiver.</summary>
    public bool RejectsDuplicates { get; init; }

    /// <summary>How long the centre keeps it; null for its own choice.</summary>
    public TimeSpan? Validity { get; init; }

    /// <summary>Until when the centre keeps it, instead of <see cref="Validity"/>.</summary>
    public DateTimeOffset? ValidUntil { get; init; }

    /// <summary>The protocol identifier; 0 for a plain message.</summary>
    public byte ProtocolId { get; init; }

    /// <summary>Reads what follows the first octet: MR, DA, PID, DCS, VP, UDL, UD.</summary>
    /// <exception cref="PduException">It is no message.</exception>
    public static SubmitPdu Read(ref PduReader reader, string? centre, byte first)
    {
        var reference = reader.ReadOctet("reference");
        var recipient = PduAddress.Read(ref reader, "recipient");
        var protocol = reader.ReadOctet("protocol identifier");
        var coding = new DataCoding(reader.ReadOctet("data coding scheme"));
        TimeSpan? validity = null;
        DateTimeOffset? until = null;
        switch (first & AbsoluteValidity)
        {
            case RelativeValidity:
                validity = RelativeTime.Read(reader.ReadOctet("validity"));
                break;
            case AbsoluteValidity:
                until = PduTime.Read(ref reader, "validity");
                break;
            case EnhancedValidity:
                reader.ReadOctets(PduTime.Length, "validity");
                break;
        }

        return new(centre, recipient, UserData.Read(ref reader, coding, (first & HeaderBit) != 0))
        {
            Reference = reference,
            ProtocolId = protocol,
            Validity = validity,
            ValidUntil = until,
            WantsReport = (first & ReportBit) != 0,
            RejectsDuplicates = (first & RejectDuplicatesBit) != 0,
        };
    }

    /// <inheritdoc/>
    protected override void WriteTpdu(List<byte> destination)
    {
        var format = ValidUntil is not null ? AbsoluteValidity : Validity is not null ? RelativeValidity : 0;
        destination.Add((byte)(Type | format
            | (WantsReport ? ReportBit : 0)
            | (RejectsDuplicates ? RejectDuplicatesBit : 0)
            | (Data.Header.Length > 0 ? HeaderBit : 0)));
        destination.Add(Reference);
        PduAddress.Write(destination, Recipient);
        destination.Add(ProtocolId);
        destination.Add(Data.Coding.Value);
        if (ValidUntil is { } until)
        {
            PduTime.Write(destination, until);
        }
        else if (Validity is { } validity)
        {
            destination.Add(RelativeTime.Write(validity));
        }

        Data.Write(destination);
    }
}
