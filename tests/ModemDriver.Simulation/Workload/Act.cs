using System.Globalization;
using ModemDriver.Simulation.Checks;

namespace ModemDriver.Simulation.Workload;

/// <summary>Does a piece of work.</summary>
internal static class Act
{
    // For a modem that is on its way back; then the work is left out.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private static readonly TimeSpan ConnectLimit = TimeSpan.FromMinutes(3);

    /// <summary>Does it; never throws for what a module or network does.</summary>
    public static async Task RunAsync(Stage stage, Work work)
    {
        if (stage.IsDisposed)
        {
            return;
        }

        await stage.Calls.TryAsync(
            "WaitForState",
            Patience + TimeSpan.FromSeconds(1),
            token => stage.Modem.WaitForStateAsync(ModemState.Online, Patience, token));
        stage.Ledger.Count($"work {work.Kind}");
        var random = new Random(work.Seed);
        await (work.Kind switch
        {
            WorkKind.Links => LinkActs.LinksAsync(stage, random),
            WorkKind.Listener => LinkActs.ListenAsync(stage, random),
            WorkKind.Datagrams => DatagramAct.RunAsync(stage, random),
            WorkKind.Transparent => TransparentAct.RunAsync(stage, random),
            WorkKind.Services => ServiceAct.RunAsync(stage, random),
            WorkKind.Commands => CommandAct.RunAsync(stage, random, random.Next(3, 15)),
            _ => ModeAsync(stage, random),
        });
    }

    /// <summary>A link to a peer that sends back what comes, without faults: it works at once.</summary>
    public static async Task EchoAsync(Stage stage)
    {
        if (await TryEchoAsync(stage) is { } failure)
        {
            stage.Ledger.Violated(Promise.Recovery, $"after all faults are over {failure}");
        }
    }

    /// <summary>A link to a peer that sends back what comes.</summary>
    /// <param name="stage">Where.</param>
    /// <param name="patience">How long the user waits for the answer; <see langword="null"/> for ever.</param>
    /// <returns>Why it does not work; <see langword="null"/> if it does.</returns>
    public static async Task<string?> TryEchoAsync(Stage stage, TimeSpan? patience = null)
    {
        Outcome<LinkStream> opened = await stage.Calls.TryAsync(
            "Connect", ConnectLimit, token => stage.Modem.ConnectAsync(Stage.Host, Stage.EchoPort, token));
        if (opened.Value is not { } link)
        {
            return $"there is no link: {opened.Failure}";
        }

        Flow flow = stage.Peers.NewFlow(hasTraps: false);
        byte[] sent = flow.Next(3000);
        var buffer = new byte[sent.Length];
        Outcome<bool> echo = await stage.Calls.TryAsync(
            "echo",
            ConnectLimit,
            async token =>
            {
                await link.WriteAsync(sent, token);
                await link.FlushAsync(token);
                await link.ReadExactlyAsync(buffer, token);
            },
            patience);
        string? wrong = echo.IsDone ? flow.Check(buffer) : $"a new link does not work: {echo.Failure}";
        await stage.Calls.TryAsync("Stream.Dispose", LinkStream.DisposeLimit + TimeSpan.FromSeconds(1), _ => link.DisposeAsync().AsTask());
        return wrong;
    }

    private static async Task ModeAsync(Stage stage, Random random)
    {
        for (int i = random.Next(1, 4); i > 0; i--)
        {
            ConnectionMode other = stage.Modem.ConnectionMode == ConnectionMode.Single
                ? ConnectionMode.Multiple
                : ConnectionMode.Single;
            Outcome<bool> changed = await stage.Calls.TryAsync(
                "SetConnectionMode", TimeSpan.FromMinutes(3), token => stage.Modem.SetConnectionModeAsync(other, token));
            if (changed.IsDone && stage.Modem.ConnectionMode != other && stage.Modem.State == ModemState.Online)
            {
                stage.Ledger.Violated(Promise.Truth, string.Create(
                    CultureInfo.InvariantCulture, $"the mode is {stage.Modem.ConnectionMode} after a change to {other}"));
            }
        }
    }
}
