using ModemDriver.Framing;

namespace ModemDriver.Benchmarks;

/// <summary>The framer beside the bare splitter, over the same bytes in the same reads.</summary>
internal sealed class FramerBenchmark(bool withPayload) : IBenchmark
{
    public string Name => withPayload ? "framer" : "framer-lines";

    public string Description => withPayload
        ? "the framer over mixed lines and payloads; budget: within 20 % of the splitter, nothing allocated"
        : "the framer over lines of 5 to 60 bytes; budget: 40 % of the splitter's speed, nothing allocated";

    public Task<IReport> RunAsync(BenchmarkOptions options)
    {
        byte[] input = withPayload
            ? MixedInput.Generate(options.Seed, options.Megabytes * 1024 * 1024)
            : MixedInput.GenerateLines(options.Seed, options.Megabytes * 1024 * 1024);
        ResultTable table = new(
            $"{input.Length} bytes, seed {options.Seed}, {SplitterBenchmark.ReadBytes}-byte reads",
            "MB/s",
            seconds => input.Length / seconds / 1e6);
        table.Add("IndexOf(LF) line splitter", SplitterBenchmark.Take(options, input));
        table.Add("AtFramer", Take(options, input));
        return Task.FromResult<IReport>(table);
    }

    private static Measurement Take(BenchmarkOptions options, byte[] input)
    {
        AtFramer framer = CreateFramer();
        return Measurement.Take(options.Runs, () => Frame(framer, input), out _);
    }

    /// <summary>A framer that knows the payloads of the input.</summary>
    public static AtFramer CreateFramer()
    {
        AtFramer framer = new();
        framer.SetPushedHeaders(new PayloadHeader("+IPD,", countField: 1, HeaderEnding.Colon, linkField: 0));
        return framer;
    }

    /// <summary>Frames all of the input.</summary>
    public static long Frame(AtFramer framer, byte[] input)
    {
        // Each read is copied into a buffer first, as a port does it and as the splitter does for itself. Without that
        // the framer, which skips payload unread, is measured by how long the memory takes to bring what follows it.
        Span<byte> buffer = stackalloc byte[SplitterBenchmark.ReadBytes];
        long sum = 0;
        for (int at = 0; at < input.Length; at += buffer.Length)
        {
            ReadOnlySpan<byte> read = input.AsSpan(at, Math.Min(buffer.Length, input.Length - at));
            read.CopyTo(buffer);
            ReadOnlySpan<byte> rest = buffer[..read.Length];
            while (!rest.IsEmpty)
            {
                rest = rest[framer.Read(rest, out AtFrame frame)..];
                sum += frame.Text.Length + (int)frame.Kind;
            }
        }

        framer.Reset();
        return sum;
    }
}
