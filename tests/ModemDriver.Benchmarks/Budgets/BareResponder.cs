using ModemDriver.Tests.Transport;

namespace ModemDriver.Benchmarks.Budgets;

/// <summary>The other side of a pseudo-terminal: one OK to each line, on a thread that blocks, and nothing else.</summary>
internal sealed class BareResponder : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(10);

    private readonly TestPty _pty = new();
    private readonly Thread _thread;

    public BareResponder()
    {
        _thread = new Thread(Answer) { IsBackground = true, Name = "bare responder" };
        _thread.Start();
    }

    /// <summary>What the client opens.</summary>
    public string Path => _pty.Path;

    public void Dispose() => _pty.Dispose();

    // Ends when the client has closed the port.
    private void Answer()
    {
        try
        {
            byte[] buffer = new byte[256];
            while (_pty.Read(buffer, Limit) is var count and > 0)
            {
                foreach (byte b in buffer.AsSpan(0, count))
                {
                    if (b == '\n')
                    {
                        _pty.Write("\r\nOK\r\n"u8, Limit);
                    }
                }
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // The client is gone.
        }
    }
}
