namespace ModemDriver.Simulator.Tests;

/// <summary>Waits until the module's trace has said something.</summary>
internal sealed class TraceSignal(string beginning)
{
    private readonly TaskCompletionSource _heard = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal void Hear(string line)
    {
        if (line.StartsWith(beginning, StringComparison.Ordinal))
        {
            _heard.TrySetResult();
        }
    }

    internal Task WaitAsync(CancellationToken cancellationToken) =>
        _heard.Task.WaitAsync(TimeSpan.FromSeconds(20), TimeProvider.System, cancellationToken);
}
