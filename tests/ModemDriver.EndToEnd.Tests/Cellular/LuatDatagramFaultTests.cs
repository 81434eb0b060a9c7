using System.Collections.Concurrent;
using ModemDriver.EndToEnd.Tests.Recovery;
using ModemDriver.Simulator;
using ModemDriver.Simulator.Faults;

namespace ModemDriver.EndToEnd.Tests.Cellular;

/// <summary>
/// Whatever goes wrong on a UDP link: a datagram arrives whole, once and in order, or not at all; one whose sending was
/// confirmed arrives; every call ends; and the modem works afterwards.
/// </summary>
public sealed class LuatDatagramFaultTests
{
    private const int Count = 12;

    private static readonly Fault[][] Plans =
    [
        [],
        [Fault.SplitOutput(1)],
        [Fault.SplitOutputRandomly(7), Fault.DelayOutput(700, TimeSpan.FromSeconds(2))],
        [Fault.Busy(3)],
        [Fault.LateAnswer("AT+CIPSEND", 1, TimeSpan.FromSeconds(5))],
        [Fault.LateAnswer("AT+CIPSEND", 2, TimeSpan.FromSeconds(70)), Fault.SplitOutput(3)],
        [Fault.MissingAnswer("AT+CIPSEND", 1)],
        [Fault.LostPrompt()],
        [Fault.Splice("AT+CIPSEND", 2, 0, "\r\n+CGREG: 2,1,\"1863\",\"0183db22\",7\r\n")],
        [Fault.Splice("AT+CIPSEND", 1, 100_000, "\r\n^MODE: 17,17\r\n")],
        [Fault.ResetAt(1)],
        [Fault.ResetAt(4, ResetCause.BrownOut)],
        [Fault.UnplugAt(3)],
    ];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<string, ConnectionMode, int> Rows()
    {
        var rows = new TheoryData<string, ConnectionMode, int>();
        foreach (string firmware in (string[])["air820", "air780", "air780ep", "air780eq"])
        {
            for (int plan = 0; plan < Plans.Length; plan++)
            {
                rows.Add(firmware, ConnectionMode.Multiple, plan);
                rows.Add(firmware, ConnectionMode.Single, plan);
            }
        }

        return rows;
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public async Task Datagrams_arrive_whole_once_and_in_order_or_not_at_all(string firmware, ConnectionMode mode, int plan)
    {
        string name = string.Join(", ", Plans[plan].AsEnumerable());
        await using VirtualRig rig = await VirtualRig.OnlineAsync(
            firmware, options => options with { ReceiveMode = ReceiveMode.Push, ConnectionMode = mode });
        using InMemoryDatagramPeer peer = rig.Network.OpenDatagrams(Rig.Host, 5000);
        UdpLink link = await rig.PassAsync(rig.Modem.OpenUdpAsync(new UdpRequest(Rig.Host, 5000), Token));
        foreach (Fault fault in Plans[plan])
        {
            rig.Module.Faults.Add(fault);
        }

        var heard = new ConcurrentQueue<byte[]>();
        var read = new ConcurrentQueue<byte[]>();
        Task hearing = HearAsync(peer, heard);
        Task reading = ReadAsync(link, read);
        List<int> confirmed = await rig.PassAsync(SendAsync(link));
        await rig.PassAsync(TimeSpan.FromSeconds(5));

        // The peer and the reader go on beside the pump.
        for (int i = 0; i < 20_000 && !HasAll(heard, confirmed, plan == 0 ? read.Count : Count); i++)
        {
            await rig.PassAsync(TimeSpan.FromMilliseconds(50));
        }

        rig.Module.Faults.Clear();
        await rig.PassAsync(link.DisposeAsync().AsTask());
        await rig.PassAsync(reading);

        AreInOrder(heard, $"{name}, heard:\n{rig.Wire}");
        AreInOrder(read, $"{name}, read:\n{rig.Wire}");
        Assert.False(hearing.IsFaulted, name);
        Assert.True(HasAll(heard, confirmed, Count), $"{name}: one was confirmed, and lost:\n{rig.Wire}");
        Assert.True(plan != 0 || (confirmed.Count == Count && read.Count == Count), $"{confirmed.Count}, {heard.Count}, {read.Count}:\n{rig.Wire}");
        await rig.PassAsync(rig.Modem.WaitForStateAsync(ModemState.Online, TimeSpan.FromHours(1), Token));
        await rig.NewLinkWorksAsync();
    }

    private static bool HasAll(ConcurrentQueue<byte[]> heard, List<int> confirmed, int read) =>
        read == Count && confirmed.TrueForAll(number => heard.Any(datagram => datagram[0] == number));

    // The first byte is its number, and all bytes and the length follow from that.
    private static byte[] Datagram(int number)
    {
        byte[] all = Traffic.Bytes(1 + (number * 120), seed: number);
        all[0] = (byte)number;
        return all;
    }

    private static void AreInOrder(ConcurrentQueue<byte[]> datagrams, string what)
    {
        int last = -1;
        foreach (byte[] datagram in datagrams)
        {
            Assert.True(datagram[0] > last, what);
            last = datagram[0];
            Assert.True(Datagram(last).AsSpan().SequenceEqual(datagram), what);
        }
    }

    private static async Task<List<int>> SendAsync(UdpLink link)
    {
        var confirmed = new List<int>();
        for (int i = 0; i < Count; i++)
        {
            try
            {
                await link.SendAsync(Datagram(i), Token);
                confirmed.Add(i);
            }
            catch (ModemException)
            {
                // Not confirmed: it may have arrived or not.
            }
        }

        return confirmed;
    }

    // And each comes back.
    private static async Task HearAsync(InMemoryDatagramPeer peer, ConcurrentQueue<byte[]> heard)
    {
        for (int i = 0; i < Count; i++)
        {
            InMemoryDatagram datagram = await peer.ReceiveAsync(Token);
            heard.Enqueue(datagram.Data.ToArray());
            peer.Send(datagram.Data.Span, datagram.Sender);
        }
    }

    private static async Task ReadAsync(UdpLink link, ConcurrentQueue<byte[]> read)
    {
        try
        {
            await foreach (Datagram datagram in link.ReceiveAllAsync(Token))
            {
                read.Enqueue(datagram.Data.ToArray());
            }
        }
        catch (LinkException)
        {
            // The link has failed, which its reader is told.
        }
    }
}
