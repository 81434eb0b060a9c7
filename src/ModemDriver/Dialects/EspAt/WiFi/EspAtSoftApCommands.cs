using ModemDriver.Commands;
using ModemDriver.Framing;
using ModemDriver.WiFi;

namespace ModemDriver.Dialects.EspAt.WiFi;

/// <summary>The access point of AT firmware. ESP-AT user guide, Wi-Fi AT Commands.</summary>
internal sealed class EspAtSoftApCommands(EspAtFirmware firmware) : ISoftApCommands
{
    private static readonly TimeSpan QueryLimit = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan SettingLimit = TimeSpan.FromSeconds(3);

    private readonly string _suffix = firmware.Generation == EspAtGeneration.NonOs ? "_CUR" : string.Empty;

    // AT+CWSAP="<ssid>","<password>",<channel>,<ecn>,<stations>,<hidden>      AT+CIPAP="<ip>","<gateway>","<netmask>"
    /// <inheritdoc/>
    public IReadOnlyList<AtCommand> Start(SoftApOptions options)
    {
        List<AtCommand> commands =
        [
            Setting(NewLine($"AT+CWMODE{_suffix}=").Number(3)),
            Setting(NewLine($"AT+CWSAP{_suffix}=")
                .Text(options.Ssid, nameof(options))
                .Secret(options.Password ?? string.Empty, nameof(options))
                .Number(options.Channel)
                .Number(options.Password is null ? 0 : CodeOf(options.Security))
                .Number(options.MaxStations)
                .Number(options.IsHidden ? 1 : 0)),
        ];
        if (options.Address is { } address)
        {
            commands.Add(Setting(NewLine($"AT+CIPAP{_suffix}=")
                .Text(address.Address.ToString(), nameof(options))
                .Text(address.Gateway.ToString(), nameof(options))
                .Text(address.Netmask.ToString(), nameof(options))));
        }

        return commands;
    }

    /// <inheritdoc/>
    public IReadOnlyList<AtCommand> Stop() => [Setting(NewLine($"AT+CWMODE{_suffix}=").Number(1))];

    /// <inheritdoc/>
    public QueryCommand<bool?> ReadIsOn() =>
        new(NewLine($"AT+CWMODE{_suffix}?").Build(), QueryLimit, null, EspAtSoftApAnswers.ReadIsOn);

    /// <inheritdoc/>
    public QueryCommand<SoftApInfo?> ReadSettings() =>
        new(NewLine($"AT+CWSAP{_suffix}?").Build(), QueryLimit, null, EspAtSoftApAnswers.ReadSettings);

    /// <inheritdoc/>
    public QueryCommand<List<SoftApStation>> ReadStations() =>
        new(NewLine("AT+CWLIF").Build(), QueryLimit, [], EspAtSoftApAnswers.ReadStation);

    /// <inheritdoc/>
    public AtCommand Disconnect(string hardwareAddress) =>
        Setting(NewLine("AT+CWQIF=").Text(hardwareAddress.ToLowerInvariant(), nameof(hardwareAddress)));

    private static int CodeOf(AccessPointSecurity security) => security switch
    {
        AccessPointSecurity.Wpa => 2,
        AccessPointSecurity.WpaWpa2 => 4,
        _ => 3,
    };

    private static SimpleCommand Setting(CommandLineBuilder line) => new(line.Build(), SettingLimit);

    private static CommandLineBuilder NewLine(string command) =>
        new(command, QuotingRule.Backslash, EspAtDialect.MaxCommandLine);
}
