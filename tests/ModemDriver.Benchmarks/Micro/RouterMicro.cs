using System.Text;
using System.Text.RegularExpressions;
using BenchmarkDotNet.Attributes;
using ModemDriver.Channel;
using ModemDriver.Commands;
using ModemDriver.Framing;
using ModemDriver.Protocol;

namespace ModemDriver.Benchmarks.Micro;

/// <summary>Where a line belongs: the answer to a question, then its result code.</summary>
public class RouterMicro
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(1);
    private readonly byte[] _answer = "+CSQ: 20,99"u8.ToArray();
    private readonly byte[] _result = "OK"u8.ToArray();
    private static readonly Regex IsResult = new(@"^(OK|ERROR|\+CM[ES] ERROR: .*)$", RegexOptions.Compiled);
    private static readonly Regex IsAnswer = new(@"^\+CSQ:", RegexOptions.Compiled);

    private readonly ResultCode[] _codes = [.. new ChannelRules().ResultCodes];
    private readonly QueryCommand<int> _question = new(CommandLineBuilder.Raw("AT+CSQ"), Limit, 0, Take);

    /// <summary>A string for each line, and compiled regular expressions.</summary>
    [Benchmark(Baseline = true, Description = "answer and OK, strings and compiled expressions")]
    public bool Expressions()
    {
        string answer = Encoding.ASCII.GetString(_answer);
        string result = Encoding.ASCII.GetString(_result);
        return !IsResult.IsMatch(answer) && IsAnswer.IsMatch(answer) && IsResult.IsMatch(result);
    }

    /// <summary>The router.</summary>
    [Benchmark(Description = "answer and OK, router")]
    public bool Router() => Route(_answer) == LineRoute.Information && Route(_result) == LineRoute.Final;

    private LineRoute Route(ReadOnlySpan<byte> line) =>
        LineRouter.Route(_question, CommandStage.Written, line, _codes, static _ => false, out _);

    private static bool Take(ReadOnlySpan<byte> line, ref int answer) => line.StartsWith("+CSQ: "u8);
}
