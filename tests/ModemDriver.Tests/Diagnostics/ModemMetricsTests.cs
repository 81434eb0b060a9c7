using ModemDriver.Diagnostics;
using ModemDriver.Framing;

namespace ModemDriver.Tests.Diagnostics;

/// <summary>What measuring costs while nobody listens, and what is a command's name.</summary>
[Collection(Collection)]
public sealed class ModemMetricsTests
{
    private const string Collection = "Measures allocations, alone";

    [Fact]
    public void Nothing_is_allocated_while_nobody_listens()
    {
        var metrics = new ModemMetrics("port");
        CommandLine line = CommandLineBuilder.Raw("AT+CIPSEND=0,5", 256);
        var failure = new ModemClosedException("gone");
        var signal = new SignalQuality { RssiDbm = -70 };
        MeasureAll();
        long before = GC.GetAllocatedBytesForCurrentThread();

        for (int i = 0; i < 100; i++)
        {
            MeasureAll();
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void MeasureAll()
        {
            metrics.CountStateChange(ModemState.Closed, ModemState.Closed, "close_requested", failure);
            metrics.RecordCommand(line, "ok", TimeSpan.FromSeconds(1));
            metrics.CountTimeout(CommandStage.Written);
            metrics.CountLateAnswer();
            metrics.CountResynchronisation("in_step");
            metrics.CountWritten(1);
            metrics.CountReceived(1);
            metrics.CountLinkOpened("tcp", isAccepted: true);
            metrics.CountLinkNotOpened(LinkFailure.Refused);
            metrics.CountLinkEnded(LinkFailure.Overflow, wasClosedByPeer: false);
            metrics.CountLinkSent(1);
            metrics.CountLinkReceived(1);
            metrics.CountDatagramDropped("line");
            metrics.CountEventDropped();
            metrics.RecordRecoveryAttempt("PortLost", RecoveryRung.ReopenPort, failure, TimeSpan.FromSeconds(1));
            metrics.RecordRecovery("port_lost", ModemState.Online, TimeSpan.FromSeconds(1));
            metrics.RecordSignal(signal);
            Assert.Null(ModemTracing.Start(ModemTracing.Open, "port", TimeProvider.System));
            Assert.Null(ModemTracing.StartUnder(null, ModemTracing.Open, "port", TimeProvider.System));
            Assert.Null(ModemTracing.Caller);
        }
    }

    [Theory]
    [InlineData("AT", "AT")]
    [InlineData("ATE0", "ATE")]
    [InlineData("ATD+491701234567;", "ATD")]
    [InlineData("ATD491701234567", "ATD")]
    [InlineData("AT+CPIN=\"1234\"", "AT+CPIN")]
    [InlineData("AT+CWJAP?", "AT+CWJAP")]
    [InlineData("AT+CIPSEND=0,5", "AT+CIPSEND")]
    [InlineData("AT&F", "AT&F")]
    [InlineData("AT 1234", "AT")]
    [InlineData("A/", "A/")]
    public void The_name_of_a_command_holds_nothing_that_was_given_to_it(string line, string name) =>
        Assert.Equal(name, ModemMetrics.NameOf(CommandLineBuilder.Raw(line, 256)));

    [Fact]
    public void A_value_of_an_attribute_is_lower_case_with_underscores() =>
        Assert.Equal("packet_data_lost", MetricText<LinkFailure>.Of(LinkFailure.PacketDataLost));

    /// <summary>No other test runs beside this one.</summary>
    [CollectionDefinition(Collection, DisableParallelization = true)]
    public sealed class Alone;
}
