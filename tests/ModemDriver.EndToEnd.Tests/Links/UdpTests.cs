using System.Net;
using ModemDriver.Simulator;

namespace ModemDriver.EndToEnd.Tests.Links;

/// <summary>Datagrams between a module and its peers.</summary>
public sealed class UdpTests
{
    private static readonly IPEndPoint Module = new(IPAddress.Parse(ServerTests.ModuleAddress), 5001);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("esp-at")]
    [InlineData("esp-at-1.7")]
    [InlineData("esp-at-1.6")]
    [InlineData("esp-at-2.0")]
    [InlineData("esp-at-esp32")]
    public async Task Datagrams_of_every_size_keep_their_borders_and_their_senders(string firmware)
    {
        await using Rig rig = await OpenAsync(firmware);
        using InMemoryDatagramPeer one = rig.Network.OpenDatagrams(Rig.Host, 5000);
        using InMemoryDatagramPeer other = rig.Network.OpenDatagrams("10.0.0.3", 6000);
        await using UdpLink link = await rig.Modem.OpenUdpAsync(
            new UdpRequest(Rig.Host, 5000) { LocalPort = 5001, PeerMode = UdpPeerMode.LastSender }, Token).Within(Token);

        foreach (int size in (int[])[0, 1, 1000, 1472])
        {
            byte[] sent = Traffic.Bytes(size, size);
            one.Send(sent, Module);
            other.Send(sent, Module);
            Datagram[] received =
                [await link.ReceiveAsync(Token).Within(Token), await link.ReceiveAsync(Token).Within(Token)];

            Assert.All(received, datagram => Assert.Equal(sent, datagram.Data.ToArray()));
            Assert.Equal([one.LocalEndPoint, other.LocalEndPoint], received.Select(datagram => datagram.RemoteEndPoint));
        }
    }

    [Theory]
    [InlineData("esp-at")]
    [InlineData("esp-at-1.7")]
    public async Task A_datagram_goes_to_whom_it_names_and_else_to_the_last_sender(string firmware)
    {
        await using Rig rig = await OpenAsync(firmware);
        using InMemoryDatagramPeer one = rig.Network.OpenDatagrams(Rig.Host, 5000);
        using InMemoryDatagramPeer other = rig.Network.OpenDatagrams("10.0.0.3", 6000);
        await using UdpLink link = await rig.Modem.OpenUdpAsync(
            new UdpRequest(Rig.Host, 5000) { LocalPort = 5001, PeerMode = UdpPeerMode.LastSender }, Token).Within(Token);
        byte[] largest = Traffic.Bytes(link.MaxDatagramBytes, 3);

        await link.SendAsync(largest, Token).Within(Token);
        await link.SendToAsync("to the other"u8.ToArray(), other.LocalEndPoint, Token).Within(Token);
        await link.SendAsync("to the first again"u8.ToArray(), Token).Within(Token);
        other.Send("hello"u8, Module);
        await link.ReceiveAsync(Token).Within(Token);
        await link.SendAsync("to who spoke last"u8.ToArray(), Token).Within(Token);

        Assert.Equal(largest, (await one.ReceiveAsync(Token).Within(Token)).Data.ToArray());
        Assert.Equal("to the first again"u8.ToArray(), (await one.ReceiveAsync(Token).Within(Token)).Data.ToArray());
        Assert.Equal("to the other"u8.ToArray(), (await other.ReceiveAsync(Token).Within(Token)).Data.ToArray());
        Assert.Equal("to who spoke last"u8.ToArray(), (await other.ReceiveAsync(Token).Within(Token)).Data.ToArray());
    }

    [Fact]
    public async Task What_a_full_queue_drops_is_counted_and_the_link_goes_on()
    {
        await using Rig rig = await OpenAsync("esp-at-1.7");
        using InMemoryDatagramPeer peer = rig.Network.OpenDatagrams(Rig.Host, 5000);
        await using UdpLink link = await rig.Modem.OpenUdpAsync(
            new UdpRequest(Rig.Host, 5000) { LocalPort = 5001, QueueLimit = 3 }, Token).Within(Token);
        for (byte i = 0; i < 10; i++)
        {
            peer.Send([i], Module);
        }

        // All of them have come before the answer to a later command.
        while (link.Info.BytesReceived < 10)
        {
            await rig.Modem.SendAsync("AT", cancellationToken: Token).Within(Token);
        }

        Assert.Equal(7, link.DroppedDatagrams);
        for (byte i = 0; i < 3; i++)
        {
            Assert.Equal([i], (await link.ReceiveAsync(Token).Within(Token)).Data.ToArray());
        }

        peer.Send([42], Module);
        Assert.Equal([42], (await link.ReceiveAsync(Token).Within(Token)).Data.ToArray());
    }

    [Fact]
    public async Task A_stream_beside_it_carries_its_own_bytes()
    {
        await using Rig rig = await OpenAsync("esp-at-1.7");
        using InMemoryDatagramPeer peer = rig.Network.OpenDatagrams(Rig.Host, 5000);
        await using UdpLink datagrams = await rig.Modem.OpenUdpAsync(
            new UdpRequest(Rig.Host, 5000) { LocalPort = 5001 }, Token).Within(Token);
        await using LinkStream stream = await rig.ConnectAsync();
        byte[] sent = Traffic.Bytes(20_000, 5);
        var heard = new byte[sent.Length];

        Task writing = stream.WriteAsync(sent, Token).AsTask();
        for (byte i = 0; i < 20; i++)
        {
            peer.Send([i, i], Module);
            Assert.Equal([i, i], (await datagrams.ReceiveAsync(Token).Within(Token)).Data.ToArray());
        }

        await stream.ReadExactlyAsync(heard, Token).Within(Token);
        await writing.Within(Token);
        Assert.Equal(sent, heard);
    }

    private static Task<Rig> OpenAsync(string firmware) =>
        Rig.OpenAsync(
            firmware,
            drive: options => firmware is "esp-at-1.7" ? options : options with { ReceiveMode = ReceiveMode.Push },
            simulate: options => options with
            {
                Switches = new Dictionary<string, string> { ["empty-datagram"] = "shown" },
            });
}
