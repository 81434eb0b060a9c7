using ModemDriver.Framing;

namespace ModemDriver.Dialects.Standard;

/// <summary>How the fields of a registration line are to be read.</summary>
internal enum RegistrationShape
{
    /// <summary>It is none.</summary>
    None,

    /// <summary>The status comes first: a URC.</summary>
    Urc,

    /// <summary>The setting comes first, then the status: the answer to a question.</summary>
    Answer,
}

/// <summary>Reads the lines of <c>+CREG</c>, <c>+CGREG</c>, <c>+CEREG</c> and <c>+C5GREG</c>.</summary>
/// <remarks>TS 27.007 sections 7.2, 10.1.20, 10.1.22 and 10.1.47.</remarks>
internal static class RegistrationLine
{
    private const int MaxFields = 9;
    private const int StatusDigits = 2;

    private static readonly (byte[] Name, RegistrationDomain Domain)[] Names =
    [
        ("+CREG"u8.ToArray(), RegistrationDomain.CircuitSwitched),
        ("+CGREG"u8.ToArray(), RegistrationDomain.Packet),
        ("+CEREG"u8.ToArray(), RegistrationDomain.Evolved),
        ("+C5GREG"u8.ToArray(), RegistrationDomain.FifthGeneration),
    ];

    // +CEREG: <n>,<stat>[,[<tac>],[<ci>],[<AcT>]...]     the answer to AT+CEREG?
    // +CEREG: <stat>[,[<tac>],[<ci>],[<AcT>]...]         the URC
    // A URC may come between AT+CEREG? and its answer, so having asked does not settle which form a line has.
    // Some modules print the answer's form as a URC, leave out the quotes, the blank, or pad with zeros.
    /// <summary>Reads a line.</summary>
    /// <param name="line">The line.</param>
    /// <param name="registration">What it says.</param>
    /// <returns>Its shape; <see cref="RegistrationShape.None"/> if it is no such line.</returns>
    public static RegistrationShape Read(ReadOnlySpan<byte> line, out CellularRegistration? registration)
    {
        registration = null;
        foreach (var (name, domain) in Names)
        {
            if (StandardFields.TryStrip(line, name, out var fields))
            {
                return ReadFields(fields, domain, out registration);
            }
        }

        return RegistrationShape.None;
    }

    private static RegistrationShape ReadFields(
        ReadOnlySpan<byte> fields, RegistrationDomain domain, out CellularRegistration? registration)
    {
        registration = null;
        Span<Range> parts = stackalloc Range[MaxFields];
        var count = Split(fields, parts);
        var shape = ShapeOf(fields, parts[..count]);
        var at = shape == RegistrationShape.Answer ? 1 : 0;
        if (!FieldReader.TryParse(fields[parts[at]], out var status))
        {
            return RegistrationShape.None;
        }

        registration = ReadPlace(fields, parts[(at + 1)..count], new CellularRegistration(StatusOf(status), domain));
        return shape;
    }

    // Commas inside quotes do not occur: the strings are hexadecimal numbers.
    private static int Split(ReadOnlySpan<byte> fields, Span<Range> parts)
    {
        var count = 0;
        var start = 0;
        for (var i = 0; i <= fields.Length && count < parts.Length; i++)
        {
            if (i == fields.Length || fields[i] == ',')
            {
                parts[count++] = new Range(start, i);
                start = i + 1;
            }
        }

        return count;
    }

    // One field is a URC; two are an answer, since a URC has no area without a cell; three are a URC with a place. From
    // four on the second field decides: a bare number of one or two digits is a status, all else an area code. An area
    // code behind it settles it for statuses that are padded with zeros.
    private static RegistrationShape ShapeOf(ReadOnlySpan<byte> fields, ReadOnlySpan<Range> parts)
    {
        if (parts.Length is 1 or 3)
        {
            return RegistrationShape.Urc;
        }

        var second = fields[parts[1]].Trim((byte)' ');
        var isNumber = !second.IsEmpty && !second.ContainsAnyExceptInRange((byte)'0', (byte)'9');
        if (parts.Length == 2)
        {
            return isNumber ? RegistrationShape.Answer : RegistrationShape.Urc;
        }

        var isThirdQuoted = fields[parts[2]].Trim((byte)' ').StartsWith("\""u8);
        var isPadded = isThirdQuoted && second.Length == StatusDigits + 1;
        return isNumber && (second.Length <= StatusDigits || isPadded)
            ? RegistrationShape.Answer
            : RegistrationShape.Urc;
    }

    // [<tac>],[<ci>],[<AcT>][,<rac>|,[<cause_type>],[<reject_cause>]...]
    // Release 8.6 has <rac> between <tac> and <ci>: then the third is no AcT, and the fourth is one.
    private static CellularRegistration ReadPlace(
        ReadOnlySpan<byte> fields, ReadOnlySpan<Range> place, CellularRegistration registration)
    {
        if (place.Length < 2)
        {
            return registration;
        }

        var hasRoutingArea = registration.Domain == RegistrationDomain.Evolved
            && place.Length >= 4
            && TechnologyOf(fields[place[2]]) is null
            && TechnologyOf(fields[place[3]]) is not null;
        var cellAt = hasRoutingArea ? 2 : 1;
        var areaCode = HexOf(fields[place[0]]);
        var cellId = HexOf(fields[place[cellAt]]);
        return registration with
        {
            // These stand for none.
            AreaCode = areaCode is null or 0 or >= 0xFFFE ? null : (int)areaCode,
            CellId = cellId is null or 0 or 0xFFFF or 0xFFFFFFF or 0xFFFFFFFF or 0xFFFFFFFFF ? null : cellId,
            Technology = place.Length > cellAt + 1 ? TechnologyOf(fields[place[cellAt + 1]]) : null,
            RejectCause = place.Length > cellAt + 3 && registration.Status == RegistrationStatus.Denied
                && FieldReader.TryParse(fields[place[cellAt + 3]], out var cause) ? cause : null,
        };
    }

    private static long? HexOf(ReadOnlySpan<byte> field) =>
        StandardFields.Hex(StandardFields.Unquote(field.Trim((byte)' ')));

    private static AccessTechnology? TechnologyOf(ReadOnlySpan<byte> field) =>
        FieldReader.TryParse(field, out var number) && Enum.IsDefined((AccessTechnology)number)
            && field.Trim((byte)' ').Length <= StatusDigits
            ? (AccessTechnology)number
            : null;

    private static RegistrationStatus StatusOf(int status) => status switch
    {
        0 => RegistrationStatus.NotRegistered,
        1 or 9 => RegistrationStatus.Home,
        2 => RegistrationStatus.Searching,
        3 => RegistrationStatus.Denied,
        5 or 10 => RegistrationStatus.Roaming,
        6 or 7 => RegistrationStatus.SmsOnly,
        8 or 11 => RegistrationStatus.EmergencyOnly,
        _ => RegistrationStatus.Unknown, // 4: out of coverage, or not known
    };
}
