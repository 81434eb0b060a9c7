using ModemDriver.Diagnostics;

namespace ModemDriver.Cli.Demo;

/// <summary>
/// The steps of <c>modem demo --tour mqtt</c>: what is published while there is no network waits, and arrives when there is
/// one again.
/// </summary>
internal sealed class MqttTour : IAsyncDisposable
{
    private readonly ToolContext _context;
    private readonly DemoTarget _target;
    private readonly ModemOptions _options;
    private readonly WireExcerpt _wire = new();
    private readonly DemoRunner _runner;

    // Set by the first two steps, without which no other runs.
    private Modem? _modem;
    private OutageSteps? _outage;

    public MqttTour(ToolContext context, DemoTarget target, ModemOptions options, bool quiet)
    {
        _context = context;
        _target = target;
        _options = target.ApplyTo(options) with { Tap = options.Tap ?? new WireTap(_wire) };
        _runner = new DemoRunner(context, _wire, quiet);
    }

    public async Task<ExitCode> RunAsync(CancellationToken cancellationToken)
    {
        DemoStep[] steps =
        [
            new("Network", GoOnlineAsync),
            new("Client and broker", ConnectAsync),
            new("Publish, online", token => _outage!.PublishOnlineAsync(token)),
            new("Publish, network off", token => _outage!.PublishOfflineAsync(token)),
            new("Drain, network on", token => _outage!.DrainAsync(token)),
            new("Compare", token => _outage!.CompareAsync(token)),
        ];
        return await _runner.RunAsync(steps, cancellationToken).ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        // 1. The clients and the broker. 2. The modem. 3. The excerpt that the modem wrote to.
        if (_outage is not null)
        {
            await _outage.DisposeAsync().ConfigureAwait(false);
        }

        if (_modem is not null)
        {
            await _modem.DisposeAsync().ConfigureAwait(false);
        }

        await _wire.DisposeAsync().ConfigureAwait(false);
    }

    private async Task<DemoOutcome> GoOnlineAsync(CancellationToken cancellationToken)
    {
        _modem = await Modem.OpenAsync(_target.Port, _options, cancellationToken).ConfigureAwait(false);
        await _modem.GoOnlineAsync(cancellationToken).ConfigureAwait(false);
        NetworkSight sight = await NetworkSight.ReadAsync(_modem, cancellationToken).ConfigureAwait(false);
        return new DemoOutcome($"{_modem.Identity.Dialect}, {sight.Text}");
    }

    private async Task<DemoOutcome> ConnectAsync(CancellationToken cancellationToken)
    {
        _outage = await OutageSteps.StartAsync(_modem!, _target, _context.Time, cancellationToken).ConfigureAwait(false);
        return new DemoOutcome($"connected to {_outage.Broker}; the outbox is a file");
    }
}
