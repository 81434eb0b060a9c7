using Microsoft.Extensions.Hosting;

namespace ModemDriver.Cli.Demo;

/// <summary>A host that lives as long as its owner wants; signals are the tool's own business.</summary>
internal sealed class NoHostLifetime : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
