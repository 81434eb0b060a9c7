namespace ModemDriver.EndToEnd.Tests.Streams;

/// <summary>
/// What every Stream does besides whose module has a verdict on what is sent, and tells that the peer has closed: all but
/// transparent mode.
/// </summary>
public abstract class StreamConformance : TransferConformance
{
    [Fact]
    public async Task What_came_before_the_peer_closed_is_read_and_then_zero_again_and_again()
    {
        await using StreamPair pair = await CreateAsync();
        byte[] sent = Traffic.Bytes(20_000, 7);
        Task writing = pair.Far.WriteAsync(sent, Token).AsTask();
        var first = new byte[10];
        await pair.Near.ReadExactlyAsync(first, Token).Within(Token);
        var rest = new MemoryStream();
        Task copying = pair.Near.CopyToAsync(rest, Token);
        await writing.Within(Token);
        await pair.Far.DisposeAsync();

        await copying.Within(Token);

        byte[] received = [.. first, .. rest.ToArray()];
        Assert.Equal(sent, received);
        Assert.Equal(0, await pair.Near.ReadAsync(new byte[10], Token).Within(Token));
        Assert.Equal(0, await pair.Near.ReadAsync(new byte[10], Token).Within(Token));
    }

    [Fact]
    public async Task Writing_to_a_peer_that_has_closed_ends_with_the_reason()
    {
        await using StreamPair pair = await CreateAsync();
        await pair.Far.DisposeAsync();
        Assert.Equal(0, await pair.Near.ReadAsync(new byte[4], Token).Within(Token));

        IOException closed = await Assert.ThrowsAsync<IOException>(
            () => pair.Near.WriteAsync(new byte[4], Token).AsTask().Within(Token));

        Assert.Equal(LinkFailure.ClosedByPeer, Assert.IsType<LinkException>(closed.InnerException).Reason);
    }

    [Fact]
    public async Task A_flush_completes_once_the_peer_can_have_the_bytes()
    {
        await using StreamPair pair = await CreateAsync();

        // More than the network holds for a peer that does not read, less than the buffer of the Stream.
        byte[] sent = Traffic.Bytes(50_000, 15);
        await pair.Near.WriteAsync(sent, Token).Within(Token);
        Task flushing = pair.Near.FlushAsync(Token);
        Assert.False(flushing.IsCompleted);
        var heard = new byte[sent.Length];
        await pair.Far.ReadExactlyAsync(heard.AsMemory(0, 1000), Token).Within(Token);
        Assert.False(flushing.IsCompleted);

        await pair.Far.ReadExactlyAsync(heard.AsMemory(1000), Token).Within(Token);

        await flushing.Within(Token);
        Assert.Equal(sent, heard);
        await pair.Near.FlushAsync(Token).Within(Token);
    }
}
