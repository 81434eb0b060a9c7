using ModemDriver.Tests.Transport;

namespace ModemDriver.Benchmarks.Budgets;

/// <summary>Puts a module that is a stream behind a pseudo-terminal, on one thread that blocks.</summary>
internal sealed class PtyRelay : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(10);

    private readonly TestPty _pty = new();
    private readonly Stream _module;

    public PtyRelay(Stream module)
    {
        _module = module;
        new Thread(ToModule) { IsBackground = true, Name = "relay" }.Start();
        _ = FromModuleAsync();
    }

    /// <summary>What the client opens.</summary>
    public string Path => _pty.Path;

    public void Dispose() => _pty.Dispose();

    // Ends when the client has closed the port.
    private void ToModule()
    {
        byte[] buffer = new byte[4096];
        try
        {
            while (_pty.Read(buffer, Limit) is var count and > 0)
            {
                _module.Write(buffer.AsSpan(0, count));
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or TimeoutException)
        {
            // The client is gone.
        }
    }

    // What a module answers inside the write is written to the terminal on the same thread.
    private async Task FromModuleAsync()
    {
        byte[] buffer = new byte[8192];
        try
        {
            while (await _module.ReadAsync(buffer) is var count and > 0)
            {
                _pty.Write(buffer.AsSpan(0, count), Limit);
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or TimeoutException)
        {
            // The client is gone, or the module.
        }
    }
}
