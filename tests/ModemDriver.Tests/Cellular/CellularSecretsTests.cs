using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using ModemDriver.Diagnostics;
using ModemDriver.Tests.Quirks;

namespace ModemDriver.Tests.Cellular;

/// <summary>PIN, PUK and APN password are on the wire and nowhere else.</summary>
public sealed class CellularSecretsTests : IDisposable
{
    private static readonly string[] Secrets = ["471147", "87654321", "topaz4711"];

    private readonly string _folder = Directory.CreateTempSubdirectory("modemdriver-pin-").FullName;
    private readonly FakeLogCollector _log = FakeLogCollector.Create(new FakeLogCollectorOptions());
    private readonly StringWriter _trace = new();

    public void Dispose()
    {
        _trace.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    // The module echoes, answers late, or repeats what it was sent.
    [Theory]
    [EverySplit("\r\n+CME ERROR: 16\r\n"), EverySplit("xAT+CPIN=\"471147\"\r\r\n+CME ERROR: 16\r\n")]
    [EverySplit("noise +cpin = \"471147\"\r\nERROR\r\n")]
    public void Neither_log_nor_trace_nor_exception_tells_a_code_or_a_password(Split split, string answer)
    {
        Dialogue d = CellularScenes.Open(
            split,
            options => options with { PinRecordPath = Path.Combine(_folder, "pins") },
            options => options with { LoggerFactory = new Factory(_log), Tap = new WireTap(_trace, showPayload: true) });
        Task unlocking = d.Do(() => d.Modem.Cellular.UnlockAsync("471147"));
        d.Exchange("AT+CPIN?", "\r\n+CPIN: SIM PIN\r\n\r\nOK\r\n");
        d.Exchange("AT+CPINR", CellularScenes.Refused);
        d.Exchange("AT+CCID", "\r\n898604A11123C0012345\r\n\r\nOK\r\n");
        d.Exchange("AT+CPIN=\"471147\"", answer);
        d.Exchange("AT+CPINR", CellularScenes.Refused);
        AssertTold(Dialogue.FailureOf<SimException>(unlocking));

        Task unblocking = d.Do(() => d.Modem.Cellular.UnblockAsync("87654321", "471147"));
        d.Exchange("AT+CPIN?", "\r\n+CPIN: SIM PUK\r\n\r\nOK\r\n");
        d.Hear("AT+CPIN=\"87654321\",\"471147\"");
        d.PassMute(60, () => unblocking.IsCompleted);
        AssertTold(Dialogue.FailureOf<CommandTimeoutException>(unblocking));
    }

    [Theory, EverySplit]
    public void Nor_the_password_of_an_access_point(Split split)
    {
        Dialogue d = CellularScenes.Open(
            split,
            options => options with
            {
                Apn = new ApnOptions("iot") { UserName = "user", Password = "topaz4711", Authentication = ApnAuthentication.Pap },
            },
            options => options with { LoggerFactory = new Factory(_log), Tap = new WireTap(_trace, showPayload: true) });
        Task online = d.Do(() => d.Modem.GoOnlineAsync());
        d.FindCard();
        d.Register();
        d.Exchange("AT+CGATT?", "\r\n+CGATT: 1\r\n\r\nOK\r\n");
        d.Exchange("AT+CGACT=0,1");
        d.Exchange("AT+CGDCONT=1,\"IP\",\"iot\"");
        d.Exchange("AT+CGAUTH=1,1,\"user\",\"topaz4711\"", "+CGAUTH: 1,1,\"user\",\"topaz4711\"\r\n\r\nERROR\r\n");

        AssertTold(Dialogue.FailureOf<NetworkJoinException>(online));
    }

    private void AssertTold(Exception failure)
    {
        string[] told =
        [
            .. _log.GetSnapshot().Select(record => $"{record.Message} {record.Exception}"), _trace.ToString(), failure.ToString(),
            .. failure is CommandTimeoutException late ? (string[])[late.Command, .. late.LastLines] : [],
        ];

        Assert.Contains(_log.GetSnapshot(), record => record.Level == LogLevel.Trace);
        Assert.Contains("***", _trace.ToString(), StringComparison.Ordinal);
        Assert.All(Secrets, secret => Assert.DoesNotContain(told, text => text.Contains(secret, StringComparison.Ordinal)));
    }

    private sealed class Factory(FakeLogCollector log) : ILoggerFactory
    {
        public ILogger CreateLogger(string categoryName) => new FakeLogger(log, categoryName);

        public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

        public void Dispose()
        {
        }
    }
}
