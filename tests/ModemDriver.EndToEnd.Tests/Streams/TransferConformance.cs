namespace ModemDriver.EndToEnd.Tests.Streams;

/// <summary>What every Stream of the driver does, whatever carries it, as long as its peer is there.</summary>
public abstract class TransferConformance
{
    // Far more than all buffers on the way hold together while the peer does not read.
    private const int TooMuch = 600_000;
    private const int PacketBytes = 5000;

    private protected static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>A connected pair.</summary>
    private protected abstract Task<StreamPair> CreateAsync();

    [Fact]
    public async Task Every_overload_of_reading_gives_the_bytes()
    {
        await using StreamPair pair = await CreateAsync();
        await pair.Far.WriteAsync("abcdefghij"u8.ToArray(), Token);
        var buffer = new byte[10];

        await pair.Near.ReadExactlyAsync(buffer.AsMemory(0, 2), Token).Within(Token);
        await Task.Run(() => Assert.Equal(2, pair.Near.Read(buffer, 2, 2)), Token).Within(Token);
        await Task.Run(() => Assert.Equal(2, pair.Near.Read(buffer.AsSpan(4, 2))), Token).Within(Token);
        Assert.Equal(2, await pair.Near.ReadAsync(buffer, 6, 2, Token).Within(Token));
        IAsyncResult begun = pair.Near.BeginRead(buffer, 8, 2, null, null);
        Assert.Equal(2, await Task.Factory.FromAsync(begun, pair.Near.EndRead).Within(Token));

        Assert.Equal("abcdefghij"u8.ToArray(), buffer);
    }

    [Fact]
    public async Task Every_overload_of_writing_sends_the_bytes()
    {
        await using StreamPair pair = await CreateAsync();

        await pair.Near.WriteAsync("ab"u8.ToArray(), Token).Within(Token);
        await pair.Near.WriteAsync("cd"u8.ToArray(), 0, 2, Token).Within(Token);
        await Task.Run(() => pair.Near.Write("ef"u8.ToArray(), 0, 2), Token).Within(Token);
        await Task.Run(() => pair.Near.Write("gh"u8), Token).Within(Token);
        IAsyncResult begun = pair.Near.BeginWrite("ij"u8.ToArray(), 0, 2, null, null);
        await Task.Factory.FromAsync(begun, pair.Near.EndWrite).Within(Token);

        var heard = new byte[10];
        await pair.Far.ReadExactlyAsync(heard, Token).Within(Token);
        Assert.Equal("abcdefghij"u8.ToArray(), heard);
    }

    [Fact]
    public async Task A_read_of_nothing_waits_for_bytes_and_takes_none()
    {
        await using StreamPair pair = await CreateAsync();

        Task<int> waiting = pair.Near.ReadAsync(Memory<byte>.Empty, Token).AsTask();
        await pair.Far.WriteAsync("x"u8.ToArray(), Token);

        Assert.Equal(0, await waiting.Within(Token));
        Assert.Equal(1, await pair.Near.ReadAsync(new byte[4], Token).Within(Token));
    }

    [Fact]
    public async Task Cancelled_reads_lose_nothing()
    {
        await using StreamPair pair = await CreateAsync();
        byte[] sent = Traffic.Bytes(30_000, 8);
        var received = new List<byte>();
        var buffer = new byte[300];
        await CancelReadsOfNothingAsync(pair.Near, buffer);
        Task writing = WriteInPiecesAsync(pair.Far, sent, 500);
        for (var i = 0; received.Count < sent.Length; i++)
        {
            using var impatience = CancellationTokenSource.CreateLinkedTokenSource(Token);
            Task<int> reading = pair.Near.ReadAsync(buffer, impatience.Token).AsTask();
            if (i % 2 == 0)
            {
                await impatience.CancelAsync();
            }

            try
            {
                received.AddRange(buffer.AsSpan(0, await reading.Within(Token)));
            }
            catch (OperationCanceledException) when (impatience.IsCancellationRequested)
            {
                // Whether data or the token came first is up to the machine; either way nothing may be missing.
            }
        }

        await writing.Within(Token);
        Assert.Equal(sent, received);
    }

