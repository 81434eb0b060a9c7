using System.Net;
using ModemDriver.Tests.Quirks;

namespace ModemDriver.Tests.Links;

/// <summary>UDP links, word for word.</summary>
public sealed class UdpTests
{
    private const string Open = "AT+CIPSTART=4,\"UDP\",\"10.0.0.2\",5000";

    private static readonly UdpRequest ToPeer = new("10.0.0.2", 5000);

    private static readonly Firmware PerLink = Firmware.EspAt23 with
    {
        Version = "AT version:4.0.0.0(s-5f1b2c3 - ESP32C3 - Nov  7 2024 09:12:40)\r\n",
    };

    [Theory]
    [EverySplit("10.0.0.7,6000")]
    [EverySplit("\"10.0.0.7\",6000")]
    public void Datagrams_keep_their_borders_and_senders(Split split, string sender)
    {
        Dialogue d = Dialogue.Online(split, Firmware.EspAt20);
        UdpLink link = Opened(d);
        d.Say($"\r\n+IPD,4,4,{sender}:ping\r\n+IPD,4,0,{sender}:\r\n+IPD,4,11,{sender}:\r\n+IPD,4,1:WIFI CONNECTED\r\n\r\n+IPD,4,2:no");

        Assert.Equal(["ping", "", "\r\n+IPD,4,1:", "no"], Take(d, link, 4, out Datagram[] datagrams));
        IPEndPoint from = new(IPAddress.Parse("10.0.0.7"), 6000);
        Assert.Equal([from, from, from, null], datagrams.Select(datagram => datagram.RemoteEndPoint));
        Assert.Equal(17, link.Info.BytesReceived);
        d.EndsWith(ModemState.Online, "4 Open 10.0.0.2:5000");
    }

    [Theory, EverySplit]
    public void An_IPv6_sender_is_read_with_its_colons(Split split)
    {
        Dialogue d = Dialogue.Online(split, Firmware.EspAt20);
        UdpLink link = Opened(d);
        d.Say("\r\n+IPD,4,2,\"fe80::a6cf:12ff:feaa:bbcc\",6000:hi");

        Take(d, link, 1, out Datagram[] datagrams);
        Assert.Equal(new IPEndPoint(IPAddress.Parse("fe80::a6cf:12ff:feaa:bbcc"), 6000), datagrams[0].RemoteEndPoint);
    }

    [Theory, EverySplit]
    public void Single_mode_has_no_numbers(Split split)
    {
        Dialogue d = Dialogue.Online(split, Firmware.EspAt20, o => o with { ConnectionMode = ConnectionMode.Single });
        Task<UdpLink> opening = Ask(d, ToPeer with { LocalPort = 5001 });
        d.Exchange("AT+CIPDINFO=1");
        d.Exchange("AT+CIPSTART=\"UDP\",\"10.0.0.2\",5000,5001,0", "CONNECT\r\n\r\nOK\r\n");
        UdpLink link = Dialogue.ResultOf(opening);
        d.Say("\r\n+IPD,2,\"10.0.0.7\",6000:hi");

        Assert.Equal(["hi"], Take(d, link, 1, out Datagram[] datagrams));
        Assert.Equal(6000, datagrams[0].RemoteEndPoint?.Port);
        Task sending = Send(d, link, "x");
        d.Exchange("AT+CIPSEND=1,\"10.0.0.2\",5000", "\r\nOK\r\n\r\n>");
        d.HearBytes("x");
        d.Say("\r\nRecv 1 bytes\r\n\r\nSEND OK\r\n");
        Assert.True(sending.IsCompletedSuccessfully);
    }

