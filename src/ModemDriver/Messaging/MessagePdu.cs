namespace ModemDriver.Messaging;

/// <summary>A message as modules store and pass it: the service centre, then the TPDU.</summary>
/// <param name="ServiceCentre">The number of the centre; null for the module's own.</param>
/// <remarks>TS 23.040 section 9.2.2, TS 27.005 section 3.1 (the centre in front).</remarks>
internal abstract record MessagePdu(string? ServiceCentre)
{
    private protected const int TypeMask = 0x03;
    private protected const int HeaderBit = 0x40;
    private const int Deliver = 0;
    private const int Submit = 1;
    private const int StatusReport = 2;

    /// <summary>Reads what a module gives out.</summary>
    /// <param name="octets">The service centre and the TPDU.</param>
    /// <exception cref="PduException">It is no message.</exception>
    public static MessagePdu Read(ReadOnlySpan<byte> octets)
    {
        var reader = new PduReader(octets);
        var centre = PduAddress.ReadServiceCentre(ref reader);
        var first = reader.ReadOctet("first octet");
        return (first & TypeMask) switch
        {
            Deliver => DeliverPdu.Read(ref reader, centre, first),
            Submit => SubmitPdu.Read(ref reader, centre, first),
            StatusReport => StatusReportPdu.Read(ref reader, centre, first),
            _ => throw new PduException("its type is reserved"),
        };
    }

    /// <summary>Writes it as octets.</summary>
    /// <param name="tpduLength">How many of them are the TPDU.</param>
    public byte[] ToOctets(out int tpduLength)
    {
        var octets = new List<byte>(180);
        PduAddress.WriteServiceCentre(octets, ServiceCentre);
        var start = octets.Count;
        WriteTpdu(octets);
        tpduLength = octets.Count - start;
        return [.. octets];
    }

    /// <summary>Writes what stands behind the service centre.</summary>
    protected abstract void WriteTpdu(List<byte> destination);
}
