using ModemDriver.Commands;
using ModemDriver.Framing;
using ModemDriver.WiFi;

namespace ModemDriver.Dialects.EspAt.WiFi;

/// <summary>The station of AT firmware. ESP-AT user guide, Wi-Fi AT Commands; AT+SLEEP in Basic AT Commands.</summary>
internal sealed class EspAtWiFiCommands(EspAtFirmware firmware) : IWiFiCommands
{
    private static readonly TimeSpan QueryLimit = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan SettingLimit = TimeSpan.FromSeconds(3);

    private readonly bool _isNonOs = firmware.Generation == EspAtGeneration.NonOs;

    // NonOS has forms that do not write the flash; ESP-AT has AT+SYSSTORE=0 instead.
    private readonly string _suffix = firmware.Generation == EspAtGeneration.NonOs ? "_CUR" : string.Empty;

    /// <inheritdoc/>
    public JoinCommand Join(WiFiOptions network)
    {
        var line = NewLine($"AT+CWJAP{_suffix}=")
            .Text(network.Ssid, nameof(network))
            .Secret(network.Password ?? string.Empty, nameof(network));
        if (network.Bssid is not null)
        {
            line.Text(network.Bssid, nameof(network));
        }

        return new EspAtJoinCommand(line.Build(), network.TimeLimit);
    }

    /// <inheritdoc/>
    public AtCommand Leave() => new SimpleCommand("AT+CWQAP", SettingLimit);

    /// <inheritdoc/>
    public ReadAccessPointCommand ReadAccessPoint() =>
        new EspAtReadAccessPointCommand(NewLine($"AT+CWJAP{_suffix}?").Build(), QueryLimit);

    /// <inheritdoc/>
    public ReadAddressesCommand ReadAddresses() =>
        new EspAtReadAddressesCommand(NewLine("AT+CIFSR").Build(), QueryLimit);

    /// <inheritdoc/>
    public QueryCommand<WiFiState>? ReadState() =>
        !_isNonOs && firmware.IsAtLeast(2, 2)
            ? Query("AT+CWSTATE?", WiFiState.Unknown, EspAtStationAnswers.ReadState)
            : null;

    /// <inheritdoc/>
    public QueryCommand<IPConfiguration> ReadConfiguration() =>
        Query($"AT+CIPSTA{_suffix}?", new IPConfiguration(null, null, null, null), EspAtStationAnswers.ReadConfiguration);

    /// <inheritdoc/>
    public QueryCommand<bool?> ReadUsesDhcp() => Query<bool?>(
        $"AT+CWDHCP{_suffix}?",
        null,
        _isNonOs ? EspAtStationAnswers.ReadNonOsDhcp : EspAtStationAnswers.ReadDhcp);

    // AT+CIPSTA switches DHCP off by itself.
    // AT+CWDHCP_CUR=<0 SoftAP, 1 station, 2 both>,<on>     NonOS
    // AT+CWDHCP=<on>,<bit 0 station, bit 1 SoftAP>         ESP-AT; for the station alone both come to 1,1
    /// <inheritdoc/>
    public AtCommand SetAddress(StaticAddress? address) => Setting(
        address is null
            ? NewLine($"AT+CWDHCP{_suffix}=").Number(1).Number(1)
            : NewLine($"AT+CIPSTA{_suffix}=")
                .Text(address.Address.ToString(), nameof(address))
                .Text(address.Gateway.ToString(), nameof(address))
                .Text(address.Netmask.ToString(), nameof(address)));

    /// <inheritdoc/>
    public AtCommand SetReconnect(WiFiReconnect policy) =>
        Setting(NewLine("AT+CWRECONNCFG=").Number((long)policy.Interval.TotalSeconds).Number(policy.Attempts));

    /// <inheritdoc/>
    public QueryCommand<WiFiReconnect?> ReadReconnect() =>
        Query<WiFiReconnect?>("AT+CWRECONNCFG?", null, EspAtStationAnswers.ReadReconnect);

    // AT+CWLAPOPT=<sort by strength>,<fields>      31: the five fields that every release has
    /// <inheritdoc/>
    public IReadOnlyList<AtCommand> PrepareScan() => [Setting(NewLine("AT+CWLAPOPT=").Number(1).Number(31))];

    /// <inheritdoc/>
    public ScanCommand Scan(WiFiScanRequest request) => new EspAtScanCommand(
        request.Ssid is null
            ? NewLine("AT+CWLAP").Build()
            : NewLine("AT+CWLAP=").Text(request.Ssid, nameof(request)).Build(),
        request.TimeLimit);

    /// <inheritdoc/>
    public AtCommand SetHostName(string name) => Setting(NewLine("AT+CWHOSTNAME=").Text(name, nameof(name)));

    /// <inheritdoc/>
    public QueryCommand<string?> ReadHostName() =>
        Query<string?>("AT+CWHOSTNAME?", null, EspAtStationAnswers.ReadHostName);

    /// <inheritdoc/>
    public AtCommand SetHardwareAddress(string address) =>
        Setting(NewLine($"AT+CIPSTAMAC{_suffix}=").Text(address.ToLowerInvariant(), nameof(address)));

    // AT+CWCOUNTRY=<0 follows the access point, 1 fixed>,"<code>",<first channel>,<channels>
    /// <inheritdoc/>
    public AtCommand SetCountry(WiFiCountry country) => Setting(
        NewLine($"AT+CWCOUNTRY{_suffix}=")
            .Number(country.FollowsAccessPoint ? 0 : 1)
            .Text(country.Code, nameof(country))
            .Number(country.FirstChannel)
            .Number(country.ChannelCount));

    /// <inheritdoc/>
    public QueryCommand<WiFiCountry?> ReadCountry() =>
        Query<WiFiCountry?>($"AT+CWCOUNTRY{_suffix}?", null, EspAtStationAnswers.ReadCountry);

    // AT+SLEEP=<n>      NonOS: 0 off, 1 light sleep, 2 modem sleep.     ESP-AT: 0 off, 1 modem sleep, 2 light sleep.
    /// <inheritdoc/>
    public AtCommand SetPowerSave(WiFiPowerSave mode) => Setting(
        NewLine("AT+SLEEP=").Number(mode == WiFiPowerSave.Off ? 0 : _isNonOs ? 2 : 1));

    /// <inheritdoc/>
    public QueryCommand<WiFiPowerSave?> ReadPowerSave() => Query<WiFiPowerSave?>(
        "AT+SLEEP?",
        null,
        _isNonOs ? EspAtStationAnswers.ReadNonOsSleep : EspAtStationAnswers.ReadSleep);

    private static QueryCommand<T> Query<T>(string line, T none, AnswerParser<T> parse) =>
        new(NewLine(line).Build(), QueryLimit, none, parse);

    private static SimpleCommand Setting(CommandLineBuilder line) => new(line.Build(), SettingLimit);

    private static CommandLineBuilder NewLine(string command) =>
        new(command, QuotingRule.Backslash, EspAtDialect.MaxCommandLine);
}
