using ModemDriver.Tests.Quirks;

namespace ModemDriver.Tests.Transparent;

/// <summary>What the dialogues of transparent sessions have in common.</summary>
internal static class Scenes
{
    private const string Quit = "\r\n+QUITT\r\n";
    private const string Standing = "STATUS:3\r\n+CIPSTATUS:0,\"TCP\",\"10.0.0.2\",80,54011,0\r\n\r\nOK\r\n";

    public static Task<TransparentSession> Open(
        Dialogue d,
        string report = "+SYSMSG:0\r\n\r\nOK\r\n",
        string? change = "AT+SYSMSG=1",
        TransparentRequest? request = null)
    {
        Task<TransparentSession> opening = d.Do(
            () => d.Modem.OpenTransparentAsync(request ?? new TransparentRequest("10.0.0.2", 80)));
        d.Exchange("AT+CIPSTATUS", "STATUS:2\r\n\r\nOK\r\n");
        d.Exchange("AT+CIPMUX=0");
        d.Exchange("AT+CIPRECVMODE=0");
        d.Exchange("AT+SYSMSG?", report);
        if (change is not null && !report.Contains("ERROR", StringComparison.Ordinal))
        {
            d.Exchange(change);
        }

        d.Exchange("AT+CIPSTART=\"TCP\",\"10.0.0.2\",80", "CONNECT\r\n\r\nOK\r\n");
        return opening;
    }

    public static TransparentSession Opened(Dialogue d, string report = "+SYSMSG:0\r\n\r\nOK\r\n")
    {
        Task<TransparentSession> opening = Open(d, report);
        d.Exchange("AT+CIPMODE=1");
        d.Exchange("AT+CIPSEND", "\r\nOK\r\n\r\n>");
        return Dialogue.ResultOf(opening);
    }

    public static void Suspend(Dialogue d, TransparentSession session)
    {
        Task suspending = d.Do(() => session.SuspendAsync());
        d.Pass(0.2);
        d.HearBytes("+++");
        d.Say(Quit);
        d.Pass(1);
        d.Exchange("AT+CIPMODE=0");
        d.Exchange("AT+CIPSTATUS", Standing);
        Assert.True(suspending.IsCompletedSuccessfully, $"{suspending.Exception}");
    }

    /// <summary>As it was before the session: what arrives is kept for a fetch, and there may be several links.</summary>
    public static void Restore(Dialogue d)
    {
        d.Exchange("AT+CIPMODE=0");
        d.Exchange("AT+CIPRECVMODE=1");
        d.Exchange("AT+CIPSTATUS", "STATUS:4\r\n\r\nOK\r\n");
        d.Exchange("AT+CIPMUX=1");
    }

    public static void Write(Dialogue d, Stream stream, string text) =>
        Assert.True(d.Do(() => stream.WriteAsync(Dialogue.Bytes(text)).AsTask()).IsCompletedSuccessfully);

    public static string Read(Dialogue d, Stream stream)
    {
        byte[] buffer = new byte[4096];
        int count = Dialogue.ResultOf(d.Do(() => stream.ReadAsync(buffer).AsTask()));
        return System.Text.Encoding.Latin1.GetString(buffer, 0, count);
    }
}
