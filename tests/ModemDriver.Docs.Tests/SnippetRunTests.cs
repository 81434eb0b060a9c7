using System.Text;
using ModemDriver.Docs.Tests.Snippets;
using ModemDriver.Simulator;

namespace ModemDriver.Docs.Tests;

/// <summary>The programs of the pages, run against a simulated module.</summary>
public sealed class SnippetRunTests : IAsyncDisposable
{
    private readonly ModemSimulator _module = new(new SimulatorOptions());
    private readonly SmallWebServer _server = new();

    public async ValueTask DisposeAsync()
    {
        await _module.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task The_program_of_the_readme_fetches_a_page()
    {
        using var port = _module.OpenPty();
        using var output = new MemoryStream();

        await FirstProgram.RunAsync(
            port.DevicePath, SimulatedWorld.DefaultPassword, "127.0.0.1", _server.Port, output);

        Assert.EndsWith(SmallWebServer.Body, Encoding.ASCII.GetString(output.ToArray()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_first_steps_lead_to_the_first_byte()
    {
        using var port = _module.OpenPty();

        int first = await GettingStarted.FirstByteAsync(
            port.DevicePath, SimulatedWorld.DefaultPassword, "127.0.0.1", _server.Port);

        Assert.Equal('H', first);
    }

    [Fact]
    public async Task The_radio_hears_its_network_joins_it_and_leaves_it()
    {
        await using var modem = await Modem.OpenAsync(
            _module.OpenStream(), cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal(SimulatedWorld.DefaultSsid, Assert.Single(await WiFiSnippets.ScanAsync(modem)).Ssid);
        await WiFiSnippets.JoinAsync(modem, SimulatedWorld.DefaultPassword);

        Assert.Equal(ModemState.Ready, modem.State);
        Assert.Equal(WiFiState.NotJoined, await modem.WiFi.ReadStateAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_web_server_on_a_module_serves_a_page_and_datagrams_are_answered()
    {
        CancellationToken token = TestContext.Current.CancellationToken;
        TimeSpan deadline = TimeSpan.FromSeconds(60);
        var listening = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        var network = new HostNetwork { Listening = told => listening.TrySetResult(told.Port) };
        await using var module = new ModemSimulator(new SimulatorOptions { Network = network });
        var options = new ModemOptions
        {
            WiFi = new(SimulatedWorld.DefaultSsid, SimulatedWorld.DefaultPassword),
            ReceiveMode = ReceiveMode.Push,
        };
        await using var modem = await Modem.OpenAsync(module.OpenStream(), options, token);
        await modem.GoOnlineAsync(token);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(token);
        Task serving = LinksSnippets.ServeOneAsync(modem, stop.Token);

        using var http = new HttpClient { Timeout = deadline };
        int port = await listening.Task.WaitAsync(deadline, token);
        string page = await http.GetStringAsync(new Uri($"http://127.0.0.1:{port}/hello"), token);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => serving.WaitAsync(deadline, token));
        using var clock = new System.Net.Sockets.UdpClient(new System.Net.IPEndPoint(System.Net.IPAddress.Loopback, 0));
        int clockPort = ((System.Net.IPEndPoint)clock.Client.LocalEndPoint!).Port; // it is bound
        Task<Datagram> asking = LinksSnippets.AskAsync(modem, "127.0.0.1", clockPort, token);
        var question = await clock.ReceiveAsync(token).AsTask().WaitAsync(deadline, token);
        await clock.SendAsync("late"u8.ToArray(), question.RemoteEndPoint, token);

        Assert.Equal("You asked for GET /hello HTTP/1.1", page);
        Assert.Equal("late"u8.ToArray(), (await asking.WaitAsync(deadline, token)).Data.ToArray());
    }

    [Fact]
    public async Task A_transparent_session_is_suspended_for_a_command()
    {
        CancellationToken token = TestContext.Current.CancellationToken;
        var options = new ModemOptions { WiFi = new(SimulatedWorld.DefaultSsid, SimulatedWorld.DefaultPassword) };
        await using var modem = await Modem.OpenAsync(_module.OpenStream(), options, token);
        await modem.GoOnlineAsync(token);

        CommandResponse version = await TransparentSnippet.RunAsync(modem, "127.0.0.1", _server.Port, token);

        Assert.StartsWith("AT version:2.2.1.0", version.Lines[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_rate_of_module_and_port_is_changed()
    {
        using var port = _module.OpenPty();
        await using var modem = await Modem.OpenAsync(
            port.DevicePath, cancellationToken: TestContext.Current.CancellationToken);

        await WiFiSnippets.ChangeBitRateAsync(modem);

        Assert.Equal(921_600, modem.BitRate);
        await modem.SendAsync("AT", cancellationToken: TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task The_wire_trace_shows_what_was_asked()
    {
        string trace = await GettingStarted.WireAsync(_module.OpenStream());

        Assert.Contains(@"> AT+CIPSTATUS\r\n", trace, StringComparison.Ordinal);
        Assert.EndsWith("STATUS:5", trace, StringComparison.Ordinal);
    }
}
