using System.Net;
using ModemDriver.EndToEnd.Tests.Recovery;
using ModemDriver.Simulator;
using ModemDriver.Simulator.Faults;

namespace ModemDriver.EndToEnd.Tests.Faults;

/// <summary>How a link of datagrams is led.</summary>
public enum DatagramMode
{
    /// <summary>To one peer, from a port that the module picks.</summary>
    Fixed,

    /// <summary>To one peer, from a port of its own.</summary>
    LocalPort,

    /// <summary>To the first that has sent something.</summary>
    FirstSender,

    /// <summary>To whoever has sent last.</summary>
    LastSender,

    /// <summary>The only link of the module.</summary>
    Only,

    /// <summary>Beside a stream whose bytes are fetched, or pushed as the firmware can.</summary>
    BesideStream,
}

/// <summary>
/// Datagrams in both directions of a link while something goes wrong, and the modem afterwards. One may be lost; what comes is
/// whole, from whom it says, and comes once.
/// </summary>
internal sealed class DatagramRun
{
    private const int Count = 12;

    // A module that answers nothing to the end of a send: its limit, then the way back.
    private static readonly TimeSpan LongestCall = TimeSpan.FromMinutes(2);
    private static readonly IPEndPoint[] PeerEndPoints =
        [new(IPAddress.Parse(Rig.Host), 5000), new(IPAddress.Parse("10.0.0.3"), 6000)];

    private readonly VirtualRig _rig;
    private readonly DatagramMode _mode;
    private readonly string _name;
    private readonly bool _isHeardRight;
    private readonly bool _mayDouble;
    private readonly bool _isToldRight;

