using System.Text;

namespace ModemDriver.Simulator.Tests;

/// <summary>The host's end of a wire in real time: writes, and reads until what it expects is there.</summary>
internal sealed class WireReader(Stream stream) : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);
    private readonly StringBuilder _received = new();

    internal Stream Stream => stream;

    /// <summary>Writes, then waits for the end of an answer; returns everything up to it.</summary>
    internal async Task<string> ExchangeAsync(string text, string ending, CancellationToken cancellationToken)
    {
        await stream.WriteAsync(Encoding.Latin1.GetBytes(text), cancellationToken)
            .AsTask().WaitAsync(Limit, TimeProvider.System, cancellationToken);
        return await ExpectAsync(ending, cancellationToken);
    }

    /// <summary>Waits for a text; returns everything up to its end.</summary>
    internal async Task<string> ExpectAsync(string text, CancellationToken cancellationToken)
    {
        var buffer = new byte[4096];
        while (true)
        {
            int at = _received.ToString().IndexOf(text, StringComparison.Ordinal);
            if (at >= 0)
            {
                string found = _received.ToString(0, at + text.Length);
                _received.Remove(0, at + text.Length);
                return found;
            }

            try
            {
                // A read of a terminal sits in the system and hears no token: the wait for it has the limit.
                int count = await ReadAsync(buffer, cancellationToken);
                Assert.True(count > 0, $"The wire ended before '{text}'; it had '{_received}'.");
                _received.Append(Encoding.Latin1.GetString(buffer.AsSpan(0, count)));
            }
            catch (TimeoutException)
            {
                Assert.Fail($"'{text}' did not come within {Limit}; there is '{_received}'.");
            }
        }
    }

    /// <summary>Takes counted bytes, in reads of the buffer's size.</summary>
    internal async Task CopyAsync(Stream target, int count, byte[] buffer, CancellationToken cancellationToken)
    {
        while (count > 0)
        {
            if (_received.Length == 0)
            {
                int read = await ReadAsync(buffer, cancellationToken);
                Assert.True(read > 0, "The wire ended inside counted bytes.");
                _received.Append(Encoding.Latin1.GetString(buffer.AsSpan(0, read)));
            }

            int taken = Math.Min(count, _received.Length);
            await target.WriteAsync(Encoding.Latin1.GetBytes(_received.ToString(0, taken)), cancellationToken);
            _received.Remove(0, taken);
            count -= taken;
        }
    }

    /// <summary>Reads once, within the limit.</summary>
    internal Task<int> ReadAsync(byte[] buffer, CancellationToken cancellationToken) =>
        stream.ReadAsync(buffer, cancellationToken).AsTask().WaitAsync(Limit, TimeProvider.System, cancellationToken);

    public ValueTask DisposeAsync() => stream.DisposeAsync();
}
