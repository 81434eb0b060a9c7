using System.Text;
using ModemDriver.Simulator;

namespace ModemDriver.EndToEnd.Tests.Http;

/// <summary>Requests that do not end well. Each leaves the modem with all of its links to give.</summary>
public sealed class HttpTroubleTests
{
    private const int Links = 5;

    private static readonly Uri Url = new($"http://{Rig.Host}/");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_cancelled_request_gives_its_link_back()
    {
        await using Rig rig = await Rig.OpenAsync("esp-at");
        InMemoryListener listener = rig.Network.Listen(Rig.Host, 80);
        using var client = new HttpClient(rig.Modem.CreateHttpHandler());
        using var impatience = CancellationTokenSource.CreateLinkedTokenSource(Token);
        Task<string> request = client.GetStringAsync(Url, impatience.Token);
        await using InMemoryPeer peer = await AcceptRequestAsync(listener);

        await impatience.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => request.Within(Token));
        Assert.Equal(0, await peer.ReadAsync(new byte[1], Token).Within(Token));
        await EveryLinkIsFreeAsync(rig);
    }

    [Fact]
    public async Task A_request_cancelled_in_the_middle_of_its_answer_gives_its_link_back()
    {
        await using Rig rig = await Rig.OpenAsync("esp-at");
        InMemoryListener listener = rig.Network.Listen(Rig.Host, 80);
        using var client = new HttpClient(rig.Modem.CreateHttpHandler());
        using var impatience = CancellationTokenSource.CreateLinkedTokenSource(Token);
        Task<HttpResponseMessage> request =
            client.GetAsync(Url, HttpCompletionOption.ResponseHeadersRead, impatience.Token);
        await using InMemoryPeer peer = await AcceptRequestAsync(listener);
        await SayAsync(peer, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf");
        using HttpResponseMessage response = await request.Within(Token);
        await using Stream body = await response.Content.ReadAsStreamAsync(Token);
        await body.ReadExactlyAsync(new byte[4], Token).AsTask().Within(Token);
        Task<int> reading = body.ReadAsync(new byte[4], impatience.Token).AsTask();

        await impatience.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading.Within(Token));
        response.Dispose();
        await HearEndAsync(peer);
        await EveryLinkIsFreeAsync(rig);
    }

    [Fact]
    public async Task A_server_that_never_answers_runs_into_the_limit_of_the_client()
    {
        await using Rig rig = await Rig.OpenAsync("esp-at");
        InMemoryListener listener = rig.Network.Listen(Rig.Host, 80);

        // The server does not answer at all, so that the outcome is the same however slow the machine is.
        using var client = new HttpClient(rig.Modem.CreateHttpHandler()) { Timeout = TimeSpan.FromSeconds(4) };
        Task<string> request = client.GetStringAsync(Url, Token);
        await using InMemoryPeer peer = await listener.AcceptAsync(Token).Within(Token);

        TaskCanceledException late = await Assert.ThrowsAsync<TaskCanceledException>(() => request.Within(Token));

        Assert.IsType<TimeoutException>(late.InnerException);
        await HearEndAsync(peer);
        await EveryLinkIsFreeAsync(rig);
    }

    [Theory]
    [InlineData("esp-at")]
    [InlineData("esp-at-1.7")]
    [InlineData("esp-at-2.0")]
    public async Task A_server_that_closes_in_the_middle_of_its_answer_is_an_error(string firmware)
    {
        await using Rig rig = await Rig.OpenAsync(firmware);
        InMemoryListener listener = rig.Network.Listen(Rig.Host, 80);
        using var client = new HttpClient(rig.Modem.CreateHttpHandler());
        Task<string> request = client.GetStringAsync(Url, Token);
        await using (InMemoryPeer peer = await AcceptRequestAsync(listener))
        {
            await SayAsync(peer, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf");
        }

        HttpRequestException broken = await Assert.ThrowsAsync<HttpRequestException>(() => request.Within(Token));

        Assert.Equal(HttpRequestError.ResponseEnded, broken.HttpRequestError);
        await EveryLinkIsFreeAsync(rig);
    }

    [Fact]
    public async Task A_module_that_starts_anew_in_the_middle_of_an_answer_is_an_error_with_the_reason()
    {
        await using Rig rig = await Rig.OpenAsync("esp-at");
        InMemoryListener listener = rig.Network.Listen(Rig.Host, 80);
        using var client = new HttpClient(rig.Modem.CreateHttpHandler());
        Task<HttpResponseMessage> request = client.GetAsync(Url, HttpCompletionOption.ResponseHeadersRead, Token);
        await using InMemoryPeer peer = await AcceptRequestAsync(listener);
        await SayAsync(peer, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf");
        using HttpResponseMessage response = await request.Within(Token);
        Task<string> reading = response.Content.ReadAsStringAsync(Token);

        rig.Module.Reset(ResetCause.Watchdog);

        Exception broken = await Assert.ThrowsAsync<HttpRequestException>(() => reading.Within(Token));
        Assert.Equal(LinkFailure.ModuleReset, LinkExceptionIn(broken).Reason);
        await rig.Modem.WaitForStateAsync(ModemState.Online, cancellationToken: Token).Within(Token);
        await EveryLinkIsFreeAsync(rig);
    }

    [Fact]
    public async Task A_server_that_refuses_is_an_error_with_the_reason()
    {
        await using Rig rig = await Rig.OpenAsync("esp-at");
        using var client = new HttpClient(rig.Modem.CreateHttpHandler());

        HttpRequestException refused = await Assert.ThrowsAsync<HttpRequestException>(
            () => client.GetStringAsync(Url, Token).Within(Token));

        Assert.Equal(LinkFailure.Refused, LinkExceptionIn(refused).Reason);
        await EveryLinkIsFreeAsync(rig);
    }

    [Fact]
    public async Task A_pooled_link_that_its_server_has_closed_meanwhile_is_not_used_again()
    {
        await using Rig rig = await Rig.OpenAsync("esp-at");
        InMemoryListener listener = rig.Network.Listen(Rig.Host, 80);
        using var client = new HttpClient(rig.Modem.CreateHttpHandler());
        for (int i = 0; i < 3; i++)
        {
            Task<string> request = client.GetStringAsync(Url, Token);
            await using InMemoryPeer peer = await AcceptRequestAsync(listener);
            await SayAsync(peer, "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nfine");

            Assert.Equal("fine", await request.Within(Token));
            await peer.DisposeAsync();
            await NoLinkIsLeftAsync(rig);
        }
    }

    [Fact]
    public async Task A_disposed_client_closes_its_links()
    {
        await using Rig rig = await Rig.OpenAsync("esp-at");
        InMemoryListener listener = rig.Network.Listen(Rig.Host, 80);
        var client = new HttpClient(rig.Modem.CreateHttpHandler());
        Task<string> request = client.GetStringAsync(Url, Token);
        await using InMemoryPeer peer = await AcceptRequestAsync(listener);
        await SayAsync(peer, "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nfine");
        Assert.Equal("fine", await request.Within(Token));

        client.Dispose();

        Assert.Equal(0, await peer.ReadAsync(new byte[1], Token).Within(Token));
        await EveryLinkIsFreeAsync(rig);
    }

    private static async Task<InMemoryPeer> AcceptRequestAsync(InMemoryListener listener)
    {
        InMemoryPeer peer = await listener.AcceptAsync(Token).Within(Token);
        var heard = new StringBuilder();
        var buffer = new byte[1024];
        while (!heard.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            int count = await peer.ReadAsync(buffer, Token).Within(Token);
            Assert.NotEqual(0, count);
            heard.Append(Encoding.ASCII.GetString(buffer, 0, count));
        }

        return peer;
    }

    private static Task SayAsync(InMemoryPeer peer, string text) =>
        peer.WriteAsync(Encoding.ASCII.GetBytes(text), Token).Within(Token);

    private static async Task HearEndAsync(InMemoryPeer peer)
    {
        var buffer = new byte[1024];
        while (await peer.ReadAsync(buffer, Token).Within(Token) > 0)
        {
        }
    }

    // The peer has gone, and the driver gets to know by a line of the module: a command more, and it is here.
    private static async Task NoLinkIsLeftAsync(Rig rig)
    {
        using var limit = new CancellationTokenSource(Deadline.Limit, TimeProvider.System);
        while ((await rig.Modem.ReadLinksAsync(limit.Token)).Count > 0)
        {
            await rig.Modem.SendAsync("AT", cancellationToken: limit.Token);
        }
    }

    // A number that was not given back would make the last of these wait until its time limit, and fail.
    private static async Task EveryLinkIsFreeAsync(Rig rig)
    {
        LinkStream[] all = await Task.WhenAll(Enumerable.Range(0, Links).Select(_ => rig.ConnectAsync())).Within(Token);

        Assert.Equal(Links, all.Select(link => link.LinkId).Distinct().Count());
        await Task.WhenAll(all.Select(link => link.DisposeAsync().AsTask())).Within(Token);
    }

    private static LinkException LinkExceptionIn(Exception? exception) =>
        exception as LinkException ?? LinkExceptionIn(exception?.InnerException
            ?? throw new InvalidOperationException("No LinkException inside."));
}