    private DatagramRun(VirtualRig rig, DatagramMode mode, Fault[] plan, bool isHeardRight)
    {
        _rig = rig;
        _mode = mode;
        _name = string.Join(", ", plan.AsEnumerable());
        _isHeardRight = isHeardRight;

        // An address with a digit more or less is an address.
        _isToldRight = !plan.Any(fault => fault.ToString().Contains("Byte(ToHost", StringComparison.Ordinal));

        // A line that was refused and carried out all the same is sent again: the peer may get the datagram twice.
        _mayDouble = plan.Any(fault => fault.ToString().Contains("executes: True", StringComparison.Ordinal));
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>A link of a module with these faults.</summary>
    /// <param name="firmware">Its firmware.</param>
    /// <param name="mode">How the link is led.</param>
    /// <param name="plan">What goes wrong from the opening of the link on.</param>
    /// <param name="isHeardRight">Whether what the module takes from the driver is what the driver has sent.</param>
    public static async Task RunAsync(string firmware, DatagramMode mode, Fault[] plan, bool isHeardRight = true)
    {
        await using VirtualRig rig = await VirtualRig.OnlineAsync(firmware, options => options with
        {
            ConnectionMode = mode == DatagramMode.Only ? ConnectionMode.Single : ConnectionMode.Multiple,
            ReceiveMode = firmware == "esp-at-1.7" ? ReceiveMode.Automatic : ReceiveMode.Push,
        });
        await new DatagramRun(rig, mode, plan, isHeardRight).RunAsync(plan);
    }

    private async Task RunAsync(Fault[] plan)
    {
        InMemoryDatagramPeer[] peers =
            [.. PeerEndPoints.Select(end => _rig.Network.OpenDatagrams(end.Address.ToString(), end.Port))];
        UdpLink link = await _rig.PassAsync(_rig.Modem.OpenUdpAsync(NewRequest(), Token));
        LinkStream? stream = _mode == DatagramMode.BesideStream ? await _rig.ConnectAsync() : null;
        await _rig.PassAsync(link.SendAsync(Content(2, 0), Token));
        InMemoryDatagram first = await _rig.PassAsync(peers[0].ReceiveAsync(Token).AsTask());
        Array.ForEach(plan, fault => _rig.Module.Faults.Add(fault));

        var received = new List<Datagram>();
        Task receiving = ReceiveAsync(link, received);
        Task beside = stream is null ? Task.CompletedTask : BesideAsync(stream);
        for (int i = 1; i <= Count; i++)
        {
            if (_mode != DatagramMode.FirstSender)
            {
                Send(peers[0], 0, i, first.Sender);
            }

            if (_mode is DatagramMode.FirstSender or DatagramMode.LastSender)
            {
                Send(peers[1], 1, i, first.Sender);
            }

            await SendAsync(link, i);
        }

        await _rig.PassAsync(TimeSpan.FromSeconds(5));
        await _rig.PassAsync(link.DisposeAsync().AsTask());
        await _rig.PassAsync(receiving);
        await _rig.PassAsync(beside);

        CheckReceived(received);
        CheckHeard(peers);
        Array.ForEach(peers, peer => peer.Dispose());
        await WorksAsync();
    }

    private UdpRequest NewRequest() => new(Rig.Host, 5000)
    {
        LocalPort = _mode is DatagramMode.Fixed ? null : 5001,
        PeerMode = _mode switch
        {
            DatagramMode.FirstSender => UdpPeerMode.FirstSender,
            DatagramMode.LastSender => UdpPeerMode.LastSender,
            _ => UdpPeerMode.Fixed,
        },
    };

    // Of one sender, with its number, and everything in it that could be taken for something of the wire.
    private static byte[] Content(int sender, int number) =>
        [(byte)sender, (byte)number, .. Traffic.Bytes(number * 100, (sender * 1000) + number)];

    private static void Send(InMemoryDatagramPeer peer, int sender, int number, IPEndPoint module) =>
        peer.Send(Content(sender, number), module);

    private async Task SendAsync(UdpLink link, int number)
    {
        long began = _rig.Time.GetTimestamp();
        try
        {
            await _rig.PassAsync(link.SendAsync(Content(2, number), Token));
        }
        catch (LinkException)
        {
            // It may be lost, and then the caller may be told.
        }

        TimeSpan took = _rig.Time.GetElapsedTime(began);
        Assert.True(took < LongestCall, $"{_name}: a send took {took}:\n{_rig.Wire}");
    }

    private static async Task ReceiveAsync(UdpLink link, List<Datagram> received)
    {
        try
        {
            while (true)
            {
                received.Add(await link.ReceiveAsync(Token));
            }
        }
        catch (Exception exception) when (exception is LinkException or ObjectDisposedException)
        {
            // Its end.
        }
    }

    private async Task BesideAsync(LinkStream stream)
    {
        byte[] sent = Traffic.Bytes(5000, 9);
        var heard = new byte[sent.Length];
        int count = 0;
        try
        {
            await using (stream)
            {
                await stream.WriteAsync(sent, Token);
                for (int read = 1; read > 0 && count < sent.Length; count += read)
                {
                    read = await stream.ReadAsync(heard.AsMemory(count), Token);
                }
            }
        }
        catch (IOException)
        {
            // It has failed by the fault.
        }

        Assert.True(!_isHeardRight || sent.AsSpan().StartsWith(heard.AsSpan(0, count)), Message("the stream beside it was damaged"));
    }

    private void CheckReceived(List<Datagram> received)
    {
        var seen = new HashSet<(int, int)>();
        foreach (Datagram datagram in received)
        {
            byte[] data = datagram.Data.ToArray();
            Assert.True(data.Length >= 2 && data[0] < 2 && data.AsSpan().SequenceEqual(Content(data[0], data[1])), Message("a damaged datagram was received"));
            Assert.True(!_isToldRight || PeerEndPoints[data[0]].Equals(datagram.RemoteEndPoint), Message($"{datagram.RemoteEndPoint} was named"));
            Assert.True(seen.Add((data[0], data[1])), Message("a datagram was received twice"));
        }
    }

    private void CheckHeard(InMemoryDatagramPeer[] peers)
    {
        var seen = new HashSet<int>();
        foreach (InMemoryDatagramPeer peer in peers)
        {
            while (_isHeardRight && peer.TryReceive(out InMemoryDatagram datagram))
            {
                byte[] data = datagram.Data.ToArray();
                Assert.True(data.Length >= 2 && data.AsSpan().SequenceEqual(Content(2, data[1])), Message("a damaged datagram was heard"));
                Assert.True(seen.Add(data[1]) || _mayDouble, Message("a datagram was heard twice"));
            }
        }
    }

    private string Message(string what) => $"{_name}: {what}:\n{_rig.Wire}";

    private async Task WorksAsync()
    {
        _rig.Module.Faults.Clear();
        await _rig.PassAsync(TimeSpan.FromMilliseconds(100));
        await _rig.PassAsync(_rig.Modem.WaitForStateAsync(ModemState.Online, LongestCall, Token));
        try
        {
            using InMemoryDatagramPeer peer = _rig.Network.OpenDatagrams(Rig.Host, 5002);
            UdpLink link = await _rig.PassAsync(_rig.Modem.OpenUdpAsync(new UdpRequest(Rig.Host, 5002), Token));
            await _rig.PassAsync(link.SendAsync(Content(2, 5), Token));
            InMemoryDatagram heard = await _rig.PassAsync(peer.ReceiveAsync(Token).AsTask());
            Assert.Equal(Content(2, 5), heard.Data.ToArray());
            peer.Send(Content(0, 5), heard.Sender);
            Datagram answer = await _rig.PassAsync(link.ReceiveAsync(Token));
            Assert.Equal(Content(0, 5), answer.Data.ToArray());
            await _rig.PassAsync(link.DisposeAsync().AsTask());
            await _rig.NewLinkWorksAsync();
        }
        catch (Exception exception) when (exception is IOException or LinkException)
        {
            Assert.Fail(Message($"does not work afterwards: {exception.Message}"));
        }
    }
}
