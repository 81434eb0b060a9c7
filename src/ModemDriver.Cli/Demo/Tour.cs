using System.Net;
using ModemDriver.Diagnostics;

namespace ModemDriver.Cli.Demo;

/// <summary>The steps of <c>modem demo --tour</c>: what a Wi-Fi module can do for a computer, beyond links and HTTP.</summary>
internal sealed class Tour : IAsyncDisposable
{
    private readonly ToolContext _context;
    private readonly DemoTarget _target;
    private readonly ModemOptions _options;
    private readonly WireExcerpt _wire = new();
    private readonly DemoRunner _runner;

    // Set by the first two steps, without which no other runs.
    private Modem? _modem;
    private DemoServers? _servers;

    public Tour(ToolContext context, DemoTarget target, ModemOptions options, bool quiet)
    {
        _context = context;
        _target = target;
        _options = target.ApplyTo(options) with { Tap = options.Tap ?? new WireTap(_wire) };
        _runner = new DemoRunner(context, _wire, quiet);
    }

    public async Task<ExitCode> RunAsync(IPAddress? hostAddress, CancellationToken cancellationToken)
    {
        DemoStep[] steps =
        [
            new("Identify", token => OpenAsync(_options, token)),
            new("Scan", token => Radio.ScanAsync(token)),
            new("Join", token => JoinAsync(hostAddress, token)),
            new("Names and radio", token => Radio.ShowSettingsAsync(token)),
            new("Ping and name service", token => Radio.PingAsync(token)),
            new("Network time", token => Radio.ReadTimeAsync(token)),
            new("SoftAP", token => Radio.BeAccessPointAsync(token)),
            new("Server", token => Modes.ServePageAsync(token)),
            new("TLS of the module", token => Modes.UseModuleTlsAsync(token)),
            new("Transparent mode", token => Modes.GoTransparentAsync(token)),
            new("Bit rate", token => Modes.ChangeBitRateAsync(token)),
            new("UDP, receiving by push", ReopenForUdpAsync),
            new("Restart and recovery", token => Modes.RestartAsync(token)),
        ];
        return await _runner.RunAsync(steps, cancellationToken).ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        // 1. The modem with its links. 2. The servers they led to. 3. The excerpt that the modem wrote to.
        await CloseModemAsync().ConfigureAwait(false);
        if (_servers is not null)
        {
            await _servers.DisposeAsync().ConfigureAwait(false);
        }

        await _wire.DisposeAsync().ConfigureAwait(false);
    }

    private RadioSteps Radio => new(_modem!, _servers, _context.Time);

    private ModeSteps Modes => new(_modem!, _servers!, _target);

    private async Task<DemoOutcome> OpenAsync(ModemOptions options, CancellationToken cancellationToken)
    {
        _modem = await Modem.OpenAsync(_target.Port, options, cancellationToken).ConfigureAwait(false);
        ModuleIdentity module = _modem.Identity;
        int can = Enum.GetValues<ModemFeature>().Count(_modem.Supports);
        return new DemoOutcome(
            $"{module.Dialect}, firmware {module.Firmware}: {can} of {Enum.GetValues<ModemFeature>().Length} features");
    }

    private async Task<DemoOutcome> JoinAsync(IPAddress? hostAddress, CancellationToken cancellationToken)
    {
        await _modem!.GoOnlineAsync(cancellationToken).ConfigureAwait(false);
        ModuleAddresses addresses = await _modem.WiFi.ReadAddressesAsync(cancellationToken).ConfigureAwait(false);
        IPAddress host = hostAddress ?? _target.FindHostAddress(addresses.Address);
        _servers = await DemoServers.StartAsync(host, null, _context.Time, cancellationToken).ConfigureAwait(false);
        return new DemoOutcome($"module {addresses.Address}, this computer {host}");
    }

    // Firmware of this generation keeps datagrams apart only when it pushes, which is chosen when a modem is opened.
    private async Task<DemoOutcome> ReopenForUdpAsync(CancellationToken cancellationToken)
    {
        await CloseModemAsync().ConfigureAwait(false);
        await OpenAsync(_options with { ReceiveMode = ReceiveMode.Push }, cancellationToken).ConfigureAwait(false);
        await _modem!.GoOnlineAsync(cancellationToken).ConfigureAwait(false);
        return await Modes.ExchangeDatagramsAsync(cancellationToken).ConfigureAwait(false);
    }

    private async Task CloseModemAsync()
    {
        if (_modem is not null)
        {
            await _modem.DisposeAsync().ConfigureAwait(false);
            _modem = null;
        }
    }
}
