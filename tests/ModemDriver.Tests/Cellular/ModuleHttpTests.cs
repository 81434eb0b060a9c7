using System.Text;
using ModemDriver.Tests.Dialects.Luat;
using ModemDriver.Tests.Quirks;

namespace ModemDriver.Tests.Cellular;

/// <summary>HTTP by the module's own client, on the wire, byte by byte.</summary>
public sealed class ModuleHttpTests
{
    private const string Bearer = "\r\n+SAPBR: 1,1,\"10.39.255.61\"\r\n\r\nOK\r\n";
    private const string Head = "\r\n+HTTPHEAD: 19\r\nHTTP/1.1 200 OK\r\n\r\n\r\nOK\r\n";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory, EverySplit]
    public void A_resource_is_asked_for_and_read_whole(Split split)
    {
        Dialogue d = LuatScenes.Online(split);
        Task<ModuleHttpResponse> get = d.Do(() => d.Modem.Board.SendHttpAsync(
            new ModuleHttpRequest("http://www.test/a?b=\\") { Headers = ["X-Quoted: \"1\""] }, Token));
        Begin(d, "http://www.test/a?b=\\5C");
        d.Exchange("AT+HTTPPARA=\"USER_DEFINED\",\"X-Quoted: \\221\\22\"");
        d.Exchange("AT+HTTPACTION=0");
        d.Pass(2);
        d.Say("\r\n+HTTPACTION: 0,200,6\r\n");
        d.Exchange("AT+HTTPHEAD", Head);
        d.Exchange("AT+HTTPREAD", "\r\n+HTTPREAD: 6\r\n\r\nOK\r\n\r\n\r\nOK\r\n");
        d.Exchange("AT+HTTPTERM");

        ModuleHttpResponse response = Dialogue.ResultOf(get);
        Assert.Equal((200, "HTTP/1.1 200 OK\r\n\r\n", "\r\nOK\r\n"), (
            response.Status, response.Head, Encoding.ASCII.GetString(response.Body.Span)));
        d.EndsWith(ModemState.Online);
    }

    [Theory, EverySplit]
    public void A_body_is_handed_over_when_the_module_asks_for_it(Split split)
    {
        Dialogue d = LuatScenes.Online(split);
        Task<ModuleHttpResponse> post = d.Do(() => d.Modem.Board.SendHttpAsync(
            new ModuleHttpRequest("http://www.test/") { Method = ModuleHttpMethod.Post, Body = "\nx\x1a"u8.ToArray() }, Token));
        Begin(d, "http://www.test/");
        d.Exchange("AT+HTTPPARA=\"CONTENT\",\"application/octet-stream\"");
        d.Exchange("AT+HTTPDATA=3,20000", "\r\nDOWNLOAD\r\n");
        d.HearBytes("\nx\x1a");
        d.Say("\r\nOK\r\n");
        d.Exchange("AT+HTTPACTION=1", "\r\nOK\r\n\r\n+HTTPACTION: 1,204,0\r\n");
        d.Exchange("AT+HTTPHEAD", Head);
        d.Exchange("AT+HTTPTERM");

        Assert.Equal((204, 0), (Dialogue.ResultOf(post).Status, Dialogue.ResultOf(post).Body.Length));
        d.EndsWith(ModemState.Online);
    }

    [Theory]
    [InlineData(600, BoardServiceFailure.Protocol)]
    [InlineData(601, BoardServiceFailure.NoNetwork)]
    [InlineData(602, BoardServiceFailure.TooLong)]
    [InlineData(603, BoardServiceFailure.NameNotFound)]
    [InlineData(604, BoardServiceFailure.Busy)]
    [InlineData(700, BoardServiceFailure.Unknown)]
    public void No_answer_has_a_reason_and_the_client_is_ended(int status, BoardServiceFailure reason)
    {
        Dialogue d = LuatScenes.Online(Split.Whole);
        Task<ModuleHttpResponse> get = d.Do(() => d.Modem.Board.SendHttpAsync(new ModuleHttpRequest("http://www.test/"), Token));
        Begin(d, "http://www.test/");
        d.Exchange("AT+HTTPACTION=0", $"\r\nOK\r\n\r\n+HTTPACTION: 0,{status},0\r\n");
        d.Exchange("AT+HTTPTERM");

        BoardServiceException failure = Dialogue.FailureOf<BoardServiceException>(get);
        Assert.Equal((reason, status), (failure.Reason, failure.Code));
        d.EndsWith(ModemState.Online);
    }

    [Fact]
    public void A_server_that_says_nothing_ends_the_call_behind_the_modules_own_limit()
    {
        Dialogue d = LuatScenes.Online(Split.Whole);
        Task<ModuleHttpResponse> get = d.Do(() => d.Modem.Board.SendHttpAsync(new ModuleHttpRequest("http://www.test/"), Token));
        Begin(d, "http://www.test/");
        d.Exchange("AT+HTTPACTION=0");
        Dialogue.FailureOf<InvalidOperationException>(
            d.Do(() => d.Modem.Board.SendHttpAsync(new ModuleHttpRequest("http://www.test/"), Token)));
        d.Pass(70);
        d.Exchange("AT+HTTPTERM");

        Assert.Equal(BoardServiceFailure.NoAnswer, Dialogue.FailureOf<BoardServiceException>(get).Reason);
        d.EndsWith(ModemState.Online);
    }

    [Fact]
    public void What_an_earlier_program_has_left_is_ended_and_a_damaged_answer_reaches_nobody()
    {
        Dialogue d = LuatScenes.Online(Split.Whole);
        Task<ModuleHttpResponse> get = d.Do(() => d.Modem.Board.SendHttpAsync(new ModuleHttpRequest("http://www.test/"), Token));
        d.Exchange("AT+SAPBR=2,1", Bearer);
        d.Exchange("AT+HTTPINIT", "\r\n+CME ERROR: 3\r\n");
        d.Exchange("AT+HTTPTERM");
        d.Exchange("AT+HTTPINIT");
        Configure(d, "http://www.test/");
        d.Exchange("AT+HTTPACTION=0", "\r\nOK\r\n\r\n+HTTPACTION: 0,200,5\r\n");
        d.Exchange("AT+HTTPHEAD", Head);
        d.Exchange("AT+HTTPREAD", "\r\n+HTTPREAD: 5\r\n123456\r\nOK\r\n");
        d.Exchange("AT+HTTPTERM");

        Dialogue.FailureOf<ModemProtocolException>(get);
        d.EndsWith(ModemState.Online);
    }

    [Theory]
    [InlineData("https://www.test/")]
    [InlineData("www.test")]
    [InlineData("http://www.test/\u4f60")]
    [InlineData("http://www.test/\r\nAT+CFUN=0")]
    public void What_cannot_be_asked_is_refused_before_a_byte_is_sent(string url)
    {
        Dialogue d = LuatScenes.Online(Split.Whole);

        Assert.ThrowsAny<ArgumentException>(() => { _ = d.Modem.Board.SendHttpAsync(new ModuleHttpRequest(url), Token); });
        d.EndsWith(ModemState.Online);
    }

    private static void Begin(Dialogue d, string url)
    {
        d.Exchange("AT+SAPBR=2,1", Bearer);
        d.Exchange("AT+HTTPINIT");
        Configure(d, url);
    }

    private static void Configure(Dialogue d, string url)
    {
        d.Exchange("AT+HTTPPARA=\"CID\",1");
        d.Exchange($"AT+HTTPPARA=\"URL\",\"{url}\"");
        d.Exchange("AT+HTTPPARA=\"TIMEOUT\",60");
    }
}
