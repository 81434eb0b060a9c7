using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;

namespace ModemDriver.Benchmarks.Micro;

/// <summary>The small parts, by BenchmarkDotNet, each beside what one would write without them.</summary>
internal sealed class MicroBenchmark : IBenchmark
{
    private static readonly Type[] Parts =
    [
        typeof(FramerMicro), typeof(RouterMicro), typeof(FieldReaderMicro), typeof(CommandLineMicro), typeof(LinkTableMicro),
    ];

    public string Name => "micro";

    public string Description => "framer, router, field reader, command builder, link table; by BenchmarkDotNet, --quick for a look";

    public Task<IReport> RunAsync(BenchmarkOptions options)
    {
        // In this process: no project is built anew, and the driver's internals stay internal.
        Job job = options.IsQuick
            ? Job.ShortRun.WithToolchain(InProcessEmitToolchain.Instance)
            : Job.MediumRun.WithLaunchCount(1).WithToolchain(InProcessEmitToolchain.Instance);
        ManualConfig config = ManualConfig.CreateEmpty()
            .AddJob(job)
            .AddDiagnoser(MemoryDiagnoser.Default)
            .AddLogger(NullLogger.Instance)
            .WithArtifactsPath(Path.Combine(Path.GetTempPath(), "modem-micro"))
            .WithOptions(ConfigOptions.DisableOptimizationsValidator);
        return Task.FromResult<IReport>(new MicroReport([.. Parts.Select(part => BenchmarkRunner.Run(part, config))]));
    }

    private sealed class MicroReport(IReadOnlyList<Summary> parts) : IReport
    {
        // One that did not run has no figures: that is a failure of the benchmark.
        public bool IsHeld => parts.All(static part => part.Reports.Length > 0 && part.Reports.All(static report => report.Success));

        public string Format()
        {
            MicroTable table = new();
            foreach (Summary part in parts)
            {
                foreach (BenchmarkReport report in part.Reports)
                {
                    BenchmarkReport? baseline = part.Reports.FirstOrDefault(other => other.BenchmarkCase.Descriptor.Baseline);
                    table.Add(
                        report.BenchmarkCase.Descriptor.WorkloadMethod.DeclaringType!.Name, // a benchmark is a method of a class
                        report.BenchmarkCase.Descriptor.WorkloadMethodDisplayInfo.Trim('\''),
                        report.ResultStatistics?.Median,
                        baseline?.ResultStatistics?.Median,
                        report.GcStats.GetBytesAllocatedPerOperation(report.BenchmarkCase));
                }
            }

            return table.ToString();
        }
    }
}
