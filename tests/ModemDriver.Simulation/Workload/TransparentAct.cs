using ModemDriver.Simulation.Checks;

namespace ModemDriver.Simulation.Workload;

/// <summary>A transparent session that is suspended and resumed while both sides talk.</summary>
internal static class TransparentAct
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(4);

    /// <summary>Opens a session and uses it.</summary>
    public static async Task RunAsync(Stage stage, Random random)
    {
        // While a module leaves its data state, its words stand among the peer's bytes: words of the peer's would be taken
        // for them. So there are none. A paced line has buffers that a burst would fill.
        TalkPlan plan = TalkPlan.Draw(random) with { HasTraps = false };
        plan = plan.End == TalkEnd.Flood ? plan with { End = TalkEnd.UserLeaves, DownBytes = 10_000 } : plan;
        var talk = new Talk(stage, plan, random) { IsBlindAfterLoss = true };
        int port = stage.Peers.NextPort();
        stage.Peers.Serve(port, talk.ServeAsync);
        var request = new TransparentRequest(Stage.Host, port) { SuspendForCommands = random.Next(3) == 0 };
        Outcome<TransparentSession> opened = await stage.Calls.TryAsync(
            "OpenTransparent", Limit, token => stage.Modem.OpenTransparentAsync(request, token));
        if (opened.Value is { } session)
        {
            Task pausing = PauseAsync(stage, session, random);
            await talk.UseAsync(session);
            await pausing;
        }

        stage.Peers.Close(port);
    }

    private static async Task PauseAsync(Stage stage, TransparentSession session, Random random)
    {
        for (int i = random.Next(4); i > 0; i--)
        {
            await stage.DelayAsync(TimeSpan.FromMilliseconds(random.Next(2000)));
            TimeSpan? cancel = random.Next(6) == 0 ? TimeSpan.FromMilliseconds(random.Next(2000)) : null;
            Outcome<bool> suspended = await stage.Calls.TryAsync("Suspend", Limit, session.SuspendAsync, cancel, endsAtOnce: false);
            if (suspended.IsDone)
            {
                await CommandAct.RunAsync(stage, random, random.Next(3));
            }

            await stage.Calls.TryAsync("Resume", Limit, session.ResumeAsync);
        }
    }
}
