namespace ModemDriver.Cli.Demo;

/// <summary>
/// The steps of <c>modem demo --tour mqtt</c>: what is published while there is no network waits, and arrives when there is
/// one again.
/// </summary>
internal sealed class MqttTour(ToolContext context, DemoTarget target, ModemOptions options, bool quiet)
    : ModuleTour(context, target, options, quiet)
{
    // Set by the first step of its own, without which no other runs.
    private OutageSteps? _outage;

    protected override IEnumerable<DemoStep> Steps() =>
    [
        new("Client and broker", ConnectAsync),
        new("Publish, online", token => _outage!.PublishOnlineAsync(token)),
        new("Publish, network off", token => _outage!.PublishOfflineAsync(token)),
        new("Drain, network on", token => _outage!.DrainAsync(token)),
        new("Compare", token => _outage!.CompareAsync(token)),
    ];

    protected override ValueTask EndAsync() => _outage?.DisposeAsync() ?? ValueTask.CompletedTask;

    private async Task<DemoOutcome> ConnectAsync(CancellationToken cancellationToken)
    {
        _outage = await OutageSteps.StartAsync(Modem, Target, Context.Time, cancellationToken).ConfigureAwait(false);
        return new DemoOutcome($"connected to {_outage.Broker}; the outbox is a file");
    }
}
