using System.Net;
using ModemDriver.Diagnostics;

namespace ModemDriver.Cli.Demo;

/// <summary>The steps of <c>modem demo</c> in their order, and what they stand on.</summary>
internal sealed class Demonstration : IAsyncDisposable
{
    private readonly ToolContext _context;
    private readonly DemoTarget _target;
    private readonly ModemOptions _options;
    private readonly WireExcerpt _wire = new();
    private readonly DemoRunner _runner;

    // Set by the first two steps, without which no other runs.
    private Modem? _modem;
    private DemoServers? _servers;

    public Demonstration(ToolContext context, DemoTarget target, ModemOptions options, bool quiet)
    {
        _context = context;
        _target = target;
        // With --log wire the dialogue goes to standard error whole, and the excerpts are left out.
        _options = target.ApplyTo(options) with { Tap = options.Tap ?? new WireTap(_wire) };
        _runner = new DemoRunner(context, _wire, quiet);
    }

    public async Task<ExitCode> RunAsync(
        IPAddress? hostAddress, BrokerAddress? broker, CancellationToken cancellationToken)
    {
        DemoStep[] steps =
        [
            new("Identify", IdentifyAsync),
            new("Network", token => GoOnlineAsync(hostAddress, broker, token)),
            new("Three links at once", token => Links.TransferOnThreeAsync(token)),
            new("HTTP GET", token => Http.GetPlainAsync(token)),
            new("HTTPS GET", token => Http.GetSecureAsync(token)),
            new("Reset and recovery", token => Links.ResetAndRecoverAsync(token)),
            new("MQTT", token => new MqttStep(_modem!, _servers!, _context.Time).RunAsync(token)),
        ];
        return await _runner.RunAsync(steps, cancellationToken).ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        // 1. The modem with its links. 2. The servers they led to. 3. The excerpt that the modem wrote to.
        if (_modem is not null)
        {
            await _modem.DisposeAsync().ConfigureAwait(false);
        }

        if (_servers is not null)
        {
            await _servers.DisposeAsync().ConfigureAwait(false);
        }

        await _wire.DisposeAsync().ConfigureAwait(false);
    }

    private LinkSteps Links => new(_modem!, _servers!);

    private HttpSteps Http => new(_modem!, _servers!);

    private async Task<DemoOutcome> IdentifyAsync(CancellationToken cancellationToken)
    {
        _modem = await Modem.OpenAsync(_target.Port, _options, cancellationToken).ConfigureAwait(false);
        ModuleIdentity module = _modem.Identity;
        return new DemoOutcome($"{module.Dialect}, firmware {module.Firmware}, on {_modem.Port}");
    }

    private async Task<DemoOutcome> GoOnlineAsync(
        IPAddress? hostAddress, BrokerAddress? broker, CancellationToken cancellationToken)
    {
        await _modem!.GoOnlineAsync(cancellationToken).ConfigureAwait(false);
        NetworkSight sight = await NetworkSight.ReadAsync(_modem, cancellationToken).ConfigureAwait(false);
        IPAddress host = hostAddress ?? _target.FindHostAddress(sight.Address);
        _servers = await DemoServers.StartAsync(host, broker, _context.Time, cancellationToken).ConfigureAwait(false);
        return new DemoOutcome($"{sight.Text}, this computer {host}");
    }
}
