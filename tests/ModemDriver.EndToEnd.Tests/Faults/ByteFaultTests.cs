using ModemDriver.Simulator.Faults;

namespace ModemDriver.EndToEnd.Tests.Faults;

/// <summary>
/// Bytes that are lost, doubled or changed on the line: what is read is what the peer sent, from the first byte on, and all of
/// it or the Stream throws; and the modem works afterwards.
/// </summary>
/// <remarks>
/// Left out, because the wire gives no proof of it: a byte on its way to the host that is changed; anything in the data state.
/// </remarks>
public sealed class ByteFaultTests
{
    private const int OffsetsInARow = 10;

    // The first answers and the first payload lie in front of this byte, and all of a session in front of that one.
    private static readonly int[] Ends = [300, 13_000];

    private static readonly LinkMode[] Modes = [LinkMode.Only, LinkMode.Multiple, LinkMode.Push, LinkMode.Accepted];

    public static TheoryData<string, LinkMode> All() => Rows(["esp-at", "esp-at-2.0", "esp-at-1.7", "esp-at-1.6"], Modes);

    [Theory]
    [MemberData(nameof(All))]
    public async Task A_byte_from_the_module_that_is_lost_does_no_harm_to_what_is_read(string firmware, LinkMode mode)
    {
        foreach (int offset in Offsets(1))
        {
            await FaultRun.RunAsync(firmware, mode, [Fault.DropByte(WireDirection.ToHost, offset)]);
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task A_byte_from_the_module_that_comes_twice_does_no_harm_to_what_is_read(string firmware, LinkMode mode)
    {
        foreach (int offset in Offsets(2))
        {
            await FaultRun.RunAsync(firmware, mode, [Fault.DuplicateByte(WireDirection.ToHost, offset)]);
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task A_length_that_is_wrong_does_no_harm_to_what_is_read(string firmware, LinkMode mode)
    {
        foreach (int difference in (int[])[-1000, -2, -1, 1, 2, 3, 1000])
        {
            for (int number = 1; number < 5; number++)
            {
                await FaultRun.RunAsync(firmware, mode, [Fault.WrongLength(difference, number)]);
            }
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task A_byte_to_the_module_that_is_lost_doubled_or_changed_does_no_harm_to_what_is_read(
        string firmware, LinkMode mode)
    {
        foreach (int offset in Offsets(3))
        {
            Fault[] faults =
            [
                Fault.DropByte(WireDirection.ToModule, offset),
                Fault.DuplicateByte(WireDirection.ToModule, offset),
                Fault.CorruptByte(WireDirection.ToModule, offset),
            ];
            foreach (Fault fault in faults)
            {
                await FaultRun.RunAsync(firmware, mode, [fault], isHeardRight: false);
            }
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task A_send_of_which_another_count_is_taken_fails_and_does_no_harm_to_what_is_read(string firmware, LinkMode mode)
    {
        foreach (int difference in (int[])[-1000, -2, -1, 1, 2, 1000])
        {
            for (int number = 1; number < 4; number++)
            {
                await FaultRun.RunAsync(firmware, mode, [Fault.WrongCount(difference, number)]);
            }
        }
    }

    private static IEnumerable<int> Offsets(int seed)
    {
        var random = new Random(seed);
        return Enumerable.Range(0, OffsetsInARow).Select(i => random.Next(Ends[i % Ends.Length]));
    }

    private static TheoryData<string, LinkMode> Rows(string[] firmwares, IEnumerable<LinkMode> modes)
    {
        var rows = new TheoryData<string, LinkMode>();
        foreach (LinkMode mode in modes)
        {
            Array.ForEach(firmwares, firmware => rows.Add(firmware, mode));
        }

        return rows;
    }
}
