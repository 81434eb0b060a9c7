using ModemDriver.Transport;

namespace ModemDriver.EndToEnd.Tests.Judges;

/// <summary>The driver with a modem that nobody here wrote and no dialect knows: V.250 and no more.</summary>
public sealed class IaxmodemTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_is_found_identified_and_told_what_to_do()
    {
        await using Iaxmodem module = await Iaxmodem.StartAsync();
        await using Modem modem = await OpenAsync(module);

        Assert.Equal(("generic (V.250)", "spandsp"), (modem.Identity?.Dialect, modem.Identity?.Model));
        Assert.False(modem.Supports(ModemFeature.TcpClient));
        Assert.Equal(["013"], (await SendAsync(modem, "ATS3?")).Lines);
        await SendAsync(modem, "ATS7=61");
        Assert.Equal(["061"], (await SendAsync(modem, "ATS7?")).Lines);
        Assert.Equal(["008"], (await SendAsync(modem, "ATS5?")).Lines);
        CommandFailedException refused = await Assert.ThrowsAsync<CommandFailedException>(
            () => SendAsync(modem, "AT+CGMI"));
        Assert.Contains("ERROR", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_echo_that_comes_back_is_a_module_that_lost_its_settings_and_they_are_made_again()
    {
        await using Iaxmodem module = await Iaxmodem.StartAsync();
        await using Modem modem = await OpenAsync(module);

        await SendAsync(modem, "ATE1");
        await Assert.ThrowsAsync<ModemClosedException>(() => SendAsync(modem, "ATS3?"));

        await modem.WaitForStateAsync(ModemState.Ready, cancellationToken: Token).Within(Token);
        Assert.Equal(["013"], (await SendAsync(modem, "ATS3?")).Lines);
        Assert.Equal(["008"], (await SendAsync(modem, "ATS5?")).Lines);
    }

    [Theory]
    [InlineData("ATE0V0", "0\r")]
    [InlineData("ATE1V0", "0\r")]
    [InlineData("ATE0Q1", "")]
    public async Task Result_codes_that_another_program_left_as_numbers_or_off_are_words_again(string line, string until)
    {
        await using Iaxmodem module = await Iaxmodem.StartAsync();
        await module.LeaveAsync(line, until);

        await using Modem modem = await OpenAsync(module);

        Assert.Equal("spandsp", modem.Identity?.Model);
        Assert.Equal(["013"], (await SendAsync(modem, "ATS3?")).Lines);
    }

    [Fact]
    public async Task A_caller_who_turns_words_into_numbers_runs_into_a_time_limit_and_the_modem_comes_back()
    {
        await using Iaxmodem module = await Iaxmodem.StartAsync();
        await using Modem modem = await OpenAsync(module);

        await Assert.ThrowsAsync<CommandTimeoutException>(
            () => modem.SendAsync("ATV0", TimeSpan.FromMilliseconds(300), Token).Within(Token));
        await Assert.ThrowsAsync<ModemClosedException>(() => SendAsync(modem, "ATS3?"));

        await modem.WaitForStateAsync(ModemState.Ready, cancellationToken: Token).Within(Token);
        Assert.Equal(["013"], (await SendAsync(modem, "ATS3?")).Lines);
    }

    private static Task<Modem> OpenAsync(Iaxmodem module) =>
        Modem.OpenAsync(TransportFactory.ForPort(module.DevicePath), new ModemOptions(), Token).Within(Token);

    private static Task<CommandResponse> SendAsync(Modem modem, string line) =>
        modem.SendAsync(line, cancellationToken: Token).Within(Token);
}
