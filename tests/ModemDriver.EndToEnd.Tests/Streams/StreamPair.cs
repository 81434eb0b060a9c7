namespace ModemDriver.EndToEnd.Tests.Streams;

/// <summary>The Stream under test, and its peer.</summary>
/// <param name="Near">Under test.</param>
/// <param name="Far">The other end; disposing it is an orderly close.</param>
/// <param name="Owner">What carries both.</param>
public sealed record StreamPair(Stream Near, Stream Far, IAsyncDisposable Owner) : IAsyncDisposable
{
    public async ValueTask DisposeAsync()
    {
        await Near.DisposeAsync();
        await Far.DisposeAsync();
        await Owner.DisposeAsync();
    }
}
