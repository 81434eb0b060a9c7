using BenchmarkDotNet.Attributes;
using ModemDriver.Framing;

namespace ModemDriver.Benchmarks.Micro;

/// <summary>One read of 4096 bytes: lines, and a pushed payload now and then.</summary>
public class FramerMicro
{
    private readonly byte[] _read = MixedInput.Generate(1, SplitterBenchmark.ReadBytes);
    private readonly AtFramer _framer = FramerBenchmark.CreateFramer();
    private readonly LineSplitter _splitter = new();

    /// <summary>The bare splitter.</summary>
    [Benchmark(Baseline = true, Description = "a read of 4 KiB, line splitter")]
    public long Splitter()
    {
        _splitter.Feed(_read);
        return _splitter.Sum;
    }

    /// <summary>The framer.</summary>
    [Benchmark(Description = "a read of 4 KiB, framer")]
    public long Framer() => FramerBenchmark.Frame(_framer, _read);
}
