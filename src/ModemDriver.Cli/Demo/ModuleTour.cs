using ModemDriver.Diagnostics;

namespace ModemDriver.Cli.Demo;

/// <summary>A tour of one module: it goes online, and the other steps follow.</summary>
internal abstract class ModuleTour : IAsyncDisposable
{
    private readonly ModemOptions _options;
    private readonly WireExcerpt _wire = new();
    private readonly DemoRunner _runner;
    private Modem? _modem;

    /// <summary>Makes a tour.</summary>
    /// <param name="context">The environment.</param>
    /// <param name="target">Which module.</param>
    /// <param name="options">How it is driven.</param>
    /// <param name="quiet">Whether only the outcome is printed.</param>
    protected ModuleTour(ToolContext context, DemoTarget target, ModemOptions options, bool quiet)
    {
        Context = context;
        Target = target;
        _options = target.ApplyTo(options) with { Tap = options.Tap ?? new WireTap(_wire) };
        _runner = new DemoRunner(context, _wire, quiet);
    }

    /// <summary>The environment.</summary>
    protected ToolContext Context { get; }

    /// <summary>Which module.</summary>
    protected DemoTarget Target { get; }

    /// <summary>The modem, online: the first step sets it, without which no other runs.</summary>
    protected Modem Modem => _modem!;

    /// <summary>Runs all steps.</summary>
    public Task<ExitCode> RunAsync(CancellationToken cancellationToken)
    {
        DemoStep[] steps = [new("Network", GoOnlineAsync), .. Steps()];
        return _runner.RunAsync(steps, cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        // 1. What uses the modem. 2. The modem. 3. The excerpt that it wrote to.
        await EndAsync().ConfigureAwait(false);
        if (_modem is not null)
        {
            await _modem.DisposeAsync().ConfigureAwait(false);
        }

        await _wire.DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>The steps behind the first.</summary>
    protected abstract IEnumerable<DemoStep> Steps();

    /// <summary>Ends what uses the modem.</summary>
    protected virtual ValueTask EndAsync() => ValueTask.CompletedTask;

    private async Task<DemoOutcome> GoOnlineAsync(CancellationToken cancellationToken)
    {
        _modem = await Modem.OpenAsync(Target.Port, _options, cancellationToken).ConfigureAwait(false);
        await _modem.GoOnlineAsync(cancellationToken).ConfigureAwait(false);
        NetworkSight sight = await NetworkSight.ReadAsync(_modem, cancellationToken).ConfigureAwait(false);
        return new DemoOutcome($"{_modem.Identity.Dialect}, {sight.Text}");
    }
}
