using System.Text;
using ModemDriver.Simulator;

namespace ModemDriver.EndToEnd.Tests.Transparent;

/// <summary>A transparent session over the simulated module: in, out, what stays, what does not get lost.</summary>
public abstract class TransparentTests(string firmware, Way way)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Bytes_go_both_ways_and_the_modem_is_as_before_afterwards()
    {
        await using Rig rig = await Rig.OpenAsync(firmware, way);
        InMemoryListener listener = rig.Network.Listen(Rig.Host, 9);
        var request = new TransparentRequest(Rig.Host, 9) { EscapeGuard = TimeSpan.FromMilliseconds(500) };
        await using (TransparentSession session = await rig.Modem.OpenTransparentAsync(request, Token).Within(Token))
        {
            Assert.Equal(ModemState.OnlineData, rig.Modem.State);
            Assert.False(session.IsSuspended);
            InMemoryPeer peer = await listener.AcceptAsync(Token).Within(Token);
            await session.WriteAsync("to the peer\r\n"u8.ToArray(), Token).Within(Token);
            Assert.Equal("to the peer\r\n", await HearAsync(peer, 13));
            await peer.WriteAsync("and back \0\xff"u8.ToArray(), Token);
            Assert.Equal("and back \0\u00c3\u00bf", await HearAsync(session, 12));
        }

        Assert.Equal(ModemState.Online, rig.Modem.State);
        Assert.Equal(ConnectionMode.Multiple, rig.Modem.ConnectionMode);
        await using LinkStream link = await rig.ConnectAsync();
        await link.WriteAsync("echo"u8.ToArray(), Token).Within(Token);
        Assert.Equal("echo", await HearAsync(link, 4));
    }

    [Fact]
    public async Task A_suspended_session_takes_commands_and_loses_nothing()
    {
        await using Rig rig = await Rig.OpenAsync(firmware, way);
        (TransparentSession session, InMemoryPeer peer) = await OpenAsync(rig);
        await using (session)
        {
            await peer.WriteAsync("one "u8.ToArray(), Token);
            await session.SuspendAsync(Token).Within(Token);
            Assert.True(session.IsSuspended);
            Assert.Equal(ModemState.Online, rig.Modem.State);

            await peer.WriteAsync("two "u8.ToArray(), Token);
            await session.WriteAsync("waits"u8.ToArray(), Token).Within(Token);
            CommandResponse mode = await rig.Modem.SendAsync("AT+CIPMODE?", cancellationToken: Token).Within(Token);
            Assert.Equal("+CIPMODE:0", Assert.Single(mode.Lines));

            await session.ResumeAsync(Token).Within(Token);
            Assert.False(session.IsSuspended);
            await peer.WriteAsync("three"u8.ToArray(), Token);
            Assert.Equal("one two three", await HearAsync(session, 13));
            Assert.Equal("waits", await HearAsync(peer, 5));
        }
    }

    [Fact]
    public async Task The_escape_sequence_as_payload_reaches_the_peer_in_every_arrangement()
    {
        await using Rig rig = await Rig.OpenAsync(firmware, way);
        (TransparentSession session, InMemoryPeer peer) = await OpenAsync(rig);
        await using (session)
        {
            string[] pieces = ["+++", "+", "+", "+", "++", "+", "+++", "+++", "++++", "a+++", "+++\r\n", "+", "++", "x"];
            foreach (string piece in pieces)
            {
                await session.WriteAsync(Encoding.ASCII.GetBytes(piece), Token).Within(Token);
                await session.FlushAsync(Token).Within(Token);
            }

            string all = string.Concat(pieces);
            Assert.Equal(all, await HearAsync(peer, all.Length));
            Assert.Equal(ModemState.OnlineData, rig.Modem.State);

            // Alone, and nothing before or after it.
            await session.WriteAsync("+++"u8.ToArray(), Token).Within(Token);
            Assert.Equal("+++", await HearAsync(peer, 3));
            await peer.WriteAsync("still here"u8.ToArray(), Token);
            Assert.Equal("still here", await HearAsync(session, 10));
        }
    }

    [Fact]
    public async Task A_command_in_the_data_state_is_refused_by_name()
    {
        await using Rig rig = await Rig.OpenAsync(firmware, way);
        (TransparentSession session, _) = await OpenAsync(rig);
        await using (session)
        {
            var refused = await Assert.ThrowsAsync<DataStateException>(
                () => rig.Modem.SendAsync("AT", cancellationToken: Token));
            Assert.Equal(ModemState.OnlineData, refused.State);
            await Assert.ThrowsAsync<DataStateException>(() => rig.Modem.OpenTransparentAsync(Rig.Host, 9, Token));
            await Assert.ThrowsAsync<DataStateException>(() => rig.Modem.ConnectAsync(Rig.Host, 7, Token));
        }
    }

    [Fact]
    public async Task A_command_suspends_and_resumes_a_session_that_allows_it()
    {
        await using Rig rig = await Rig.OpenAsync(firmware, way);
        (TransparentSession session, InMemoryPeer peer) = await OpenAsync(rig, suspendForCommands: true);
        await using (session)
        {
            await peer.WriteAsync("before "u8.ToArray(), Token);
            CommandResponse answer = await rig.Modem.SendAsync("AT+CIPMUX?", cancellationToken: Token).Within(Token);
            Assert.Equal("+CIPMUX:0", Assert.Single(answer.Lines));

            Assert.Equal(ModemState.OnlineData, rig.Modem.State);
            await peer.WriteAsync("after"u8.ToArray(), Token);
            Assert.Equal("before after", await HearAsync(session, 12));
        }
    }

    [Fact]
    public async Task Another_open_link_is_named_as_what_is_in_the_way()
    {
        await using Rig rig = await Rig.OpenAsync(firmware, way);
        await using LinkStream link = await rig.ConnectAsync();

        var refused = await Assert.ThrowsAsync<LinkException>(() => rig.Modem.OpenTransparentAsync(Rig.Host, 9, Token));

        Assert.Equal(LinkFailure.NumberInUse, refused.Reason);
        Assert.Contains($"link {link.LinkId} to 10.0.0.2:7", refused.Message, StringComparison.Ordinal);
        Assert.Equal(ModemState.Online, rig.Modem.State);
    }

    [Fact]
    public async Task A_peer_that_refuses_leaves_the_modem_as_it_was()
    {
        await using Rig rig = await Rig.OpenAsync(firmware, way);

        var refused = await Assert.ThrowsAsync<LinkException>(
            () => rig.Modem.OpenTransparentAsync(Rig.Host, 81, Token).Within(Token));

        Assert.Equal(LinkFailure.Refused, refused.Reason);
        Assert.Equal(ModemState.Online, rig.Modem.State);
        Assert.Equal(ConnectionMode.Multiple, rig.Modem.ConnectionMode);
        await using LinkStream link = await rig.ConnectAsync();
        Assert.Equal(LinkState.Open, link.Info.State);
    }

    [Fact]
    public async Task Suspensions_under_traffic_both_ways_lose_nothing()
    {
        await using Rig rig = await Rig.OpenAsync(firmware, way);
        (TransparentSession session, InMemoryPeer peer) = await OpenAsync(rig);
        await using (session)
        {
            byte[] up = WithEscapes(Traffic.Bytes(400_000, 1));
            byte[] down = WithEscapes(Traffic.Bytes(400_000, 2));
            Task sending = WriteInPiecesAsync(session, up);
            Task answering = WriteInPiecesAsync(peer, down);
            Task<byte[]> hearing = ReadAsync(peer, up.Length);
            Task<byte[]> reading = ReadAsync(session, down.Length);
            for (var i = 0; i < 4; i++)
            {
                await session.SuspendAsync(Token).Within(Token);
                await session.ResumeAsync(Token).Within(Token);
            }

            await Task.WhenAll(sending, answering).Within(Token);
            Assert.Equal(up, await hearing.Within(Token));
            Assert.Equal(down, await reading.Within(Token));
        }
    }

    [Fact]
    public async Task A_session_over_UDP_sends_what_stands_between_two_pauses_as_a_datagram()
    {
        await using Rig rig = await Rig.OpenAsync(firmware, way);
        using InMemoryDatagramPeer peer = rig.Network.OpenDatagrams(Rig.Host, 5000);
        var request = new TransparentRequest(Rig.Host, 5000)
        {
            Protocol = TransparentProtocol.Udp,
            EscapeGuard = TimeSpan.FromMilliseconds(500),
        };
        await using TransparentSession session = await rig.Modem.OpenTransparentAsync(request, Token).Within(Token);

        await session.WriteAsync("ping"u8.ToArray(), Token).Within(Token);
        InMemoryDatagram heard = await peer.ReceiveAsync(Token).AsTask().Within(Token);
        peer.Send("pong"u8, heard.Sender);

        Assert.Equal("ping"u8.ToArray(), heard.Data.ToArray());
        Assert.Equal("pong", await HearAsync(session, 4));
    }

    [Fact]
    public async Task A_reader_that_stops_holds_the_peer_back()
    {
        await using Rig rig = await Rig.OpenAsync(firmware, way);
        (TransparentSession session, InMemoryPeer peer) = await OpenAsync(rig, bufferBytes: 8192);
        await using (session)
        {
            byte[] down = Traffic.Bytes(2_000_000, 3);
            Task answering = WriteInPiecesAsync(peer, down);
            var first = new byte[1];
            await session.ReadExactlyAsync(first, Token).Within(Token);

            byte[] rest = await ReadAsync(session, down.Length - 1);

            await answering.Within(Token);
            byte[] all = [.. first, .. rest];
            Assert.Equal(down, all);
        }
    }

    private static async Task<(TransparentSession Session, InMemoryPeer Peer)> OpenAsync(
        Rig rig, bool suspendForCommands = false, int bufferBytes = 1024 * 1024)
    {
        InMemoryListener listener = rig.Network.Listen(Rig.Host, 9);
        var request = new TransparentRequest(Rig.Host, 9)
        {
            SuspendForCommands = suspendForCommands,
            BufferBytes = bufferBytes,

            // The module keeps real time here, and a busy machine may keep it from looking for long.
            EscapeGuard = TimeSpan.FromMilliseconds(500),
        };
        TransparentSession session = await rig.Modem.OpenTransparentAsync(request, Token).Within(Token);
        return (session, await listener.AcceptAsync(Token).Within(Token));
    }

    private static byte[] WithEscapes(byte[] bytes)
    {
        for (var i = 0; i + 3 < bytes.Length; i += 1000)
        {
            "+++"u8.CopyTo(bytes.AsSpan(i));
        }

        return bytes;
    }

    private static async Task WriteInPiecesAsync(Stream stream, byte[] bytes)
    {
        var random = new Random(5);
        for (var at = 0; at < bytes.Length;)
        {
            int length = Math.Min(random.Next(1, 5000), bytes.Length - at);
            await stream.WriteAsync(bytes.AsMemory(at, length), Token);
            at += length;
        }
    }

    private static async Task<byte[]> ReadAsync(Stream stream, int count)
    {
        var all = new byte[count];
        await stream.ReadExactlyAsync(all, Token).AsTask().Within(Token);
        return all;
    }

    private static async Task<string> HearAsync(Stream stream, int count) =>
        Encoding.Latin1.GetString(await ReadAsync(stream, count));
}

public sealed class TransparentInMemoryTests() : TransparentTests("esp-at", Way.Memory);

public sealed class TransparentOnPtyTests() : TransparentTests("esp-at", Way.Pty);

public sealed class NonOsTransparentTests() : TransparentTests("esp-at-1.7", Way.Memory);

public sealed class OldNonOsTransparentTests() : TransparentTests("esp-at-1.6", Way.Memory);
