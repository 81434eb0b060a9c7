using ModemDriver.Simulator.Faults;

namespace ModemDriver.EndToEnd.Tests.Faults;

/// <summary>
/// Whatever goes wrong, in every mode of datagrams: one may be lost, and none is damaged, foreign, joined with another or cut; what
/// they are told to be from is right; every call ends by its limit, and the modem works afterwards.
/// </summary>
/// <remarks>
/// Left out, because the wire gives no proof of it: a byte on its way to the host that is changed, and one of an address that is lost
/// or doubled.
/// </remarks>
public sealed class DatagramFaultTests
{
    private static readonly int[] Ends = [300, 9_000];

    private static readonly Fault[][] Plans =
    [
        .. FaultModeTests.Plans,
        [Fault.SendFail(3), Fault.Busy(2)],
        [Fault.Splice("AT+CIPSEND", 2, 0, "WIFI GOT IP\r\n")],
        [Fault.LateAnswer(">", 2, TimeSpan.FromSeconds(20))],
        [Fault.MissingAnswer(">", 3)],
        [Fault.WrongCount(-1), Fault.WrongCount(1, 3)],
    ];

    public static TheoryData<string, DatagramMode> FirmwaresAndModes()
    {
        var rows = new TheoryData<string, DatagramMode>();
        foreach (string firmware in (string[])["esp-at", "esp-at-2.0", "esp-at-1.7", "esp-at-1.6"])
        {
            foreach (DatagramMode mode in Enum.GetValues<DatagramMode>())
            {
                if (firmware != "esp-at-1.7" || mode != DatagramMode.Only)
                {
                    rows.Add(firmware, mode);
                }
            }
        }

        return rows;
    }

    [Theory]
    [MemberData(nameof(FirmwaresAndModes))]
    public async Task A_datagram_is_whole_or_lost(string firmware, DatagramMode mode)
    {
        foreach (Fault[] plan in Plans)
        {
            bool isHeardRight = !plan.Any(fault => fault.ToString().StartsWith("WrongCount", StringComparison.Ordinal));
            await DatagramRun.RunAsync(firmware, mode, plan, isHeardRight);
        }
    }

    [Theory]
    [MemberData(nameof(FirmwaresAndModes))]
    public async Task A_byte_that_is_lost_or_doubled_on_the_line_and_a_wrong_length_damage_none(string firmware, DatagramMode mode)
    {
        var random = new Random(4);
        for (int i = 0; i < 10; i++)
        {
            int offset = random.Next(Ends[i % Ends.Length]);
            await DatagramRun.RunAsync(firmware, mode, [Fault.DropByte(WireDirection.ToHost, offset)]);
            await DatagramRun.RunAsync(firmware, mode, [Fault.DuplicateByte(WireDirection.ToHost, offset)]);
            await DatagramRun.RunAsync(firmware, mode, [Fault.DropByte(WireDirection.ToModule, offset)], isHeardRight: false);
            await DatagramRun.RunAsync(firmware, mode, [Fault.DuplicateByte(WireDirection.ToModule, offset)], isHeardRight: false);
            await DatagramRun.RunAsync(firmware, mode, [Fault.CorruptByte(WireDirection.ToModule, offset)], isHeardRight: false);
            await DatagramRun.RunAsync(firmware, mode, [Fault.WrongLength(random.Next(-4, 5), i + 1)]);
        }
    }
}
