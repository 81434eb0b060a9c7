namespace ModemDriver.Tests.Review;

/// <summary>Who the module is, on a line with noise.</summary>
public sealed class IdentificationTests
{
    [Fact]
    public async Task A_garbled_answer_to_who_it_is_is_asked_for_again()
    {
        RunnerRig rig = new();
        int asked = 0;
        rig.Module.Answer = line => line == "AT+GMR" && asked++ == 1 ? "AT ver#ion\r\n\r\nOK\r\n" : null;

        await rig.FinishAsync(rig.Start(() => rig.Runner.OpenAsync(CancellationToken.None)));

        Assert.Equal("ESP-AT", rig.Runner.Dialect!.Identity.Dialect);
    }
}
