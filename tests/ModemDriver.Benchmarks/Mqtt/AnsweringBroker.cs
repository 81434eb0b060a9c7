using System.Net;
using System.Net.Sockets;

namespace ModemDriver.Benchmarks.Mqtt;

/// <summary>Answers what a publishing client sends, over TCP, and does nothing else; by hand, so that it costs little.</summary>
internal sealed class AnsweringBroker : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _serving;
    private long _published;

    public AnsweringBroker()
    {
        _listener.Start();
        _serving = ServeAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>How many PUBLISH have come.</summary>
    public long Published => Volatile.Read(ref _published);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        await _serving.WaitAsync(TimeSpan.FromSeconds(10), TimeProvider.System);
        _stop.Dispose();
    }

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                using Socket client = await _listener.AcceptSocketAsync(_stop.Token);
                client.NoDelay = true;
                await ServeAsync(client);
            }
        }
        catch (Exception e) when (e is OperationCanceledException || _stop.IsCancellationRequested)
        {
            // The end of the benchmark, which closes the socket as well.
        }
    }

    private async Task ServeAsync(Socket client)
    {
        byte[] input = new byte[256 * 1024];
        byte[] output = new byte[256 * 1024];
        int end = 0;
        while (true)
        {
            int read = await client.ReceiveAsync(input.AsMemory(end), SocketFlags.None, _stop.Token);
            if (read == 0)
            {
                return;
            }

            int used = Answer(input.AsSpan(0, end + read), output, out int answered);
            input.AsSpan(used, end + read - used).CopyTo(input);
            end += read - used;
            for (int at = 0; at < answered;)
            {
                at += await client.SendAsync(output.AsMemory(at, answered - at), SocketFlags.None, _stop.Token);
            }
        }
    }

    /// <summary>Answers the whole packets of a span.</summary>
    /// <returns>How many bytes they had.</returns>
    private int Answer(ReadOnlySpan<byte> input, Span<byte> output, out int answered)
    {
        int at = 0;
        answered = 0;
        while (TryRead(input[at..], out byte header, out ReadOnlySpan<byte> body, out int length))
        {
            at += length;
            switch (header >> 4)
            {
                case 1: // CONNECT: CONNACK
                    answered += Put(output[answered..], 0x20, 0, 0);
                    break;
                case 3: // PUBLISH: PUBACK or PUBREC with the identifier behind the topic
                    Interlocked.Increment(ref _published);
                    int topic = (body[0] << 8) | body[1];
                    if ((header & 0x06) != 0)
                    {
                        byte kind = (header & 0x06) == 0x02 ? (byte)0x40 : (byte)0x50;
                        answered += Put(output[answered..], kind, body[2 + topic], body[3 + topic]);
                    }

                    break;
                case 6: // PUBREL: PUBCOMP
                    answered += Put(output[answered..], 0x70, body[0], body[1]);
                    break;
                case 12: // PINGREQ: PINGRESP
                    (output[answered], output[answered + 1]) = (0xD0, 0);
                    answered += 2;
                    break;
                default: // DISCONNECT; nothing else is sent here
                    break;
            }
        }

        return at;
    }

    private static int Put(Span<byte> output, byte kind, byte high, byte low)
    {
        (output[0], output[1], output[2], output[3]) = (kind, 2, high, low);
        return 4;
    }

    private static bool TryRead(ReadOnlySpan<byte> input, out byte header, out ReadOnlySpan<byte> body, out int length)
    {
        header = 0;
        body = default;
        length = 0;
        int rest = 0;
        for (int i = 1; i < input.Length && i < 5; i++)
        {
            rest |= (input[i] & 0x7F) << (7 * (i - 1));
            if (input[i] < 0x80)
            {
                length = 1 + i + rest;
                if (length > input.Length)
                {
                    return false;
                }

                header = input[0];
                body = input.Slice(1 + i, rest);
                return true;
            }
        }

        return false;
    }
}
