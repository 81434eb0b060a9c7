namespace ModemDriver.Simulator.Messages;

/// <summary>A message on its way to the centre (SMS-SUBMIT, 3GPP TS 23.040 clause 9.2.2.2).</summary>
/// <param name="First">The first octet.</param>
/// <param name="Reference">The number that a status report will name.</param>
/// <param name="To">Whom it is for.</param>
/// <param name="Protocol">The protocol identifier.</param>
/// <param name="Validity">How long the centre keeps it.</param>
/// <param name="Data">What it carries.</param>
internal sealed record SubmitTpdu(
    byte First, byte Reference, MessageAddress To, byte Protocol, TimeSpan Validity, UserData Data)
{
    internal const byte Submit = 1;
    internal const byte HasHeader = 0x40;
    internal const byte ReportBit = 0x20;

    /// <summary>What a centre does without a word on it.</summary>
    private static readonly TimeSpan UsualValidity = TimeSpan.FromDays(2);

    internal bool WantsReport => (First & ReportBit) != 0;

    /// <summary>Reads one; <see langword="null"/> when it is none, or not well formed.</summary>
    internal static SubmitTpdu? Read(ReadOnlySpan<byte> from, DateTime now)
    {
        if (from.Length < 4 || (from[0] & 3) != Submit)
        {
            return null;
        }

        byte first = from[0];
        int used = MessageAddress.Read(from[2..], out MessageAddress to);
        int period = (first & 0x18) switch { 0 => 0, 0x10 => 1, _ => 7 };
        int head = 2 + used + 2 + period + 1;
        if (used == 0 || from.Length < head)
        {
            return null;
        }

        ReadOnlySpan<byte> rest = from[(2 + used)..];
        var data = new UserData(rest[1], from[head - 1], from[head..].ToArray(), (first & HasHeader) != 0);
        return data.IsSound
            ? new SubmitTpdu(first, from[1], to, rest[0], ReadValidity(rest.Slice(2, period), (first & 0x18) == 0x18, now), data)
            : null;
    }

    // Relative: one octet. Absolute: a time stamp. Enhanced: kept as if nothing were said.
    private static TimeSpan ReadValidity(ReadOnlySpan<byte> period, bool isAbsolute, DateTime now)
    {
        if (period.Length == 1)
        {
            return Relative(period[0]);
        }

        return isAbsolute && TimeStamp.Read(period) is DateTime end ? end - now : UsualValidity;
    }

    internal static TimeSpan Relative(int value) => value switch
    {
        <= 143 => TimeSpan.FromMinutes(5 * (value + 1)),
        <= 167 => TimeSpan.FromHours(12) + TimeSpan.FromMinutes(30 * (value - 143)),
        <= 196 => TimeSpan.FromDays(value - 166),
        _ => TimeSpan.FromDays(7 * (value - 192)),
    };

    internal byte[] Write(byte? validity)
    {
        var octets = new List<byte> { First, Reference };
        To.Write(octets);
        octets.Add(Protocol);
        octets.Add(Data.Coding);
        if (validity is byte period)
        {
            octets.Add(period);
        }

        octets.Add((byte)Data.Length);
        octets.AddRange(Data.Octets);
        return [.. octets];
    }
}

/// <summary>A message on its way to a module (SMS-DELIVER, 3GPP TS 23.040 clause 9.2.2.1).</summary>
/// <param name="First">The first octet.</param>
/// <param name="From">Who sent it.</param>
/// <param name="Protocol">The protocol identifier.</param>
/// <param name="Stamp">When the centre got it.</param>
/// <param name="Data">What it carries.</param>
internal sealed record DeliverTpdu(byte First, MessageAddress From, byte Protocol, byte[] Stamp, UserData Data)
{
    private const byte NoMore = 4;
    private const byte ReportComes = 0x20;

    internal static byte[] Write(MessageAddress from, byte protocol, byte[] stamp, UserData data, bool reports)
    {
        byte first = (byte)(NoMore | (data.HasHeader ? SubmitTpdu.HasHeader : 0) | (reports ? ReportComes : 0));
        var octets = new List<byte> { first };
        from.Write(octets);
        octets.Add(protocol);
        octets.Add(data.Coding);
        octets.AddRange(stamp);
        octets.Add((byte)data.Length);
        octets.AddRange(data.Octets);
        return [.. octets];
    }

    /// <summary>Reads one; <see langword="null"/> when it is none, or not well formed.</summary>
    internal static DeliverTpdu? Read(ReadOnlySpan<byte> from)
    {
        if (from.IsEmpty || (from[0] & 3) != 0)
        {
            return null;
        }

        int used = MessageAddress.Read(from[1..], out MessageAddress sender);
        int head = 1 + used + 2 + TimeStamp.Length + 1;
        if (used == 0 || from.Length < head)
        {
            return null;
        }

        ReadOnlySpan<byte> rest = from[(1 + used)..];
        bool hasHeader = (from[0] & SubmitTpdu.HasHeader) != 0;
        var data = new UserData(rest[1], from[head - 1], from[head..].ToArray(), hasHeader);
        return data.IsSound
            ? new DeliverTpdu(from[0], sender, rest[0], rest.Slice(2, TimeStamp.Length).ToArray(), data)
            : null;
    }
}

/// <summary>What became of a message (SMS-STATUS-REPORT, 3GPP TS 23.040 clause 9.2.2.3).</summary>
/// <param name="First">The first octet.</param>
/// <param name="Reference">Of the message.</param>
/// <param name="To">Whom the message was for.</param>
/// <param name="Stamp">When the centre got it.</param>
/// <param name="Ended">When it ended so.</param>
/// <param name="Status">0 delivered; 0x46 it had become too old.</param>
internal sealed record ReportTpdu(
    byte First, byte Reference, MessageAddress To, byte[] Stamp, byte[] Ended, byte Status)
{
    internal const byte Delivered = 0;
    internal const byte Expired = 0x46;

    internal static byte[] Write(byte reference, MessageAddress to, byte[] stamp, byte[] ended, byte status)
    {
        var octets = new List<byte> { 6, reference };
        to.Write(octets);
        octets.AddRange(stamp);
        octets.AddRange(ended);
        octets.Add(status);
        return [.. octets];
    }

    internal static ReportTpdu? Read(ReadOnlySpan<byte> from)
    {
        if (from.Length < 2 || (from[0] & 3) != 2)
        {
            return null;
        }

        int used = MessageAddress.Read(from[2..], out MessageAddress to);
        int head = 2 + used;
        return used > 0 && from.Length > head + (2 * TimeStamp.Length)
            ? new ReportTpdu(
                from[0], from[1], to, from.Slice(head, TimeStamp.Length).ToArray(),
                from.Slice(head + TimeStamp.Length, TimeStamp.Length).ToArray(), from[head + (2 * TimeStamp.Length)])
            : null;
    }
}
