using ModemDriver.Simulator.Wire;

namespace ModemDriver.Simulator.Personalities.EspAt;

/// <summary>User guide, "Wi-Fi AT commands": the scan and what it shows.</summary>
internal sealed class ScanCommands(EspAtModule module) : CommandGroup(module)
{
    private const int Channels = 13;
    private const int DwellActive = 120;
    private const int DwellPassive = 360;

    internal override IEnumerable<CommandEntry> Entries =>
    [
        new("CWLAP") { Execute = ScanAsync, Set = ScanAsync },
        new("CWLAPOPT") { Set = At(SetOptions) },
    ];

    private Outcome SetOptions(CommandCall call)
    {
        Parameters given = call.Parameters;
        if (!given.Takes(2, 4)
            || !given.Number(0, 0, 1, out int sorts)
            || !given.Number(1, 0, 0x7FF, out int mask)
            || !given.NumberOr(2, -100, -100, 40, out int weakest)
            || !given.NumberOr(3, 0xFFFF, 0, 0xFFFF, out int securities))
        {
            return given.Refusal;
        }

        Settings.ScanSorts = sorts == 1;
        Settings.ScanMask = mask;
        Settings.ScanWeakestDbm = weakest;
        Settings.ScanSecurityMask = securities;
        return Outcome.Ok;
    }

    private async ValueTask<Outcome> ScanAsync(CommandCall call)
    {
        if (ReadRequest(call.Parameters) is not ScanRequest request)
        {
            return call.Parameters.Refusal;
        }

        if (!IsStation)
        {
            return Outcome.Failed;
        }

        // The timing is that of an active scan of all channels.
        TimeSpan takes = Host.Timings.Scan * request.Dwell / DwellActive / (request.Channel == 0 ? 1 : Channels);
        await Host.Clock.WaitAsync(takes, call.Life);
        IEnumerable<AccessPoint> found = Module.InRange
            .Where(request.Finds)
            .Where(seen => seen.RssiDbm >= Settings.ScanWeakestDbm
                && (Settings.ScanSecurityMask >> (int)seen.Security & 1) != 0);
        foreach (AccessPoint seen in Settings.ScanSorts ? found.OrderByDescending(seen => seen.RssiDbm) : found)
        {
            // A long list is more than the transmit buffer holds: the firmware waits for it.
            await Host.Uart.WhenRoomAsync(call.Life);
            Respond.Answer($"+CWLAP:({Fields(seen, request.Shows(seen))})\r\n");
        }

        return Outcome.Ok;
    }

    // ="ssid"[,"mac"[,channel[,scan_type,scan_time_min,scan_time_max]]], each of which may be left out.
    private ScanRequest? ReadRequest(Parameters given)
    {
        if (given.Count == 0)
        {
            return new ScanRequest(null, null, 0, IsPassive: false) { Dwell = DwellActive };
        }

        return given.Takes(1, 6)
            && given.TextOrNone(0, 32, out string? ssid)
            && given.MacOrNone(1, out string? bssid)
            && given.NumberOr(2, 0, 0, 14, out int channel)
            && given.NumberOr(3, 0, 0, 1, out int type)
            && given.NumberOr(4, 0, 0, 1500, out int least)
            && given.NumberOr(5, 0, 0, 1500, out int most)
            ? new ScanRequest(ssid, bssid, channel, type == 1) { Dwell = Dwell(type == 1, least, most) }
            : null;
    }

    /// <summary>What a channel gets. An ESP8266 takes a time only where the least and the most are equal.</summary>
    private int Dwell(bool isPassive, int least, int most)
    {
        bool isTaken = most > 0 && (Module.Profile.HasSecondRadio || least == most);
        return isTaken ? most : isPassive ? DwellPassive : DwellActive;
    }

    // (<ecn>,"<ssid>",<rssi>,"<mac>",<channel>,<freq_offset>,<freqcal>,<pairwise>,<group>,<bgn>,<wps>), each by its
    // bit of AT+CWLAPOPT. Names are not escaped.
    private string Fields(AccessPoint seen, string name)
    {
        (int pairwise, int group) = Ciphers(seen.Security);
        string[] frequencies = Forms.ScanFrequencies.Split(',');
        string[] fields =
        [
            WireText.Format($"{(int)seen.Security}"),
            $"\"{name}\"",
            WireText.Format($"{seen.RssiDbm}"),
            $"\"{seen.Bssid}\"",
            WireText.Format($"{seen.Channel}"),
            frequencies[0],
            frequencies[1],
            WireText.Format($"{pairwise}"),
            WireText.Format($"{group}"),
            "7",
            seen.OffersWps ? "1" : "0",
        ];
        return string.Join(',', fields.Where((_, bit) => (Settings.ScanMask >> bit & 1) != 0));
    }

    /// <summary>0 none, 1 WEP, 3 TKIP, 4 CCMP, 5 both.</summary>
    private static (int Pairwise, int Group) Ciphers(WiFiSecurity security) => security switch
    {
        WiFiSecurity.Open => (0, 0),
        WiFiSecurity.Wep => (1, 1),
        WiFiSecurity.Wpa => (3, 3),
        WiFiSecurity.WpaWpa2 => (5, 3),
        _ => (4, 4),
    };

    /// <summary>What a scan looks for, and how.</summary>
    private sealed record ScanRequest(string? Ssid, string? Bssid, int Channel, bool IsPassive)
    {
        /// <summary>A scan that asks for a name learns a hidden one; one that only listens does not.</summary>
        private bool AsksByName => Ssid is not null && !IsPassive;

        /// <summary>For each channel, in milliseconds.</summary>
        internal int Dwell { get; init; }

        internal string Shows(AccessPoint seen) => seen.IsHidden && !AsksByName ? "" : seen.Ssid;

        internal bool Finds(AccessPoint seen) =>
            (Ssid is null || Shows(seen) == Ssid)
            && (Bssid is null || string.Equals(seen.Bssid, Bssid, StringComparison.OrdinalIgnoreCase))
            && (Channel == 0 || seen.Channel == Channel);
    }
}
