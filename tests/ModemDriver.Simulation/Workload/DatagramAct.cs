using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using ModemDriver.Simulation.Checks;
using ModemDriver.Simulator;

namespace ModemDriver.Simulation.Workload;

/// <summary>Datagrams both ways: each arrives whole, once and in order, or not at all.</summary>
internal static class DatagramAct
{
    private const int HeadBytes = 8;

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(4);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>Opens a link and uses it.</summary>
    public static async Task RunAsync(Stage stage, Random random)
    {
        int port = stage.Peers.NextPort();
        using InMemoryDatagramPeer peer = stage.Network.OpenDatagrams(Stage.Host, port);
        Outcome<UdpLink> opened = await stage.Calls.TryAsync(
            "OpenUdp", Limit, token => stage.Modem.OpenUdpAsync(new UdpRequest(Stage.Host, port), token));
        if (opened.Value is not { } link)
        {
            return;
        }

        int flow = stage.Peers.NewFlow(hasTraps: false).Id;
        int count = random.Next(1, 20);
        var up = new Series(stage, flow, "the peer");
        var down = new Series(stage, flow + 0x8000, "the user");
        Task receiving = ReceiveAsync(stage, link, down);
        for (int i = 0; i < count; i++)
        {
            byte[] datagram = Series.Make(flow, i, random.Next(HeadBytes, 1200));
            TimeSpan? cancel = random.Next(10) == 0 ? TimeSpan.FromMilliseconds(random.Next(100)) : null;
            await stage.Calls.TryAsync("Udp.Send", Limit, token => link.SendAsync(datagram, token), cancel);
            Take(peer, up, out IPEndPoint? module);
            if (module is not null)
            {
                peer.Send(Series.Make(flow + 0x8000, i, random.Next(HeadBytes, 1200)), module);
            }

            await stage.DelayAsync(TimeSpan.FromMilliseconds(random.Next(3) == 0 ? random.Next(300) : 0));
        }

        await stage.DelayAsync(Patience);
        Take(peer, up, out _);
        await stage.Calls.TryAsync("Udp.Dispose", LinkStream.DisposeLimit, _ => link.DisposeAsync().AsTask());
        await receiving;
        if (stage.Plan.Faults.Count == 0 && !stage.IsDisposed && up.Count != count)
        {
            stage.Ledger.Violated(Promise.Bytes, string.Create(
                CultureInfo.InvariantCulture, $"{up.Count} of {count} datagrams have arrived, and nothing went wrong"));
        }
    }

    private static void Take(InMemoryDatagramPeer peer, Series up, out IPEndPoint? module)
    {
        module = null;
        while (peer.TryReceive(out InMemoryDatagram datagram))
        {
            module = datagram.Sender;
            up.Check(datagram.Data.Span);
        }
    }

    private static async Task ReceiveAsync(Stage stage, UdpLink link, Series down)
    {
        while (true)
        {
            Outcome<Datagram> received = await stage.Calls.TryAsync(
                "Udp.Receive", TimeSpan.FromHours(3), token => link.ReceiveAsync(token));
            if (received.Value is not { } datagram)
            {
                return;
            }

            down.Check(datagram.Data.Span);
        }
    }

    /// <summary>Datagrams of one direction.</summary>
    private sealed class Series(Stage stage, int flow, string who)
    {
        private int _next;

        /// <summary>How many were right.</summary>
        public int Count { get; private set; }

        /// <summary>Makes one, whose bytes say which it is and how long.</summary>
        public static byte[] Make(int flow, int number, int length)
        {
            var bytes = new byte[length];
            BinaryPrimitives.WriteUInt16BigEndian(bytes, (ushort)flow);
            BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(2), (uint)number);
            BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(6), (ushort)length);
            new Random((flow * 10_007) + number).NextBytes(bytes.AsSpan(HeadBytes));
            return bytes;
        }

        /// <summary>Compares one that has arrived.</summary>
        public void Check(ReadOnlySpan<byte> datagram)
        {
            string? wrong = Judge(datagram);
            if (wrong is null)
            {
                Count++;
                stage.Ledger.BytesCarried += datagram.Length;
            }
            else if (stage.HasNoise)
            {
                stage.Ledger.Count("excused: payload bytes changed on the wire");
            }
            else
            {
                stage.Ledger.Violated(Promise.Bytes, $"{who} has received {wrong}");
            }
        }

        private string? Judge(ReadOnlySpan<byte> datagram)
        {
            if (datagram.Length < HeadBytes || BinaryPrimitives.ReadUInt16BigEndian(datagram) != flow)
            {
                return string.Create(
                    CultureInfo.InvariantCulture,
                    $"a datagram of {datagram.Length} bytes that is none of flow {flow}: {Convert.ToHexStringLower(datagram[..Math.Min(32, datagram.Length)])}");
            }

            int number = (int)BinaryPrimitives.ReadUInt32BigEndian(datagram[2..]);
            int length = BinaryPrimitives.ReadUInt16BigEndian(datagram[6..]);
            if (length != datagram.Length || !datagram.SequenceEqual(Make(flow, number, length)))
            {
                return string.Create(
                    CultureInfo.InvariantCulture, $"{datagram.Length} bytes of datagram {number}, which has {length}");
            }

            if (number < _next)
            {
                return string.Create(CultureInfo.InvariantCulture, $"datagram {number} again, or after {_next - 1}");
            }

            _next = number + 1;
            return null;
        }
    }
}