    [Theory, EverySplit]
    public void Every_datagram_names_where_it_goes(Split split)
    {
        Dialogue d = Dialogue.Online(split, Firmware.EspAt20);
        UdpLink link = Opened(d);
        Task first = Send(d, link, "one");
        Task second = d.Do(() => link.SendToAsync(Dialogue.Bytes("two"), "10.0.0.3", 7, CancellationToken.None));
        Answer(d, "AT+CIPSEND=4,3,\"10.0.0.2\",5000", "one");
        Answer(d, "AT+CIPSEND=4,3,\"10.0.0.3\",7", "two");

        Assert.True(first.IsCompletedSuccessfully);
        Assert.True(second.IsCompletedSuccessfully);
        Assert.Equal(6, link.Info.BytesSent);
        d.EndsWith(ModemState.Online, "4 Open 10.0.0.2:5000");
    }

    [Theory]
    [EverySplit(UdpPeerMode.FirstSender, "10.0.0.7", 6000)]
    [EverySplit(UdpPeerMode.LastSender, "10.0.0.8", 6001)]
    [EverySplit(UdpPeerMode.Fixed, "10.0.0.2", 5000)]
    public void Whom_a_datagram_goes_to_that_names_nobody_is_up_to_the_peer_mode(
        Split split, UdpPeerMode mode, string host, int port)
    {
        Dialogue d = Dialogue.Online(split, Firmware.EspAt20);
        Task<UdpLink> opening = Ask(d, ToPeer with { LocalPort = 5001, PeerMode = mode });
        d.Exchange("AT+CIPDINFO=1");
        d.Exchange($"{Open},5001,{(int)mode}", "4,CONNECT\r\n\r\nOK\r\n");
        UdpLink link = Dialogue.ResultOf(opening);
        Send(d, link, "a");
        Answer(d, "AT+CIPSEND=4,1,\"10.0.0.2\",5000", "a");
        d.Say("\r\n+IPD,4,1,10.0.0.7,6000:x\r\n+IPD,4,1,10.0.0.8,6001:y");
        d.PassBehindPushed();

        Task sending = Send(d, link, "b");
        Answer(d, $"AT+CIPSEND=4,1,\"{host}\",{port}", "b");
        Assert.True(sending.IsCompletedSuccessfully);
    }

    [Theory, EverySplit]
    public void A_link_that_listens_only_has_nobody_to_send_to_until_somebody_has_sent(Split split)
    {
        Dialogue d = Dialogue.Online(split, Firmware.EspAt20);
        Task<UdpLink> opening = Ask(
            d, new UdpRequest("0.0.0.0", 5000) { LocalPort = 5000, PeerMode = UdpPeerMode.LastSender });
        d.Exchange("AT+CIPDINFO=1");
        d.Exchange("AT+CIPSTART=4,\"UDP\",\"0.0.0.0\",5000,5000,2", "4,CONNECT\r\n\r\nOK\r\n");
        UdpLink link = Dialogue.ResultOf(opening);
        Dialogue.FailureOf<InvalidOperationException>(Send(d, link, "a"));

        d.Say("\r\n+IPD,4,1,10.0.0.7,6000:x");
        d.PassBehindPushed();
        Task sending = Send(d, link, "b");
        Answer(d, "AT+CIPSEND=4,1,\"10.0.0.7\",6000", "b");
        Assert.True(sending.IsCompletedSuccessfully);
    }

    [Theory, EverySplit]
    public void Names_are_resolved_once_for_the_link_and_each_time_for_others(Split split)
    {
        Dialogue d = Dialogue.Online(split, Firmware.EspAt20);
        Task<UdpLink> opening = Ask(d, new UdpRequest("ntp.example", 123));
        d.Exchange("AT+CIPDOMAIN=\"ntp.example\"", "+CIPDOMAIN:10.0.0.2\r\n\r\nOK\r\n");
        d.Exchange("AT+CIPDINFO=1");
        d.Exchange("AT+CIPSTART=4,\"UDP\",\"10.0.0.2\",123", "4,CONNECT\r\n\r\nOK\r\n");
        UdpLink link = Dialogue.ResultOf(opening);
        Send(d, link, "a");
        Answer(d, "AT+CIPSEND=4,1,\"10.0.0.2\",123", "a");
        Task sending = d.Do(() => link.SendToAsync(Dialogue.Bytes("b"), "nowhere.example", 7, CancellationToken.None));
        d.Exchange("AT+CIPDOMAIN=\"nowhere.example\"", "DNS Fail\r\n\r\nERROR\r\n");

        Assert.Equal(LinkFailure.NameNotFound, Dialogue.FailureOf<LinkException>(sending).Reason);
        d.EndsWith(ModemState.Online, "4 Open 10.0.0.2:123");
    }

