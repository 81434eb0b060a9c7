using ModemDriver.Commands;

namespace ModemDriver.Tests.Review;

/// <summary>What a module may say at the wrong moment.</summary>
public sealed class ChannelTests
{
    [Fact]
    public async Task A_flood_of_answers_does_not_hold_the_opening_up()
    {
        RunnerRig rig = new();
        Task opening = rig.Start(() => rig.Runner.OpenAsync(CancellationToken.None));
        rig.Module.Answer = static _ => string.Empty;
        for (int i = 0; i < 1500 && !opening.IsCompleted; i++)
        {
            rig.Say("OK\r\n");
            rig.Pass(TimeSpan.FromMilliseconds(50));
        }

        Assert.True(opening.IsCompleted, "still opening after 75 s");
        await Assert.ThrowsAnyAsync<ModemException>(() => opening);
    }

    [Fact]
    public async Task A_line_behind_the_result_in_the_same_read_is_no_part_of_the_answer()
    {
        RunnerRig rig = new();
        await rig.GoOnlineAsync();
        List<string> unsolicited = [];
        TaskCompletionSource seen = new(TaskCreationOptions.RunContinuationsAsynchronously);
        rig.UrcReceived = urc =>
        {
            unsolicited.Add(urc.Line);
            seen.TrySetResult();
        };
        rig.Module.Answer = static line => line == "AT+X" ? "one\r\n\r\nOK\r\n+FOO: 1\r\n" : null;
        LinesCommand command = new("AT+X", TimeSpan.FromSeconds(1));

        await rig.FinishAsync(rig.Start(() => rig.Runner.ExecuteAsync(command, CancellationToken.None).AsTask()));
        await seen.Task.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);

        Assert.Equal(["one"], command.Lines);
        Assert.Equal(["+FOO: 1"], unsolicited);
    }
}
