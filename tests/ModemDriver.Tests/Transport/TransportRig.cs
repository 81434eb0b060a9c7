using ModemDriver.Transport;

namespace ModemDriver.Tests.Transport;

/// <summary>A transport that is not opened yet, and the other end of its wire.</summary>
internal abstract class TransportRig : IAsyncDisposable
{
    public abstract ITransport Transport { get; }

    public RecordingSink Sink { get; } = new();

    /// <summary>The other end writes, and waits for as long as the deadline allows.</summary>
    public abstract Task PeerWriteAsync(ReadOnlyMemory<byte> data);

    /// <summary>The other end reads at least one byte; 0 at the end.</summary>
    public abstract Task<int> PeerReadAsync(Memory<byte> buffer);

    /// <summary>The other end goes without a word.</summary>
    public abstract void Unplug();

    public Task OpenAsync(CancellationToken cancellationToken) =>
        Transport.OpenAsync(Sink, cancellationToken).Within(cancellationToken);

    public async Task<byte[]> PeerReadExactlyAsync(int count)
    {
        byte[] all = new byte[count];
        int have = 0;
        while (have < count)
        {
            int read = await PeerReadAsync(all.AsMemory(have));
            Assert.True(read > 0, $"The wire ended after {have} of {count} bytes.");
            have += read;
        }

        return all;
    }

    public async ValueTask DisposeAsync()
    {
        await Transport.DisposeAsync().Within(TestContext.Current.CancellationToken);
        Unplug();
    }
}