    [Theory, EverySplit]
    public void A_datagram_that_fails_leaves_the_link(Split split)
    {
        Dialogue d = Dialogue.Online(split, Firmware.EspAt20);
        UdpLink link = Opened(d);
        Task sending = Send(d, link, "one");
        d.Exchange("AT+CIPSEND=4,3,\"10.0.0.2\",5000", "\r\nOK\r\n\r\n>");
        d.HearBytes("one");
        d.Say("\r\nRecv 3 bytes\r\n\r\nSEND FAIL\r\n");
        Assert.Equal(LinkFailure.SendFailed, Dialogue.FailureOf<LinkException>(sending).Reason);

        Task next = Send(d, link, "two");
        d.GetInStep();
        Answer(d, "AT+CIPSEND=4,3,\"10.0.0.2\",5000", "two");
        Assert.True(next.IsCompletedSuccessfully);
        d.EndsWith(ModemState.Online, "4 Open 10.0.0.2:5000");
    }

    [Theory, EverySplit]
    public void Empty_and_too_large_datagrams_are_refused_before_a_byte_is_sent(Split split)
    {
        Dialogue d = Dialogue.Online(split, Firmware.EspAt20);
        UdpLink link = Opened(d);
        Assert.Equal(1460, link.MaxDatagramBytes);

        void Empty() => Send(d, link, string.Empty);
        void TooLarge() => Send(d, link, new string('x', 1461));
        void Nowhere() => d.Do(() => link.SendToAsync(new byte[1], "10.0.0.3", 0, CancellationToken.None));
        Assert.Throws<ArgumentException>(Empty);
        Assert.Contains("1 to 1460", Assert.Throws<ArgumentException>(TooLarge).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(Nowhere);

        Task largest = Send(d, link, new string('x', 1460));
        Answer(d, "AT+CIPSEND=4,1460,\"10.0.0.2\",5000", new string('x', 1460));
        Assert.True(largest.IsCompletedSuccessfully);
    }

    [Theory, EverySplit]
    public void A_full_queue_drops_the_newest_and_counts_them(Split split)
    {
        Dialogue d = Dialogue.Online(split, Firmware.EspAt20);
        UdpLink link = Opened(d, ToPeer with { QueueLimit = 2 });
        d.Say("\r\n+IPD,4,1:a\r\n+IPD,4,1:b\r\n+IPD,4,1:c\r\n+IPD,4,1:d");
        Assert.Equal(2, link.DroppedDatagrams);
        Assert.Equal(["a"], Take(d, link, 1, out _));
        d.Say("\r\n+IPD,4,1:e");

        Assert.Equal(["b", "e"], Take(d, link, 2, out _));
        Assert.Equal(2, link.DroppedDatagrams);
    }

    [Theory, EverySplit]
    public void A_datagram_that_stops_half_way_is_dropped_and_the_next_one_is_whole(Split split)
    {
        Dialogue d = Dialogue.Online(split, Firmware.EspAt20);
        UdpLink link = Opened(d);
        d.Say("\r\n+IPD,4,5:abc");
        d.Pass(3);
        d.Say("\r\n+IPD,4,2:ok");

        Assert.Equal(["ok"], Take(d, link, 1, out _));
        Assert.Equal(1, link.DroppedDatagrams);
        d.EndsWith(ModemState.Online, "4 Open 10.0.0.2:5000");
    }

    [Theory, EverySplit("worl"), EverySplit("wor"), EverySplit("world!")]
    public void A_datagram_that_has_lost_or_gained_bytes_is_dropped_and_the_next_one_is_whole(Split split, string damaged)
    {
        Dialogue d = Dialogue.Online(split, Firmware.EspAt20);
        UdpLink link = Opened(d);
        d.Say("\r\n+IPD,4,5:hello\r\n+IPD,4,5:" + damaged + "\r\n+IPD,4,2:ok");

        Assert.Equal(["hello", "ok"], Take(d, link, 2, out _));
        Assert.Equal(1, link.DroppedDatagrams);
        d.EndsWith(ModemState.Online, "4 Open 10.0.0.2:5000");
    }

    [Theory, EverySplit]
    [Trait("Quirk", "Q14")]
    public void Firmware_that_runs_datagrams_together_is_refused_by_the_name_of_the_option(Split split)
    {
        Dialogue d = Dialogue.Online(split, Firmware.EspAt22);

        NotSupportedException refused = Dialogue.FailureOf<NotSupportedException>(Ask(d, ToPeer));

        Assert.Contains("ModemOptions.ReceiveMode = ReceiveMode.Push", refused.Message, StringComparison.Ordinal);
        d.EndsWith(ModemState.Online);
    }

    [Theory, EverySplit]
    [Trait("Quirk", "Q14")]
    public void The_option_has_the_module_push_from_the_start(Split split)
    {
        Firmware pushing = Firmware.EspAt22 with
        {
            Steps = [.. Firmware.EspAt22.Steps.SkipLast(1), "AT+CIPRECVMODE=0"],
            IsPassive = false,
        };
        Dialogue d = Dialogue.Online(split, pushing, o => o with { ReceiveMode = ReceiveMode.Push });
        UdpLink link = Opened(d);
        Task<LinkStream> connecting = d.Connect();
        d.Exchange(Dialogue.Open(3), "3,CONNECT\r\n\r\nOK\r\n");
        d.Say("\r\n+IPD,3,5,\"10.0.0.2\",80:hello\r\n+IPD,4,2,\"10.0.0.7\",6000:hi");

        Assert.True(d.Modem.Supports(ModemFeature.PassiveReceive));
        Assert.Equal("hello", d.Read(Dialogue.ResultOf(connecting)));
        Assert.Equal(["hi"], Take(d, link, 1, out _));
    }

    [Theory, EverySplit]
    public void Firmware_that_keeps_TCP_only_has_UDP_beside_it(Split split)
    {
        Dialogue d = Dialogue.Online(split, Firmware.NonOs17);
        UdpLink link = Opened(d);
        Task<LinkStream> connecting = d.Connect();
        d.Exchange(Dialogue.Open(3), "3,CONNECT\r\n\r\nOK\r\n");
        LinkStream stream = Dialogue.ResultOf(connecting);
        d.Say("\r\n+IPD,4,2,10.0.0.7,6000:hi\r\n+IPD,3,5\r\n");
        d.Exchange("AT+CIPRECVDATA=3,2048", "\r\n+CIPRECVDATA,5:hello\r\nOK\r\n");

        Assert.Equal(["hi"], Take(d, link, 1, out _));
        Assert.Equal("hello", d.Read(stream));
    }

    [Theory, EverySplit]
    [Trait("Quirk", "Q14")]
    public void Where_each_link_can_be_set_UDP_is_pushed_and_TCP_kept_with_its_sender_in_the_answer(Split split)
    {
        Dialogue d = Dialogue.Online(split, PerLink);
        Task<UdpLink> opening = Ask(d, ToPeer);
        d.Exchange("AT+CIPDINFO=1");
        d.Exchange("AT+CIPRECVTYPE=4,0");
        d.Exchange(Open, "4,CONNECT\r\n\r\nOK\r\n");
        UdpLink link = Dialogue.ResultOf(opening);
        Task<LinkStream> connecting = d.Connect();
        d.Exchange(Dialogue.Open(3), "3,CONNECT\r\n\r\nOK\r\n");
        LinkStream stream = Dialogue.ResultOf(connecting);
        d.Say("\r\n+IPD,4,2,\"10.0.0.7\",6000:hi\r\n+IPD,3,5\r\n");
        d.Exchange("AT+CIPRECVDATA=3,5760", "+CIPRECVDATA:5,\"10.0.0.2\",80,he\"lo\r\nOK\r\n");
        Assert.Equal(["hi"], Take(d, link, 1, out _));
        Assert.Equal("he\"lo", d.Read(stream));

        Task disposing = d.Do(() => link.DisposeAsync().AsTask());
        d.Exchange("AT+CIPCLOSE=4", "4,CLOSED\r\n\r\nOK\r\n");
        d.Exchange("AT+CIPRECVTYPE=4,1");
        Assert.True(disposing.IsCompletedSuccessfully);
        d.AskAfterPause();
        d.EndsWith(ModemState.Online, "3 Open " + Dialogue.Peer);
    }

    [Theory, EverySplit]
    public void A_fetch_that_waits_while_senders_are_switched_on_expects_them(Split split)
    {
        Dialogue d = Dialogue.Online(split, PerLink);
        LinkStream stream = d.Connected(3);
        Task<UdpLink> opening = Ask(d, ToPeer);
        d.Hear("AT+CIPDINFO=1");
        d.Say("\r\n+IPD,3,5\r\n\r\nOK\r\n");
        d.Exchange("AT+CIPRECVDATA=3,5760", "+CIPRECVDATA:5,\"10.0.0.2\",80,hello\r\nOK\r\n");
        d.Exchange("AT+CIPRECVTYPE=4,0");
        d.Exchange(Open, "4,CONNECT\r\n\r\nOK\r\n");

        Assert.True(opening.IsCompletedSuccessfully);
        Assert.Equal("hello", d.Read(stream));
    }

    [Theory, EverySplit]
    public void A_receive_mode_that_is_refused_ends_the_attempt_before_the_opening(Split split)
    {
        Dialogue d = Dialogue.Online(split, PerLink);
        Task<UdpLink> opening = Ask(d, ToPeer);
        d.Exchange("AT+CIPDINFO=1", "\r\nERROR\r\n");
        d.Exchange("AT+CIPRECVTYPE=4,0", "\r\nERROR\r\n");

        LinkException refused = Dialogue.FailureOf<LinkException>(opening);
        Assert.Contains("AT+CIPRECVTYPE=4,0", refused.Message, StringComparison.Ordinal);
        d.EndsWith(ModemState.Online);
    }

    [Theory, EverySplit]
    [Trait("Quirk", "Q22")]
    public void Losing_the_network_ends_a_link_that_the_module_never_calls_closed(Split split)
    {
        Dialogue d = Dialogue.Online(split, Firmware.EspAt20);
        UdpLink link = Opened(d);
        d.Say("\r\n+IPD,4,1:a");
        Task<Datagram> first = Receive(d, link);
        Task<Datagram> second = Receive(d, link);
        d.Say("WIFI DISCONNECT\r\n");

        Assert.Equal("a"u8.ToArray(), Dialogue.ResultOf(first).Data.ToArray());
        Assert.Equal(LinkFailure.NetworkLost, Dialogue.FailureOf<LinkException>(second).Reason);
        Assert.Equal(LinkFailure.NetworkLost, Dialogue.FailureOf<LinkException>(Send(d, link, "x")).Reason);
    }

    [Theory, EverySplit]
    public void Disposing_wakes_whoever_receives_and_closes_the_link(Split split)
    {
        Dialogue d = Dialogue.Online(split, Firmware.EspAt20);
        UdpLink link = Opened(d);
        Task<Datagram> receiving = Receive(d, link);
        Task disposing = d.Do(() => link.DisposeAsync().AsTask());
        d.Exchange("AT+CIPCLOSE=4", "4,CLOSED\r\n\r\nOK\r\n");

        Assert.True(disposing.IsCompletedSuccessfully);
        Dialogue.FailureOf<ObjectDisposedException>(receiving);
        void Again() => Send(d, link, "x");
        Assert.Throws<ObjectDisposedException>(Again);
        d.EndsWith(ModemState.Online);
    }

    [Theory, EverySplit]
    public void A_link_that_the_module_closes_by_itself_fails(Split split)
    {
        Dialogue d = Dialogue.Online(split, Firmware.EspAt20);
        UdpLink link = Opened(d);
        d.Say("4,CLOSED\r\n");

        Assert.Contains(
            "the module has closed it", Dialogue.FailureOf<LinkException>(Receive(d, link)).Message, StringComparison.Ordinal);
        d.EndsWith(ModemState.Online);
    }

    public static TheoryData<UdpRequest> Impossible =>
    [
        new UdpRequest(" ", 1),
        new UdpRequest("10.0.0.2", 0),
        new UdpRequest("10.0.0.2", 65536),
        new UdpRequest("0.0.0.0", 5000),
        ToPeer with { LocalPort = 0 },
        ToPeer with { PeerMode = UdpPeerMode.LastSender },
        ToPeer with { QueueLimit = 0 },
        ToPeer with { QueueLimit = 4097 },
        ToPeer with { TimeLimit = TimeSpan.Zero },
        ToPeer with { LinkId = 1, Allocation = LinkIdAllocation.Automatic },
    ];

    [Theory, MemberData(nameof(Impossible))]
    public void What_cannot_be_is_refused_before_a_byte_is_sent(UdpRequest request)
    {
        Dialogue d = Dialogue.Online(Split.Whole, Firmware.EspAt20);

        void Try() => Ask(d, request);
        Assert.ThrowsAny<ArgumentException>(Try);
        d.EndsWith(ModemState.Online);
    }

    private static Task<UdpLink> Ask(Dialogue d, UdpRequest request) =>
        d.Do(() => d.Modem.OpenUdpAsync(request, CancellationToken.None));

    private static UdpLink Opened(Dialogue d, UdpRequest? request = null)
    {
        Task<UdpLink> opening = Ask(d, request ?? ToPeer);
        d.Exchange("AT+CIPDINFO=1");
        d.Exchange(Open, "4,CONNECT\r\n\r\nOK\r\n");
        return Dialogue.ResultOf(opening);
    }

    private static Task Send(Dialogue d, UdpLink link, string text) =>
        d.Do(() => link.SendAsync(Dialogue.Bytes(text), CancellationToken.None));

    private static void Answer(Dialogue d, string command, string payload)
    {
        d.Exchange(command, "\r\nOK\r\n\r\n>");
        d.HearBytes(payload);
        d.Say($"\r\nRecv {payload.Length} bytes\r\n\r\nSEND OK\r\n");
    }

    private static Task<Datagram> Receive(Dialogue d, UdpLink link) =>
        d.Do(() => link.ReceiveAsync(CancellationToken.None));

    private static string[] Take(Dialogue d, UdpLink link, int count, out Datagram[] datagrams)
    {
        Task<Datagram>[] receiving = [.. Enumerable.Range(0, count).Select(_ => Receive(d, link))];
        if (!receiving[^1].IsCompleted)
        {
            d.PassBehindPushed();
        }

        datagrams = [.. receiving.Select(Dialogue.ResultOf)];
        return [.. datagrams.Select(datagram => System.Text.Encoding.Latin1.GetString(datagram.Data.Span))];
    }
}
