using System.IO.Pipelines;
using System.Threading.Channels;
using Microsoft.Extensions.Time.Testing;
using ModemDriver.Clients;

namespace ModemDriver.Tests.Clients;

/// <summary>A managed client over connections of the test, on a clock of the test.</summary>
internal sealed class ManagedTcpRig : IAsyncDisposable
{
    private static readonly TimeSpan RealLimit = TimeSpan.FromSeconds(120);

    private readonly Channel<ManagedTcpChange> _changes = System.Threading.Channels.Channel.CreateUnbounded<ManagedTcpChange>();
    private readonly Channel<PeerEnd> _peers = System.Threading.Channels.Channel.CreateUnbounded<PeerEnd>();
    private readonly CancellationTokenSource _stop = new();

    public ManagedTcpRig(ManagedTcpOptions options)
    {
        Client = new ManagedTcpClient(ConnectAsync, options with { TimeProvider = Time });
        Client.Changed += (_, change) => Assert.True(_changes.Writer.TryWrite(change));
    }

    public FakeTimeProvider Time { get; } = new();

    public ManagedTcpClient Client { get; }

    public Task? Running { get; private set; }

    /// <summary>What a connect does instead of succeeding.</summary>
    public Func<CancellationToken, ValueTask<Stream>>? Instead { get; set; }

    public void Run(Func<Stream, CancellationToken, Task> use) => Running = Client.RunAsync(use, _stop.Token);

    /// <summary>The next change; time passes until it comes.</summary>
    public Task<ManagedTcpChange> NextAsync(TimeSpan step = default) =>
        PassAsync(_changes.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask(), step);

    /// <summary>The next change to a state.</summary>
    public async Task<ManagedTcpChange> NextAsync(ManagedTcpState state)
    {
        ManagedTcpChange change;
        do
        {
            change = await NextAsync(TimeSpan.FromMilliseconds(100));
        }
        while (change.State != state);

        return change;
    }

    public Task<PeerEnd> AcceptAsync() => PassAsync(
        _peers.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask(), TimeSpan.FromMilliseconds(100));

    /// <summary>Lets time pass until something is done; with a real limit, so that a mistake does not hang.</summary>
    public async Task<T> PassAsync<T>(Task<T> task, TimeSpan step)
    {
        long started = TimeProvider.System.GetTimestamp();
        while (!task.IsCompleted)
        {
            Assert.True(TimeProvider.System.GetElapsedTime(started) < RealLimit, "it does not come");
            Time.Advance(step);
            await Task.Yield();
        }

        return await task;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        if (Running is { } running)
        {
            await running.WaitAsync(RealLimit).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            Assert.True(running.IsCompleted);
        }

        _stop.Dispose();
    }

    private async ValueTask<Stream> ConnectAsync(CancellationToken cancellationToken)
    {
        if (Instead is { } instead)
        {
            return await instead(cancellationToken);
        }

        var toPeer = new Pipe();
        var toClient = new Pipe();
        await _peers.Writer.WriteAsync(new PeerEnd(toClient.Writer, toPeer.Reader), cancellationToken);
        return new DuplexStream(toClient.Reader.AsStream(), toPeer.Writer.AsStream());
    }
}

/// <summary>The peer's side of a connection.</summary>
internal sealed class PeerEnd(PipeWriter output, PipeReader input)
{
    public PipeWriter Output => output;

    public PipeReader Input => input;
}
