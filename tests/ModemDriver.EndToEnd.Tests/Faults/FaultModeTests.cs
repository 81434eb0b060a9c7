using ModemDriver.Simulator;
using ModemDriver.Simulator.Faults;

namespace ModemDriver.EndToEnd.Tests.Faults;

/// <summary>
/// Whatever goes wrong, in every mode of a link: each side reads the other's bytes, in order and from the first on, and
/// all of them or its Stream throws; and the modem works afterwards.
/// </summary>
public sealed class FaultModeTests
{
    internal static readonly Fault[][] Plans =
    [
        [Fault.SplitOutput(1)],
        [Fault.SplitOutputRandomly(7), Fault.DelayOutput(700, TimeSpan.FromSeconds(2))],
        [Fault.Busy(3)],
        [Fault.Busy(2, executes: true)],
        [Fault.LateAnswer("AT+CIP", 1, TimeSpan.FromSeconds(5))],
        [Fault.LateAnswer("AT+CIPSEND", 2, TimeSpan.FromSeconds(8)), Fault.SplitOutput(3)],
        [Fault.MissingAnswer("AT+CIP", 1)],
        [Fault.MissingAnswer("AT+CIP", 3)],
        [Fault.MissingAnswer("AT+CIPSEND", 2)],
        [Fault.MissingAnswer("AT+CIPRECV", 2)],
        [Fault.ReplacedAnswer("AT+CIP", 2, "\r\nERROR\r\n")],
        [Fault.Splice("AT+CIP", 2, 0, "a line of a log\r\r\n")],
        [Fault.SendFail()],
        [Fault.SendFail(2, thenOk: true)],
        [Fault.LostPrompt()],
        [Fault.ResetAt(1)],
        [Fault.ResetAt(4, ResetCause.BrownOut)],
        [Fault.UnplugAt(3)],
        [Fault.UnplugAt(2), Fault.ResetAt(7)],
        [Fault.Busy(1), Fault.LateAnswer("AT+CIP", 2, TimeSpan.FromSeconds(1)), Fault.MissingAnswer("AT+CIP", 4)],
    ];

    public static TheoryData<string, LinkMode> FirmwaresAndModes()
    {
        var rows = new TheoryData<string, LinkMode>();
        foreach (string firmware in (string[])["esp-at", "esp-at-2.0", "esp-at-1.7", "esp-at-1.6"])
        {
            foreach (LinkMode mode in Enum.GetValues<LinkMode>())
            {
                rows.Add(firmware, mode);
            }
        }

        return rows;
    }

    [Theory]
    [MemberData(nameof(FirmwaresAndModes))]
    public async Task Each_side_reads_the_bytes_of_the_other_or_is_told(string firmware, LinkMode mode)
    {
        foreach (Fault[] plan in Plans)
        {
            await FaultRun.RunAsync(firmware, mode, plan);
        }
    }
}
