using ModemDriver.Commands;
using ModemDriver.Framing;
using ModemDriver.Lifecycle;
using ModemDriver.Scheduling;
using ModemDriver.Transport;

namespace ModemDriver.Benchmarks.Budgets;

/// <summary>A question and its answer in two numbers over a pipe in memory, beside the loop that people write.</summary>
/// <remarks>
/// Nothing is waited for, so what counts is processor time, of all threads of the process: it does not depend on what else
/// the machine does.
/// </remarks>
internal sealed class MemoryCommandBudget : IBudget
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);
    private static readonly Framing.CommandLine AskSignal = CommandLineBuilder.Raw("AT+CSQ");

    public string Name => "memory";

    public async Task<IReadOnlyList<BudgetRow>> MeasureAsync(BenchmarkOptions options)
    {
        int commands = options.IsQuick ? 20_000 : 100_000;
        using InstantModule pipe = new();
        PortOverMemory port = new(pipe);
        HandWrittenLoop byHand = new(port.Write, port.ReadLine);
        ModemLoop loop = new();
        ModemRunner runner = new(loop, OverMemory(), new ModemOptions());
        await loop.InvokeAsync(() => runner.OpenAsync(CancellationToken.None)).WaitAsync(Limit);
        await using Modem modem = await Modem.OpenAsync(OverMemory()).WaitAsync(Limit);

        long allocatedInside = 0;
        long allocatedOutside = 0;
        Duel inside = await Duel.RunAsync(
            options.Runs,
            () => Task.FromResult(ByHand(byHand, commands)),
            () => MeasureAsync(n => loop.InvokeAsync(() => AskInsideAsync(runner, n)), commands, b => allocatedInside = b),
            warmUps: 10);
        Duel outside = await Duel.RunAsync(
            options.Runs,
            () => Task.FromResult(ByHand(byHand, commands)),
            () => MeasureAsync(n => AskOutsideAsync(modem, n), commands, b => allocatedOutside = b),
            warmUps: 10);
        await loop.InvokeAsync(runner.CloseAsync).WaitAsync(Limit);
        double scale = 1e6 / commands;
        return
        [
            BudgetRow.TimesFaster("command in memory, typed question on the loop", "µs of CPU", inside, 2, scale),
            BudgetRow.Count("  allocated for each", "B", (double)allocatedInside / commands, 200),
            BudgetRow.Note("command in memory, Modem.SendAsync, a hop each way", "µs of CPU", outside.Baseline * scale, outside.Ours * scale),
            BudgetRow.Note("  allocated for each, by hand and ours", "B", Allocated(byHand), (double)allocatedOutside / commands),
        ];
    }

    private static TransportFactory OverMemory() =>
        TransportFactory.ForStream("memory", static _ => ValueTask.FromResult<Stream>(new InstantModule()));

    private static double ByHand(HandWrittenLoop loop, int commands)
    {
        TimeSpan start = Environment.CpuUsage.TotalTime;
        for (int i = 0; i < commands; i++)
        {
            Expect(loop.AskSignal());
        }

        return (Environment.CpuUsage.TotalTime - start).TotalSeconds;
    }

    private static double Allocated(HandWrittenLoop loop)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        loop.AskSignal();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    private static async Task<double> MeasureAsync(Func<int, Task> run, int commands, Action<long> allocated)
    {
        long before = GC.GetTotalAllocatedBytes(precise: true);
        TimeSpan start = Environment.CpuUsage.TotalTime;
        await run(commands).WaitAsync(Limit);
        double seconds = (Environment.CpuUsage.TotalTime - start).TotalSeconds;
        allocated(GC.GetTotalAllocatedBytes(precise: true) - before);
        return seconds;
    }

    // As the driver's own calls do it: the line is constant, the command made anew, the answer read into a value.
    private static async Task AskInsideAsync(ModemRunner runner, int commands)
    {
        for (int i = 0; i < commands; i++)
        {
            QueryCommand<(int Rssi, int ErrorRate)> question = new(
                AskSignal, Limit, default, ParseSignal);
            await runner.ExecuteOrThrowAsync(question, CancellationToken.None);
            Expect(question.Answer);
        }
    }

    private static async Task AskOutsideAsync(Modem modem, int commands)
    {
        for (int i = 0; i < commands; i++)
        {
            CommandResponse response = await modem.SendAsync("AT+CSQ");
            if (response.Lines is not ["+CSQ: 20,99"])
            {
                throw new InvalidDataException("Not the answer.");
            }
        }
    }

    private static bool ParseSignal(ReadOnlySpan<byte> line, ref (int Rssi, int ErrorRate) answer)
    {
        if (!line.StartsWith("+CSQ: "u8))
        {
            return false;
        }

        FieldReader fields = new(line[6..]);
        return fields.TryReadInt(out answer.Rssi) && fields.TryReadInt(out answer.ErrorRate);
    }

    private static void Expect((int Rssi, int ErrorRate) answer)
    {
        if (answer != (20, 99))
        {
            throw new InvalidDataException("Not the answer.");
        }
    }
}
