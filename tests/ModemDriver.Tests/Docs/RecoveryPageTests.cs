using ModemDriver.Lifecycle;

namespace ModemDriver.Tests.Docs;

/// <summary>docs/recovery.md says what the code does.</summary>
public sealed class RecoveryPageTests
{
    private const string Page = "docs/recovery.md";

    private static readonly ModemEvent[] Causes =
        [.. ModemStateMachine.Table.Where(row => row.Effects.HasFlag(ModemEffects.Recover)).Select(row => row.Event).Distinct()];

    private static readonly IReadOnlyList<string[]> Rungs =
        MarkdownTable.Read(Page, "| Rung | Does | Begins on | Confirmed by |");

    private static readonly IReadOnlyList<string[]> Rows =
        MarkdownTable.Read(Page, "| Failed | After silence | After trouble with the module |");

    [Fact]
    public void Every_rung_is_explained() =>
        Assert.Equal(Enum.GetNames<RecoveryRung>(), Rungs.Select(cells => cells[0]));

    [Fact]
    public void Each_recovery_begins_on_the_rung_of_the_table()
    {
        Assert.NotEmpty(Causes);
        foreach (ModemEvent cause in Causes)
        {
            Assert.Equal($"{RecoveryLadder.First(cause, isCellular: false)}", RungFor(cause, "of a Wi-Fi module"));
            Assert.Equal($"{RecoveryLadder.First(cause, isCellular: true)}", RungFor(cause, "of a cellular module"));
        }
    }

    [Fact]
    public void Each_failed_rung_leads_to_that_of_the_table()
    {
        foreach (string[] cells in Rows)
        {
            LadderTraits traits = new(
                IsCellular: cells[0].EndsWith("of a cellular module", StringComparison.Ordinal),
                HasLine: cells[0].EndsWith("with the line", StringComparison.Ordinal),
                MayHook: cells[0].EndsWith("when the hook is due", StringComparison.Ordinal));
            RecoveryRung failed = Enum.Parse<RecoveryRung>(cells[0].Split(' ')[0]);

            Assert.Equal(cells[1], $"{RecoveryLadder.Next(failed, RecoveryTrouble.Silence, 1, traits)}");
            Assert.Equal(cells[2], $"{RecoveryLadder.Next(failed, RecoveryTrouble.Module, 1, traits)}");
        }

        Assert.Equal(
            Enum.GetValues<RecoveryRung>().Where(rung => rung >= RecoveryRung.Reattach).Select(rung => $"{rung}").Order(),
            Rows.Select(cells => cells[0].Split(' ')[0]).Distinct().Order());
    }

    [Theory]
    [InlineData(false, "Reattach Reattach Reattach ResetModule Reattach Reattach Reattach ResetModule Reattach Reattach Reattach Hook")]
    [InlineData(true, "CycleRadio Reattach CycleRadio ResetModule CycleRadio Reattach CycleRadio ResetModule CycleRadio Reattach CycleRadio Hook")]
    public void A_module_without_a_network_is_attached_again_and_mended_once_in_a_while(bool isCellular, string rungs) =>
        Assert.Equal(
            rungs.Split(' '),
            Enumerable.Range(1, 12).Select(attempt => $"{RecoveryLadder.Next(
                RecoveryRung.Reattach, RecoveryTrouble.Network, attempt, new LadderTraits(isCellular, MayHook: true))}"));

    // The event alone, or with the kind of module behind it.
    private static string RungFor(ModemEvent cause, string module) => Assert.Single(
        Rungs,
        cells => cells[2].Split(", ").Select(part => part.StartsWith("and ", StringComparison.Ordinal) ? part[4..] : part)
            .Any(part => part == $"{cause}" || part == $"{cause} {module}"))[0];
}
