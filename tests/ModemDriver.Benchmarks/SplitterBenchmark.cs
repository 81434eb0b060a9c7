namespace ModemDriver.Benchmarks;

/// <summary>The yardstick of the framer: a bare splitter of lines over the same bytes.</summary>
internal sealed class SplitterBenchmark : IBenchmark
{
    /// <summary>What a tty hands over at most, rounded.</summary>
    public const int ReadBytes = 4096;

    public string Name => "splitter";

    public string Description => "a bare IndexOf line splitter over mixed lines and payloads, 4 KiB reads: the yardstick";

    public Task<IReport> RunAsync(BenchmarkOptions options)
    {
        byte[] input = MixedInput.Generate(options.Seed, options.Megabytes * 1024 * 1024);
        ResultTable table = new(
            $"{input.Length} bytes, seed {options.Seed}, {ReadBytes}-byte reads", "MB/s", seconds => input.Length / seconds / 1e6);
        table.Add("IndexOf(LF) line splitter", Take(options, input));
        table.Add("copy only", Measurement.Take(options.Runs, () => Copy(input), out _));
        return Task.FromResult<IReport>(table);
    }

    /// <summary>The row for other benchmarks to begin their table with.</summary>
    public static Measurement Take(BenchmarkOptions options, byte[] input)
    {
        LineSplitter splitter = new();
        return Measurement.Take(options.Runs, () => Split(splitter, input), out _);
    }

    /// <summary>Splits all of the input.</summary>
    public static long Split(LineSplitter splitter, byte[] input)
    {
        for (int at = 0; at < input.Length; at += ReadBytes)
        {
            splitter.Feed(input.AsSpan(at, Math.Min(ReadBytes, input.Length - at)));
        }

        return splitter.Sum;
    }

    private static long Copy(byte[] input)
    {
        Span<byte> buffer = stackalloc byte[ReadBytes];
        long sum = 0;
        for (int at = 0; at < input.Length; at += ReadBytes)
        {
            ReadOnlySpan<byte> read = input.AsSpan(at, Math.Min(ReadBytes, input.Length - at));
            read.CopyTo(buffer);
            sum += buffer[0];
        }

        return sum;
    }
}
