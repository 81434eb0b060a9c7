using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using ModemDriver.Diagnostics;
using ModemDriver.Tests.Deadlines;

namespace ModemDriver.Tests.Diagnostics;

/// <summary>A password is on the wire and nowhere else: not in the log, the trace, or what a call throws.</summary>
public sealed class SecretsTests : IDisposable
{
    private const string Secret = "topaz4711";

    private readonly FakeLogCollector _log = FakeLogCollector.Create(new FakeLogCollectorOptions());
    private readonly StringWriter _trace = new();

    [Theory]
    [InlineData("\r\n+CWJAP:2\r\n\r\nERROR\r\n")]
    [InlineData("AT+CWJAP=\"home\",\"topaz4711\"\r\n\r\nERROR\r\n")]
    [InlineData("noise at+cwjap=\"home\",\"topaz4711\"\r\n\r\nERROR\r\n")]
    [InlineData("+CWSAP:\"x\"y\",\"topaz4711\",6,3\r\npassword:topaz4711\r\n\r\nFAIL\r\n")]
    [InlineData("")]
    public async Task A_join_that_fails_tells_it_nowhere_whatever_the_module_says(string answer)
    {
        MuteRig rig = await OpenAsync();
        rig.Module.Answer = line => line.StartsWith("AT+CWJAP=", StringComparison.Ordinal) ? answer : null;

        Exception? failure = await FailAsync(
            rig, () => rig.Modem.WiFi.JoinAsync(new WiFiOptions("home", Secret), CancellationToken.None));

        Assert.IsAssignableFrom<ModemException>(failure);
        Assert.Contains(rig.Module.Sent, line => line.Contains(Secret, StringComparison.Ordinal));
        AssertTold(failure);
    }

    [Theory]
    [InlineData("AT+CWJAP=\"home\",\"topaz4711\"", "\r\nERROR\r\n")]
    [InlineData("at+cpin=topaz4711", "\r\nERROR\r\n")]
    [InlineData("AT+CMEE=1;+CPIN=\"topaz4711\"", "\r\n+CME ERROR: 16\r\n")]
    [InlineData("AT +CPIN = \"topaz4711\"", "AT +CPIN = \"topaz4711\"\r\r\n+CME ERROR: 16\r\n")]
    [InlineData("AT+CGAUTH=1,1,\"user\",\"topaz4711\"", "+CGAUTH: 1,1,\"user\",\"topaz4711\"\r\nERROR\r\n")]
    [InlineData("AT+CPWD=\"SC\",\"1234\",\"topaz4711\"", "")]
    [InlineData("AT+CLCK=\"SC\",1,\"topaz4711\"", "\r\nERROR\r\n")]
    [InlineData("AT+CWSAP=\"home\",\"topaz4711\",1,3", "AT+CWSAP=\"home\",\"topaz4711\",1,3\r\n\r\nERROR\r\n")]
    [InlineData("AT+MQTTUSERCFG=0,1,\"id\",\"user\",\"topaz4711\",0,0,\"\"", "")]
    [InlineData("AT+CWSAP?", "+CWSAP:\"home\",\"topaz4711\",1,3,4,0\r\n\r\nERROR\r\n")]
    public async Task A_line_of_the_callers_own_that_fails_tells_it_nowhere(string line, string answer)
    {
        MuteRig rig = await OpenAsync();
        rig.Module.Answer = sent => sent == line ? answer : null;

        Exception? failure = await FailAsync(
            rig, () => rig.Modem.SendAsync(line, TimeSpan.FromSeconds(5), CancellationToken.None));

        Assert.IsAssignableFrom<ModemException>(failure);
        Assert.Contains(line, rig.Module.Sent);
        AssertTold(failure);
    }

    public void Dispose() => _trace.Dispose();

    private async Task<MuteRig> OpenAsync()
    {
        MuteRig rig = await MuteRig.ReadyAsync(options => options with
        {
            LoggerFactory = new Factory(_log),
            Tap = new WireTap(_trace, showPayload: true),
        });
        rig.Module.Sent.Clear();
        return rig;
    }

    private static async Task<Exception?> FailAsync(MuteRig rig, Func<Task> call)
    {
        Task task = rig.Start(call);
        await rig.PassUntilAsync(task, TimeSpan.FromMinutes(1));
        Assert.True(task.IsCompleted);

        // What follows a timeout is told too.
        await rig.PassAsync(TimeSpan.FromSeconds(20));
        return task.Exception?.InnerException;
    }

    private void AssertTold(Exception? failure)
    {
        IReadOnlyList<FakeLogRecord> records = _log.GetSnapshot();
        Assert.Contains(records, record => record.Level == LogLevel.Trace);
        Assert.DoesNotContain(records, record => $"{record.Message} {record.Exception}".Contains(Secret, StringComparison.Ordinal));
        Assert.DoesNotContain(Secret, _trace.ToString(), StringComparison.Ordinal);
        Assert.Contains("***", _trace.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, failure?.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, string.Join('|', Texts(failure)), StringComparison.Ordinal);
    }

    // What an exception holds beside its text.
    private static IEnumerable<string> Texts(Exception? exception) => exception switch
    {
        null => [],
        CommandFailedException failed => [failed.Command, .. failed.Lines],
        CommandTimeoutException late => [late.Command, .. late.LastLines],
        _ => Texts(exception.InnerException),
    };

    private sealed class Factory(FakeLogCollector log) : ILoggerFactory
    {
        public ILogger CreateLogger(string categoryName) => new FakeLogger(log, categoryName);

        public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

        public void Dispose()
        {
        }
    }
}
