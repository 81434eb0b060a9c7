using ModemDriver.Framing;

namespace ModemDriver.Dialects.EspAt.WiFi;

/// <summary>Reads what AT firmware says of its station. Line in, value out; nothing is kept.</summary>
/// <remarks>ESP-AT user guide, Wi-Fi AT Commands.</remarks>
internal static class EspAtStationAnswers
{
    // +CWSTATE:<n>,"<ssid>"      0 never tried, 1 no IPv4 address, 2 joined, 3 joining, 4 disconnected. From 2.2.
    public static bool ReadState(ReadOnlySpan<byte> line, ref WiFiState answer)
    {
        if (!EspAtFields.TryStrip(line, "+CWSTATE"u8, out var fields))
        {
            return false;
        }

        var reader = new FieldReader(fields);
        answer = reader.TryReadInt(out var code)
            ? code switch
            {
                0 or 4 => WiFiState.NotJoined,
                1 => WiFiState.WithoutAddress,
                2 => WiFiState.Joined,
                3 => WiFiState.Joining,
                _ => WiFiState.Unknown,
            }
            : WiFiState.Unknown;
        return true;
    }

    // +CIPSTA:ip:"<ip>"      +CIPSTA:gateway:"<ip>"      +CIPSTA:netmask:"<mask>"      and IPv6 lines from 2.2
    public static bool ReadConfiguration(ReadOnlySpan<byte> line, ref IPConfiguration answer)
    {
        if (!EspAtFields.TryStrip(line, "+CIPSTA"u8, out var fields))
        {
            return false;
        }

        var colon = fields.IndexOf((byte)':');
        if (colon < 0)
        {
            return true;
        }

        var name = fields[..colon];
        var reader = new FieldReader(fields[(colon + 1)..]);
        reader.TryRead(out var value);
        var address = EspAtFields.AddressOf(value);
        answer = name.SequenceEqual("ip"u8) ? answer with { Address = address }
            : name.SequenceEqual("gateway"u8) ? answer with { Gateway = address }
            : name.SequenceEqual("netmask"u8) ? answer with { Netmask = address }
            : answer;
        return true;
    }

    // +CWDHCP:<bits>      ESP-AT: bit 0 station, bit 1 SoftAP
    public static bool ReadDhcp(ReadOnlySpan<byte> line, ref bool? answer) => ReadDhcp(line, 0, ref answer);

    // +CWDHCP_CUR:<bits>      NonOS: bit 0 SoftAP, bit 1 station
    public static bool ReadNonOsDhcp(ReadOnlySpan<byte> line, ref bool? answer) => ReadDhcp(line, 1, ref answer);

    // +CWRECONNCFG:<interval in s>,<attempts>
    public static bool ReadReconnect(ReadOnlySpan<byte> line, ref WiFiReconnect? answer)
    {
        if (!EspAtFields.TryStrip(line, "+CWRECONNCFG"u8, out var fields))
        {
            return false;
        }

        var reader = new FieldReader(fields);
        answer = reader.TryReadInt(out var interval) && reader.TryReadInt(out var attempts) && interval >= 0 && attempts >= 0
            ? new WiFiReconnect(TimeSpan.FromSeconds(interval), attempts)
            : null;
        return true;
    }

    // +CWHOSTNAME:<name>      without quotes; taken with them too
    public static bool ReadHostName(ReadOnlySpan<byte> line, ref string? answer)
    {
        if (!EspAtFields.TryStrip(line, "+CWHOSTNAME"u8, out var name))
        {
            return false;
        }

        answer = AtText.Latin1(name.Trim((byte)'"'));
        return true;
    }

    // +CWCOUNTRY:<policy>,"<code>",<first channel>,<channels>      the code without quotes too
    public static bool ReadCountry(ReadOnlySpan<byte> line, ref WiFiCountry? answer)
    {
        if (!EspAtFields.TryStrip(line, "+CWCOUNTRY"u8, out var fields))
        {
            return false;
        }

        var reader = new FieldReader(fields);
        answer = reader.TryReadInt(out var policy) && reader.TryRead(out var code)
            && reader.TryReadInt(out var first) && reader.TryReadInt(out var count)
                ? new WiFiCountry(AtText.Latin1(code), first, count, policy == 0)
                : null;
        return true;
    }

    // +SLEEP:<n>      ESP-AT: 0 off, 1 modem sleep. After light sleep was set it reads 3, which is a modem sleep too, so
    // that 3 tells nothing.
    public static bool ReadSleep(ReadOnlySpan<byte> line, ref WiFiPowerSave? answer) => ReadSleep(line, 1, ref answer);

    // +SLEEP:<n>      NonOS: 0 off, 1 light sleep, 2 modem sleep
    public static bool ReadNonOsSleep(ReadOnlySpan<byte> line, ref WiFiPowerSave? answer) =>
        ReadSleep(line, 2, ref answer);

    private static bool ReadDhcp(ReadOnlySpan<byte> line, int stationBit, ref bool? answer)
    {
        if (!EspAtFields.TryStrip(line, "+CWDHCP"u8, out var fields))
        {
            return false;
        }

        answer = FieldReader.TryParse(fields, out var bits) ? (bits >> stationBit & 1) == 1 : null;
        return true;
    }

    private static bool ReadSleep(ReadOnlySpan<byte> line, int modemSleep, ref WiFiPowerSave? answer)
    {
        if (!EspAtFields.TryStrip(line, "+SLEEP"u8, out var fields))
        {
            return false;
        }

        answer = !FieldReader.TryParse(fields, out var mode) ? null
            : mode == 0 ? WiFiPowerSave.Off
            : mode == modemSleep ? WiFiPowerSave.ModemSleep
            : null;
        return true;
    }
}
