using System.Text;
using ModemDriver.Framing;

namespace ModemDriver.Dialects.EspAt.WiFi;

/// <summary>Reads what AT firmware says of its own access point. Line in, value out; nothing is kept.</summary>
/// <remarks>ESP-AT user guide, Wi-Fi AT Commands.</remarks>
internal static class EspAtSoftApAnswers
{
    private const int MaxStations = 64;
    private const int SoftApBit = 2;

    // +CWMODE:<0 off, 1 station, 2 access point, 3 both>
    public static bool ReadIsOn(ReadOnlySpan<byte> line, ref bool? answer)
    {
        if (!EspAtFields.TryStrip(line, "+CWMODE"u8, out var fields))
        {
            return false;
        }

        answer = FieldReader.TryParse(fields, out var mode) ? (mode & SoftApBit) != 0 : null;
        return true;
    }

    // +CWSAP:"<ssid>","<password>",<channel>,<ecn>,<stations>,<hidden>
    // Neither name nor password is escaped. The numbers stand behind the last quote; a name and a password that both
    // hold "," cannot be told apart, and the last "," counts.
    public static bool ReadSettings(ReadOnlySpan<byte> line, ref SoftApInfo? answer)
    {
        if (!EspAtFields.TryStrip(line, "+CWSAP"u8, out var fields))
        {
            return false;
        }

        var close = fields.LastIndexOf((byte)'"');
        var between = close < 1 ? -1 : fields[..close].LastIndexOf("\",\""u8);
        if (between < 1 || fields[0] != '"')
        {
            answer = null;
            return true;
        }

        var numbers = new FieldReader(fields[(close + 1)..].TrimStart((byte)','));
        int? channel = numbers.TryReadInt(out var first) ? first : null;
        var security = numbers.TryReadInt(out var code) ? EspAtFields.SecurityOf(code) : AccessPointSecurity.Unknown;
        int? stations = numbers.TryReadInt(out var most) ? most : null;
        bool? isHidden = numbers.TryReadInt(out var hidden) ? hidden == 1 : null;
        answer = new SoftApInfo(
            Encoding.UTF8.GetString(fields[1..between]), security, channel, stations, isHidden, null, null);
        return true;
    }

    // +CWLIF:<ip>,<mac>      ESP-AT
    // <ip>,<mac>             NonOS, without a prefix: taken by its shape
    public static bool ReadStation(ReadOnlySpan<byte> line, ref List<SoftApStation> answer)
    {
        var hasPrefix = EspAtFields.TryStrip(line, "+CWLIF"u8, out var fields);
        var reader = new FieldReader(hasPrefix ? fields : line);
        if (reader.TryRead(out var address) && reader.TryRead(out var mac)
            && HardwareAddressText.IsValid(AtText.Latin1(mac))
            && (hasPrefix || address.Count((byte)'.') == 3))
        {
            if (answer.Count < MaxStations)
            {
                answer.Add(new SoftApStation(AtText.Latin1(mac), EspAtFields.AddressOf(address)));
            }

            return true;
        }

        return hasPrefix;
    }
}
