namespace ModemDriver.Simulator.Personalities.EspAt;

/// <summary>One firmware: everything in which it differs from its siblings, as data.</summary>
internal sealed record EspAtProfile
{
    internal required string Name { get; init; }

    internal required string Description { get; init; }

    /// <summary>The body of AT+GMR, with its line ends.</summary>
    internal required string Identity { get; init; }

    /// <summary>Commands that this firmware has not, though the table of commands holds them.</summary>
    internal required IReadOnlySet<string> Absent { get; init; }

    /// <summary>Commands of which nobody knows whether this firmware has them; a switch decides.</summary>
    internal IReadOnlySet<string> Doubtful { get; init; } = new HashSet<string>();

    /// <summary>The spellings of settings: plain names alone, or also _CUR and _DEF.</summary>
    internal required IReadOnlySet<string> CurDefSettings { get; init; }

    /// <summary>Of these, the ones that exist with a suffix only.</summary>
    internal IReadOnlySet<string> CurDefOnly { get; init; } = new HashSet<string>();

    internal required WireForms Wire { get; init; }

    internal required LinkFeatures Links { get; init; }

    /// <summary>Values of switches where they differ from the general default.</summary>
    internal IReadOnlyDictionary<string, string> SwitchDefaults { get; init; } = new Dictionary<string, string>();

    internal int MaxSendBytes { get; init; } = 2048;

    internal int MaxReadBytes { get; init; } = int.MaxValue;

    /// <summary>The largest datagram of transparent mode.</summary>
    internal int SegmentBytes { get; init; } = 1460;

    /// <summary>What a link holds in passive mode before TCP pushes back.</summary>
    internal int WindowBytes { get; init; } = 5760;

    internal int UartRxBytes { get; init; } = 1024;

    internal int UartTxBytes { get; init; } = 2048;

    internal int MaxBitRate { get; init; } = 4_500_000;

    /// <summary>The clock that is divided by a whole number to make the bit rate, in Hz; 0 reads back what was set.
    /// </summary>
    internal int BitRateClock { get; init; }

    /// <summary>What a fractional divider adds at the usual rate: 115,200 reads back as 115,201.</summary>
    internal bool RateReadsHigh { get; init; }

    internal int LowestWiFiMode { get; init; }

    internal int HighestSysMsg { get; init; } = 7;

    internal bool AcceptsConnectTimeout { get; init; }

    /// <summary>The highest scheme of AT+MQTTUSERCFG: 1 is TCP alone, 5 has all kinds of TLS.</summary>
    internal int MqttSchemes { get; init; } = 1;

    /// <summary>What AT+MQTTPUBRAW takes; 0 where the packet must fit a buffer.</summary>
    internal int MqttPublishBytes { get; init; }

    internal bool AcceptsLocalAddress { get; init; } = true;

    /// <summary>How many stations the SoftAP takes: of itself, and at most.</summary>
    internal (int Default, int Most) SoftApStations { get; init; } = (4, 8);

    /// <summary>What AT+RFPOWER takes, in quarters of a dBm, both included.</summary>
    internal (int Least, int Most) PowerRange { get; init; } = (40, 82);

    /// <summary>The steps of the transmitter, to which a setting falls; empty where it cannot be asked for.</summary>
    internal IReadOnlyList<int> PowerLevels { get; init; } = [33, 49, 56, 64, 68, 74, 78, 82];

    /// <summary>Bluetooth: an ESP32.</summary>
    internal bool HasSecondRadio { get; init; }

    /// <summary>The zones of AT+CIPSNTPCFG in hours, both included.</summary>
    internal (int Least, int Most) ZoneHours { get; init; } = (-12, 14);

    /// <summary>Whether a zone may be written [+|-][hh]mm too.</summary>
    internal bool ZoneHasMinutes { get; init; } = true;

    internal int BitRateError(int rate) => RateReadsHigh && rate == 115_200 ? 1 : 0;
}
