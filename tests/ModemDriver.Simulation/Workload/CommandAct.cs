using System.Globalization;
using System.Net;
using ModemDriver.Simulation.Checks;

namespace ModemDriver.Simulation.Workload;

/// <summary>Commands whose answers say to which command they belong.</summary>
internal static class CommandAct
{
    // Behind others, each with its own limit and the way back of the channel.
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(4);

    /// <summary>Runs so many, some at once.</summary>
    public static async Task RunAsync(Stage stage, Random random, int count)
    {
        var running = new List<Task>();
        for (int i = 0; i < count && !stage.IsDisposed; i++)
        {
            running.Add(OneAsync(stage, random));
            if (random.Next(3) > 0)
            {
                await Task.WhenAll(running);
            }
            else
            {
                await stage.DelayAsync(TimeSpan.FromMilliseconds(random.Next(200)));
            }
        }

        await Task.WhenAll(running);
    }

    private static Task OneAsync(Stage stage, Random random)
    {
        TimeSpan? cancel = random.Next(4) == 0 ? TimeSpan.FromMilliseconds(random.Next(3000)) : null;
        return random.Next(10) switch
        {
            < 4 => ResolveAsync(stage, cancel),
            < 7 => AskAsync(stage, random, cancel),
            7 => stage.Calls.TryAsync("ReadSignal", Limit, token => stage.Modem.ReadSignalAsync(token), cancel),
            8 => stage.Calls.TryAsync("ReadLinks", Limit, token => stage.Modem.ReadLinksAsync(token), cancel),
            _ => stage.Calls.TryAsync("Ping", Limit, token => stage.Modem.PingAsync(Stage.Host, token), cancel),
        };
    }

    private static async Task ResolveAsync(Stage stage, TimeSpan? cancel)
    {
        (string name, IPAddress address) = NewName(stage);
        Outcome<IPAddress> answer = await stage.Calls.TryAsync(
            "Resolve", Limit, token => stage.Modem.ResolveAsync(name, token), cancel);
        if (answer.IsDone && !address.Equals(answer.Value) && !stage.HasNoise)
        {
            stage.Ledger.Violated(Promise.Answers, $"{name} is {address}, and the answer was {answer.Value}");
        }
    }

    // The same by a command of the user's, with a limit that a late answer passes.
    private static async Task AskAsync(Stage stage, Random random, TimeSpan? cancel)
    {
        (string name, IPAddress address) = NewName(stage);
        string line = stage.Plan.IsCellular ? $"AT+CSCA=\"{name}\"" : $"AT+CIPDOMAIN=\"{name}\"";
        TimeSpan limit = TimeSpan.FromMilliseconds(random.Next(200, 6000));
        Outcome<CommandResponse> answer = await stage.Calls.TryAsync(
            "Send", Limit, token => stage.Modem.SendAsync(line, limit, token), cancel);
        if (answer.Value is not { } response || stage.HasNoise || stage.Plan.IsCellular)
        {
            return;
        }

        foreach (string shown in response.Lines)
        {
            if (shown.Contains("10.9.", StringComparison.Ordinal) && !shown.Contains(address.ToString(), StringComparison.Ordinal))
            {
                stage.Ledger.Violated(Promise.Answers, $"{name} is {address}, and the answer was {shown}");
            }
        }
    }

    private static (string Name, IPAddress Address) NewName(Stage stage)
    {
        int number = ++stage.LastName;
        string name = string.Create(CultureInfo.InvariantCulture, $"n{number}.sim");
        var address = new IPAddress([10, 9, (byte)(number / 200), (byte)((number % 200) + 10)]);
        stage.Network.AddName(name, address.ToString());
        return (name, address);
    }
}
