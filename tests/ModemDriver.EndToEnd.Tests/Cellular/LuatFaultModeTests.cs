using ModemDriver.EndToEnd.Tests.Faults;
using ModemDriver.Simulator;
using ModemDriver.Simulator.Faults;

namespace ModemDriver.EndToEnd.Tests.Cellular;

/// <summary>
/// Whatever goes wrong, in every mode of a cellular module's link: each side reads the other's bytes, in order and from the
/// first on, and all of them or its Stream throws; and the modem works afterwards.
/// </summary>
public sealed class LuatFaultModeTests
{
    // Back from a start of the module: its boot, the card, the network; and limits of half a minute and more before.
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(10);

    private static readonly Fault[][] Plans =
    [
        [Fault.SplitOutput(1)],
        [Fault.SplitOutputRandomly(7), Fault.DelayOutput(700, TimeSpan.FromSeconds(2))],
        [Fault.Busy(3)],
        [Fault.LateAnswer("AT+CIP", 1, TimeSpan.FromSeconds(5))],
        [Fault.LateAnswer("AT+CIP", 2, TimeSpan.FromSeconds(70)), Fault.SplitOutput(3)],
        [Fault.MissingAnswer("AT+CIP", 1)],
        [Fault.MissingAnswer("AT+CIP", 3)],
        [Fault.Splice("AT+CIP", 2, 0, "\r\n+CGREG: 2,1,\"1863\",\"0183db22\",7\r\n")],
        [Fault.Splice("AT+CIP", 1, 100_000, "\r\n^MODE: 17,17\r\n")],
        [Fault.ResetAt(1)],
        [Fault.ResetAt(4, ResetCause.BrownOut)],
        [Fault.UnplugAt(3)],
        [Fault.UnplugAt(2), Fault.ResetAt(7)],
        [Fault.Busy(1), Fault.LateAnswer("AT+CIP", 2, TimeSpan.FromSeconds(1)), Fault.MissingAnswer("AT+CIP", 4)],
    ];

    // What is sent to a session between its states, and how it ends.
    private static readonly Fault[][] TransparentPlans =
    [
        .. Plans,
        [Fault.LateAnswer("ATO", 1, TimeSpan.FromSeconds(3))],
        [Fault.LateAnswer("ATO", 2, TimeSpan.FromSeconds(20))],
        [Fault.MissingAnswer("ATO", 1)],
        [Fault.ReplacedAnswer("ATO", 2, "\r\nNO CARRIER\r\n")],
        [Fault.ReplacedAnswer("ATO", 1, "\r\nERROR\r\n")],
        [Fault.Splice("ATO", 1, 0, "\r\n+CSQ: 26,0\r\n")],
        [Fault.Busy(1, executes: true, "ATO")],
        [Fault.LateAnswer("AT", 1, TimeSpan.FromSeconds(3))],
        [Fault.MissingAnswer("AT", 1)],
        [Fault.MissingAnswer("AT", 4)],
        [Fault.ReplacedAnswer("AT", 1, "\r\nERROR\r\n")],
        [Fault.Splice("AT+CIPSTATUS", 1, 0, "\r\n+NITZ: 24/07/23,08:35:01+32,0\r\n")],
        [Fault.LateAnswer("AT+CIPSTATUS", 1, TimeSpan.FromSeconds(9)), Fault.SplitOutput(1)],
        [Fault.MissingAnswer("AT+CIPSTATUS", 2)],
        [Fault.LateAnswer("AT+CIPSHUT", 1, TimeSpan.FromSeconds(30))],
        [Fault.MissingAnswer("AT+CIPSHUT", 1)],
        [Fault.MissingAnswer("AT+CIPMODE", 1)],
        [Fault.ReplacedAnswer("AT+CIICR", 1, "\r\n+PDP: DEACT\r\n\r\n+CME ERROR: 65535\r\n")],
        [Fault.ResetAt(2)],
        [Fault.ResetAt(3, ResetCause.BrownOut)],
        [Fault.ResetAt(6)],
        [Fault.UnplugAt(1)],
        [Fault.UnplugAt(5)],
    ];

    public static TheoryData<string, LinkMode> FirmwaresAndModes()
    {
        var rows = new TheoryData<string, LinkMode>();
        foreach (string firmware in (string[])["air820", "air724", "air780", "air780ep", "air780eq"])
        {
            rows.Add(firmware, LinkMode.Only);
            rows.Add(firmware, LinkMode.Multiple);
            rows.Add(firmware, LinkMode.Push);
            rows.Add(firmware, LinkMode.OnlyPush);
            if (firmware != "air780eq")
            {
                rows.Add(firmware, LinkMode.Transparent);
            }
        }

        return rows;
    }

    [Theory]
    [MemberData(nameof(FirmwaresAndModes))]
    public async Task Each_side_reads_the_bytes_of_the_other_or_is_told(string firmware, LinkMode mode)
    {
        foreach (Fault[] plan in mode == LinkMode.Transparent ? TransparentPlans : Plans)
        {
            // A module that has started anew tells its peer nothing.
            bool startsAnew = plan.Any(fault => fault.ToString().StartsWith("ResetAt", StringComparison.Ordinal));
            await FaultRun.RunAsync(firmware, mode, plan, longest: Longest, isPeerTold: !startsAnew);
        }
    }
}