    [Fact]
    public async Task A_token_that_has_fired_stops_reads_and_writes_before_they_begin()
    {
        await using StreamPair pair = await CreateAsync();
        var fired = new CancellationToken(canceled: true);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => pair.Near.ReadAsync(new byte[4], fired).AsTask());
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => pair.Near.WriteAsync("never"u8.ToArray(), fired).AsTask());

        await pair.Near.WriteAsync("only this"u8.ToArray(), Token).Within(Token);
        var heard = new byte[9];
        await pair.Far.ReadExactlyAsync(heard, Token).Within(Token);
        Assert.Equal("only this"u8.ToArray(), heard);
    }

    [Fact]
    public async Task A_cancelled_write_is_sent_whole_or_not_at_all()
    {
        await using StreamPair pair = await CreateAsync();
        var accepted = new List<byte>();
        int cancelled = 0;

        // Nobody hears, so that after what the buffers hold every write has to wait, and finds its token fired.
        for (byte i = 0; i < TooMuch / PacketBytes; i++)
        {
            using var impatience = CancellationTokenSource.CreateLinkedTokenSource(Token);
            byte[] packet = [.. Enumerable.Repeat(i, PacketBytes)];
            Task writing = pair.Near.WriteAsync(packet, impatience.Token).AsTask();
            await impatience.CancelAsync();
            try
            {
                await writing.Within(Token);
                accepted.AddRange(packet);
            }
            catch (OperationCanceledException) when (impatience.IsCancellationRequested)
            {
                cancelled++;
            }
        }

        Assert.NotEqual(0, cancelled);
        Assert.NotEmpty(accepted);
        Task<byte[]> hearing = ReadToEndAsync(pair.Far);
        await pair.Near.FlushAsync(Token).Within(Token);
        await pair.Near.DisposeAsync().Within(Token);
        Assert.Equal(accepted, await hearing.Within(Token));
    }

    [Fact]
    public async Task Two_hundred_small_writes_arrive_in_order_both_ways_at_once()
    {
        await using StreamPair pair = await CreateAsync();
        byte[] up = Traffic.Bytes(200 * 17, 9);
        byte[] down = Traffic.Bytes(200 * 23, 10);
        var heard = new byte[up.Length];
        var received = new byte[down.Length];

        await Task.WhenAll(
            WriteInPiecesAsync(pair.Near, up, 17),
            WriteInPiecesAsync(pair.Far, down, 23),
            pair.Near.ReadExactlyAsync(received, Token).AsTask(),
            pair.Far.ReadExactlyAsync(heard, Token).AsTask()).Within(Token);

        Assert.Equal(up, heard);
        Assert.Equal(down, received);
    }

    [Fact]
    public async Task Disposing_wakes_a_write_that_waits_and_sends_what_was_accepted()
    {
        await using StreamPair pair = await CreateAsync();
        byte[] first = Traffic.Bytes(30_000, 16);
        await pair.Near.WriteAsync(first, Token).Within(Token);
        Task writing = pair.Near.WriteAsync(new byte[TooMuch], Token).AsTask();
        Assert.False(writing.IsCompleted);

        // Not the asynchronous one: what was accepted is sent first, and nobody hears it yet.
        pair.Near.Dispose();

        await Assert.ThrowsAsync<ObjectDisposedException>(() => writing.Within(Token));
        byte[] heard = await ReadToEndAsync(pair.Far).Within(Token);
        Assert.Equal(first, heard[..first.Length]);
        Assert.InRange(heard.Length, first.Length, first.Length + TooMuch - 1);
    }

    [Fact]
    public async Task Disposing_wakes_a_read_and_may_be_repeated()
    {
        await using StreamPair pair = await CreateAsync();
        Task<int> reading = pair.Near.ReadAsync(new byte[4], Token).AsTask();

        await pair.Near.DisposeAsync().Within(Token);
        await pair.Near.DisposeAsync().Within(Token);

        await Assert.ThrowsAsync<ObjectDisposedException>(() => reading.Within(Token));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => pair.Near.ReadAsync(new byte[4], Token).AsTask());
        await Assert.ThrowsAsync<ObjectDisposedException>(() => pair.Near.WriteAsync(new byte[4], Token).AsTask());
        Assert.False(pair.Near.CanRead);
        Assert.Equal(0, await pair.Far.ReadAsync(new byte[4], Token).Within(Token));
    }

    /// <summary>The peer has sent nothing yet, so each of these reads ends by its token.</summary>
    private static async Task CancelReadsOfNothingAsync(Stream stream, byte[] buffer)
    {
        for (var i = 0; i < 5; i++)
        {
            using var impatience = CancellationTokenSource.CreateLinkedTokenSource(Token);
            Task<int> reading = stream.ReadAsync(buffer, impatience.Token).AsTask();
            await impatience.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading.Within(Token));
        }
    }

    private static async Task WriteInPiecesAsync(Stream stream, byte[] bytes, int size)
    {
        for (var at = 0; at < bytes.Length; at += size)
        {
            await stream.WriteAsync(bytes.AsMemory(at, Math.Min(size, bytes.Length - at)), Token);
        }
    }

    private static async Task<byte[]> ReadToEndAsync(Stream stream)
    {
        var all = new MemoryStream();
        await stream.CopyToAsync(all, Token);
        return all.ToArray();
    }
}
