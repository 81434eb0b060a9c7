using System.Diagnostics;
using System.Globalization;
using System.Text;
using ModemDriver.Simulator;

namespace ModemDriver.EndToEnd.Tests.Links;

/// <summary>A module that listens, its peers, and links of our own beside them.</summary>
public sealed class ServerTests
{
    /// <summary>The address of the first module of a world.</summary>
    public const string ModuleAddress = "192.168.1.77";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("esp-at")]
    [InlineData("esp-at-1.7")]
    [InlineData("esp-at-1.6")]
    [InlineData("esp-at-2.0")]
    [InlineData("esp-at-esp32")]
    public async Task Five_peers_begin_links_while_five_are_opened_and_nobody_gets_the_bytes_of_another(string firmware)
    {
        await using Rig rig = await Rig.OpenAsync(firmware);
        await using LinkListener listener = await rig.Modem.ListenAsync(80, Token).Within(Token);
        Task serving = ServeAsync(listener, givesNumbersAway: firmware == "esp-at-1.7");

        IEnumerable<Task> ours = Enumerable.Range(0, 5).Select(i => AskAsync(rig, $"ours {i}"));
        IEnumerable<Task> theirs = Enumerable.Range(0, 5).Select(i => VisitAsync(rig, $"theirs {i}"));
        await Task.WhenAll(ours.Concat(theirs)).Within(Token);

        await listener.DisposeAsync().Within(Token);
        await serving.Within(Token);
    }

    [Theory]
    [InlineData("esp-at")]
    [InlineData("esp-at-1.7")]
    public async Task After_a_reset_of_the_module_whoever_accepts_gets_the_next_peer(string firmware)
    {
        await using Rig rig = await Rig.OpenAsync(firmware);
        await using LinkListener listener = await rig.Modem.ListenAsync(80, Token).Within(Token);
        Task<LinkStream> accepting = listener.AcceptAsync(Token);
        await rig.Modem.ResetModuleAsync(Token).Within(Token);

        await using InMemoryPeer peer = rig.Network.Connect(ModuleAddress, 80);
        await peer.WriteAsync("hello"u8.ToArray(), Token);
        await using LinkStream link = await accepting.Within(Token);
        var heard = new byte[5];
        await link.ReadExactlyAsync(heard, Token).Within(Token);

        Assert.Equal("hello"u8.ToArray(), heard);
    }

    [Fact]
    public async Task The_peers_address_is_told_where_the_firmware_tells_it()
    {
        await using Rig rig = await Rig.OpenAsync("esp-at");
        await using LinkListener listener = await rig.Modem.ListenAsync(80, Token).Within(Token);
        await using InMemoryPeer peer = rig.Network.Connect(
            ModuleAddress, 80, System.Net.IPEndPoint.Parse("192.168.1.50:4711"));
        await using LinkStream link = await listener.AcceptAsync(Token).Within(Token);

        Assert.Equal("192.168.1.50:4711", link.RemoteEndPoint?.ToString());
    }

    [Fact]
    public async Task Curl_is_served_a_page()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/curl"), "curl is not installed");
        var listening = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        var network = new HostNetwork { Listening = told => listening.TrySetResult(told.Port) };
        await using Rig rig = await Rig.OpenAsync("esp-at", simulate: options => options with { Network = network });
        await using LinkListener listener = await rig.Modem.ListenAsync(8080, Token).Within(Token);
        Task serving = ServePageAsync(listener);

        string page = await CurlAsync(await listening.Task.Within(Token));

        await serving.Within(Token);
        Assert.Equal("a page from a module", page);
    }

    // Echoes on every link until the listener is disposed. NonOS 1.7 frees the number of a closed link at once: when the
    // next peer gets it before the last fetch, nobody can say that all was read, and the link says just that (Q12).
    private static async Task ServeAsync(LinkListener listener, bool givesNumbersAway)
    {
        var echoes = new List<Task>();
        await foreach (LinkStream link in listener.AcceptAllAsync(Token))
        {
            echoes.Add(EchoAsync(link, givesNumbersAway));
        }

        await Task.WhenAll(echoes);
    }

    private static async Task EchoAsync(LinkStream link, bool mayLoseItsNumber)
    {
        await using (link)
        {
            try
            {
                await Servers.EchoAsync(link);
            }
            catch (IOException failure) when (
                mayLoseItsNumber && failure.InnerException is LinkException { Reason: LinkFailure.ReceiveFailed })
            {
                Assert.Contains("gave its number away", failure.Message, StringComparison.Ordinal);
            }
        }
    }

    private static async Task AskAsync(Rig rig, string text)
    {
        await using LinkStream link = await rig.ConnectAsync();
        await ExchangeAsync(link, text);
    }

    // A peer for which there is no number is turned away, and comes again.
    private static async Task VisitAsync(Rig rig, string text)
    {
        while (true)
        {
            Token.ThrowIfCancellationRequested();
            try
            {
                await using InMemoryPeer peer = rig.Network.Connect(ModuleAddress, 80);
                await ExchangeAsync(peer, text);
                return;
            }
            catch (IOException)
            {
                await Task.Yield();
            }
        }
    }

    private static async Task ExchangeAsync(Stream stream, string text)
    {
        byte[] sent = Encoding.ASCII.GetBytes(text);
        var heard = new byte[sent.Length];
        await stream.WriteAsync(sent, Token);
        await stream.ReadExactlyAsync(heard, Token).Within(Token);
        Assert.Equal(text, Encoding.ASCII.GetString(heard));
    }

    private static async Task ServePageAsync(LinkListener listener)
    {
        await using LinkStream link = await listener.AcceptAsync(Token);
        using var reader = new StreamReader(link, Encoding.ASCII, leaveOpen: true);
        while (await reader.ReadLineAsync(Token) is { Length: > 0 })
        {
            // The head of the request.
        }

        const string Answer = "HTTP/1.1 200 OK\r\nContent-Length: 20\r\nConnection: close\r\n\r\na page from a module";
        await link.WriteAsync(Encoding.ASCII.GetBytes(Answer), Token);
        await link.FlushAsync(Token);
    }

    private static async Task<string> CurlAsync(int port)
    {
        var start = new ProcessStartInfo("/usr/bin/curl") { RedirectStandardOutput = true };
        foreach (string argument in (string[])["-s", "--max-time", "50", string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}/")])
        {
            start.ArgumentList.Add(argument);
        }

        using Process curl = Process.Start(start)!; // it is there
        try
        {
            return await curl.StandardOutput.ReadToEndAsync(Token).Within(Token);
        }
        finally
        {
            if (!curl.HasExited)
            {
                curl.Kill();
            }
        }
    }
}
