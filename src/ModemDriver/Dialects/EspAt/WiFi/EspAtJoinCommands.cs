using System.Text;
using ModemDriver.Framing;
using ModemDriver.WiFi;

namespace ModemDriver.Dialects.EspAt.WiFi;

/// <summary><c>AT+CWJAP="ssid","password"</c></summary>
internal sealed class EspAtJoinCommand(CommandLine line, TimeSpan timeLimit) : JoinCommand(line, timeLimit)
{
    // +CWJAP:<n>      1 timeout, 2 wrong password, 3 not found, 4 failed; a hint, wrong at times (esp-at issue 804)
    /// <inheritdoc/>
    public override bool OnLine(ReadOnlySpan<byte> line)
    {
        if (!EspAtFields.TryStrip(line, "+CWJAP"u8, out var fields) || !FieldReader.TryParse(fields, out var code))
        {
            return false;
        }

        Failure = code switch
        {
            1 => NetworkJoinFailure.TimedOut,
            2 => NetworkJoinFailure.WrongPassword,
            3 => NetworkJoinFailure.AccessPointNotFound,
            4 => NetworkJoinFailure.ConnectionFailed,
            _ => NetworkJoinFailure.Unknown,
        };
        return true;
    }
}

/// <summary><c>AT+CWJAP?</c></summary>
internal sealed class EspAtReadAccessPointCommand(CommandLine line, TimeSpan timeLimit)
    : ReadAccessPointCommand(line, timeLimit)
{
    /// <inheritdoc/>
    public override bool OnLine(ReadOnlySpan<byte> line)
    {
        if (line.SequenceEqual("No AP"u8))
        {
            return true;
        }

        var colon = line.IndexOf((byte)':');
        if (colon < 0 || !line.StartsWith("+CWJAP"u8))
        {
            return false;
        }

        AccessPoint = Read(line[(colon + 1)..]);
        return true;
    }

    // "<ssid>","<bssid>",<channel>,<rssi>[,more numbers, by version]
    // Names are not escaped (esp-at issue 290), so they are read from the right: the last quoted field is the hardware
    // address, and what stands before it, within its own quotes, is the name, whatever it holds.
    private static AccessPointInfo? Read(ReadOnlySpan<byte> fields)
    {
        var close = fields.LastIndexOf((byte)'"');
        if (close < 1 || fields[0] != '"')
        {
            return null;
        }

        var open = fields[..close].LastIndexOf((byte)'"');
        if (open < 3)
        {
            return null;
        }

        var numbers = new FieldReader(fields[(close + 1)..].TrimStart((byte)','));
        int? channel = numbers.TryReadInt(out var first) ? first : null;
        int? rssi = numbers.TryReadInt(out var second) ? second : null;
        return new AccessPointInfo(
            Encoding.UTF8.GetString(fields[1..(open - 2)]),
            AtText.Latin1(fields[(open + 1)..close]),
            channel,
            rssi);
    }
}

/// <summary><c>AT+CIFSR</c></summary>
internal sealed class EspAtReadAddressesCommand(CommandLine line, TimeSpan timeLimit)
    : ReadAddressesCommand(line, timeLimit)
{
    // +CIFSR:STAIP,"<ip>"      +CIFSR:STAMAC,"<mac>"      and the same with AP for the module's own access point
    /// <inheritdoc/>
    public override bool OnLine(ReadOnlySpan<byte> line)
    {
        if (!line.StartsWith("+CIFSR:"u8))
        {
            return false;
        }

        var reader = new FieldReader(line["+CIFSR:".Length..]);
        if (reader.TryRead(out var name) && reader.TryRead(out var value))
        {
            var text = AtText.Latin1(value);
            if (name.SequenceEqual("STAIP"u8))
            {
                Addresses = Addresses with { Address = EspAtFields.AddressOf(value) };
            }
            else if (name.SequenceEqual("STAMAC"u8))
            {
                Addresses = Addresses with { HardwareAddress = text };
            }
            else if (name.SequenceEqual("APIP"u8))
            {
                SoftAp = SoftAp with { Address = EspAtFields.AddressOf(value) };
            }
            else if (name.SequenceEqual("APMAC"u8))
            {
                SoftAp = SoftAp with { HardwareAddress = text };
            }
        }

        return true;
    }
}
