using ModemDriver.EndToEnd.Tests.Recovery;
using ModemDriver.Simulator.Faults;

namespace ModemDriver.EndToEnd.Tests.Cellular;

/// <summary>
/// Answers that come late, never, or are others, and lines of the module in between, in each mode: a Stream gives what was
/// sent, or throws, and the modem works again.
/// </summary>
public sealed class LuatFaultTests
{
    private const int EchoBytes = 12_000;

    private static readonly string[] Commands =
        ["AT+CIPSTART", "AT+CIPSEND", "AT+CIPRXGET", "AT+CIPCLOSE", "AT+CIPSTATUS", "AT+CIPSHUT", "AT+CSTT", "AT+CIICR", "AT+CIFSR"];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<string, ConnectionMode, ReceiveMode> EachModule()
    {
        var rows = new TheoryData<string, ConnectionMode, ReceiveMode>();
        foreach (string firmware in (string[])["air780", "air820"])
        {
            rows.Add(firmware, ConnectionMode.Multiple, ReceiveMode.Automatic);
            rows.Add(firmware, ConnectionMode.Multiple, ReceiveMode.Push);
            rows.Add(firmware, ConnectionMode.Single, ReceiveMode.Automatic);
            rows.Add(firmware, ConnectionMode.Single, ReceiveMode.Push);
        }

        return rows;
    }

    public static TheoryData<string, ConnectionMode, ReceiveMode, string> EachModuleAndCommand()
    {
        var rows = new TheoryData<string, ConnectionMode, ReceiveMode, string>();
        foreach (string command in Commands)
        {
            rows.Add("air780", ConnectionMode.Multiple, ReceiveMode.Automatic, command);
            rows.Add("air780", ConnectionMode.Multiple, ReceiveMode.Push, command);
            rows.Add("air820", ConnectionMode.Single, ReceiveMode.Automatic, command);
            rows.Add("air820", ConnectionMode.Single, ReceiveMode.Push, command);
        }

        return rows;
    }

    [Theory]
    [MemberData(nameof(EachModule))]
    public async Task However_the_bytes_are_cut_nothing_is_lost(string firmware, ConnectionMode mode, ReceiveMode receive)
    {
        foreach (int seed in (int[])[1, 2, 3])
        {
            await using VirtualRig rig = await OnlineAsync(firmware, mode, receive);
            rig.Module.Faults.Add(seed == 1 ? Fault.SplitOutput(1) : Fault.SplitOutputRandomly(3 * seed));
            LinkStream link = await rig.ConnectAsync();
            await rig.PassAsync(Traffic.EchoAsync(link, EchoBytes, seed, Token));
            await rig.PassAsync(link.DisposeAsync().AsTask());
        }
    }

    [Theory]
    [MemberData(nameof(EachModuleAndCommand))]
    public async Task A_late_missing_or_other_answer(string firmware, ConnectionMode mode, ReceiveMode receive, string command)
    {
        foreach (Fault fault in (Fault[])
            [
                Fault.LateAnswer(command, 1, TimeSpan.FromSeconds(5)),
                Fault.LateAnswer(command, 2, TimeSpan.FromSeconds(30)),
                Fault.LateAnswer(command, 1, TimeSpan.FromSeconds(70)),
                Fault.MissingAnswer(command),
                Fault.MissingAnswer(command, 2),
                Fault.ReplacedAnswer(command, 1, "\r\nERROR\r\n"),
                Fault.ReplacedAnswer(command, 2, "\r\n+CME ERROR: 3\r\n"),
            ])
        {
            if (command == "AT+CIPRXGET" && fault.ToString().StartsWith("Replaced", StringComparison.Ordinal))
            {
                // The module would throw bytes away, and say that there are none.
                continue;
            }

            await using VirtualRig rig = await OnlineAsync(firmware, mode, receive);
            rig.Module.Faults.Add(fault);
            await SurvivesAsync(rig, fault);
        }
    }

    [Theory]
    [MemberData(nameof(EachModuleAndCommand))]
    public async Task Lines_of_the_module_before_and_behind_an_answer(
        string firmware, ConnectionMode mode, ReceiveMode receive, string command)
    {
        foreach (string line in (string[])
            ["+CGREG: 2,1,\"1863\",\"0183db22\",7", "^MODE: 17,17", "+NITZ: 24/07/23,08:35:01+32,0", "+CSQ: 26,0", "CONNACK OK", "7,CONNECT OK"])
        {
            await using VirtualRig rig = await OnlineAsync(firmware, mode, receive);
            rig.Module.Faults.Add(Fault.Splice(command, 1, 0, $"\r\n{line}\r\n"));
            rig.Module.Faults.Add(Fault.Splice(command, 2, 100_000, $"\r\n{line}\r\n"));
            LinkStream link = await rig.ConnectAsync();
            await rig.PassAsync(Traffic.EchoAsync(link, EchoBytes, seed: 4, Token));
            await rig.PassAsync(link.DisposeAsync().AsTask());
            await rig.PassAsync(rig.Modem.SetConnectionModeAsync(
                mode == ConnectionMode.Single ? ConnectionMode.Multiple : ConnectionMode.Single, Token));
            await rig.NewLinkWorksAsync();
            Assert.Equal(ModemState.Online, rig.Modem.State);
        }
    }

    private static Task<VirtualRig> OnlineAsync(string firmware, ConnectionMode mode, ReceiveMode receive) =>
        VirtualRig.OnlineAsync(
            firmware,
            options => options with { ConnectionMode = mode, ReceiveMode = receive, LinkBufferBytes = 4 * EchoBytes });

    // As long as it goes well. The echo is compared byte for byte by who reads it.
    private static async Task SurvivesAsync(VirtualRig rig, Fault fault)
    {
        try
        {
            for (int i = 0; i < 3; i++)
            {
                LinkStream link = await rig.ConnectAsync();
                await rig.PassAsync(Traffic.EchoAsync(link, EchoBytes, seed: i, Token));
                await rig.PassAsync(link.DisposeAsync().AsTask());
            }
        }
        catch (Exception failed) when (failed is IOException or ModemException)
        {
            Assert.NotEqual(ModemState.Faulted, rig.Modem.State);
        }

        await ChangeModeAsync(rig);
        await rig.PassAsync(TimeSpan.FromMinutes(1));
        await rig.PassAsync(rig.Modem.WaitForStateAsync(ModemState.Online, TimeSpan.FromHours(3), Token));
        try
        {
            await rig.NewLinkWorksAsync();
        }
        catch (Exception failed) when (failed is IOException or ModemException)
        {
            // The fault waited for this one; the next one works.
            await rig.PassAsync(TimeSpan.FromMinutes(3));
            await rig.PassAsync(rig.Modem.WaitForStateAsync(ModemState.Online, TimeSpan.FromHours(3), Token));
            await rig.NewLinkWorksAsync();
        }

        Assert.True(rig.Modem.State == ModemState.Online, $"{fault}: {rig.Modem.State}");
    }

    private static async Task ChangeModeAsync(VirtualRig rig)
    {
        try
        {
            await rig.PassAsync(rig.Modem.SetConnectionModeAsync(
                rig.Modem.ConnectionMode == ConnectionMode.Single ? ConnectionMode.Multiple : ConnectionMode.Single, Token));
        }
        catch (ModemException)
        {
            Assert.NotEqual(ModemState.Faulted, rig.Modem.State);
        }
    }
}
