using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using ModemDriver.Simulator.Time;

namespace ModemDriver.Simulator.Ways;

/// <summary>The way in through TCP: raw bytes, one client after the other.</summary>
#pragma warning disable CA1001 // Close lets go of them.
internal sealed class TcpHostPort : HostPort
#pragma warning restore CA1001
{
    private readonly Socket _listener;
    private readonly CancellationTokenSource _life = new();
    private volatile Socket? _client;

    internal TcpHostPort(SimulatorLoop loop, TimeProvider time, int port)
        : base(loop, PipeScheduler.ThreadPool, time)
    {
        _listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            _listener.Bind(new IPEndPoint(IPAddress.Loopback, port));
            _listener.Listen(1);
        }
        catch
        {
            _listener.Dispose();
            throw;
        }

        Port = ((IPEndPoint)_listener.LocalEndPoint!).Port; // It is bound.
        _ = Task.Run(ServeAsync);
    }

    internal int Port { get; }

    internal override bool IsListened => _client is not null;

    protected override void Close()
    {
        _life.Cancel();
        _listener.Dispose();
        _client?.Dispose();
    }

    private async Task ServeAsync()
    {
        while (!_life.IsCancellationRequested)
        {
            try
            {
                using Socket client = await _listener.AcceptAsync(_life.Token).ConfigureAwait(false);
                client.NoDelay = true;
                await ServeAsync(client).ConfigureAwait(false);
            }
            catch (Exception ended) when (ended is SocketException or OperationCanceledException
                or ObjectDisposedException)
            {
                // The client went, or the port was closed: the loop's condition tells which.
                _client = null;
            }
        }
    }

    private async Task ServeAsync(Socket client)
    {
        using var served = CancellationTokenSource.CreateLinkedTokenSource(_life.Token);
        _client = client;
        Task sending = SendAsync(client, served.Token);
        try
        {
            while (true)
            {
                Memory<byte> room = OutsideWriter.GetMemory(4096);
                int count = await client.ReceiveAsync(room, SocketFlags.None, served.Token).ConfigureAwait(false);
                if (count == 0)
                {
                    return;
                }

                Arrivals.Add(count);
                OutsideWriter.Advance(count);
                await OutsideWriter.FlushAsync(served.Token).ConfigureAwait(false);
            }
        }
        finally
        {
            _client = null;
            await served.CancelAsync().ConfigureAwait(false);
            await sending.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task SendAsync(Socket client, CancellationToken cancellationToken)
    {
        while (true)
        {
            ReadResult read = await OutsideReader.ReadAsync(cancellationToken).ConfigureAwait(false);
            try
            {
                foreach (ReadOnlyMemory<byte> segment in read.Buffer)
                {
                    await SendAsync(client, segment, cancellationToken).ConfigureAwait(false);
                }
            }
            finally
            {
                // What a client that went has not taken is not the next one's.
                OutsideReader.AdvanceTo(read.Buffer.End);
            }

            if (read.IsCompleted)
            {
                return;
            }
        }
    }

    private static async Task SendAsync(Socket client, ReadOnlyMemory<byte> data, CancellationToken cancellationToken)
    {
        while (!data.IsEmpty)
        {
            data = data[await client.SendAsync(data, SocketFlags.None, cancellationToken).ConfigureAwait(false)..];
        }
    }
}
