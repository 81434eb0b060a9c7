using ModemDriver.Framing;

namespace ModemDriver.Dialects.EspAt.WiFi;

/// <summary>Reads the URCs of the radio for those who listen. ESP-AT user guide, AT Messages.</summary>
internal static class EspAtWiFiEvents
{
    // +STA_CONNECTED:"<mac>"      +STA_DISCONNECTED:"<mac>"      +DIST_STA_IP:"<mac>","<ip>"
    // WIFI CONNECTED              WIFI GOT IP                    WIFI DISCONNECT
    public static WiFiEvent? Read(ReadOnlySpan<byte> line)
    {
        if (line.SequenceEqual("WIFI CONNECTED"u8))
        {
            return new WiFiEvent(WiFiEventKind.Joined, false, null);
        }

        if (line.SequenceEqual("WIFI GOT IP"u8))
        {
            return new WiFiEvent(WiFiEventKind.AddressObtained, false, null);
        }

        if (line.SequenceEqual("WIFI DISCONNECT"u8))
        {
            return new WiFiEvent(WiFiEventKind.Left, false, null);
        }

        return EspAtFields.TryStrip(line, "+STA_CONNECTED"u8, out var fields)
                ? OfStation(WiFiEventKind.StationJoined, fields)
            : EspAtFields.TryStrip(line, "+STA_DISCONNECTED"u8, out fields)
                ? OfStation(WiFiEventKind.StationLeft, fields)
            : EspAtFields.TryStrip(line, "+DIST_STA_IP"u8, out fields)
                ? OfStation(WiFiEventKind.StationAddressed, fields)
            : null;
    }

    private static WiFiEvent? OfStation(WiFiEventKind kind, ReadOnlySpan<byte> fields)
    {
        var reader = new FieldReader(fields);
        if (!reader.TryRead(out var mac) || !HardwareAddressText.IsValid(AtText.Latin1(mac)))
        {
            return null;
        }

        var address = reader.TryRead(out var text) ? EspAtFields.AddressOf(text) : null;
        return new WiFiEvent(kind, false, new SoftApStation(AtText.Latin1(mac), address));
    }
}
