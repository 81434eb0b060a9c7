using System.Globalization;
using System.Text;
using BenchmarkDotNet.Attributes;
using ModemDriver.Framing;

namespace ModemDriver.Benchmarks.Micro;

/// <summary>A line with two numbers and a quoted text, and one without parameters.</summary>
public class CommandLineMicro
{
    private readonly string _host = "example.com";
    private readonly int _link = 2;
    private readonly string _question = "AT+CSQ";

    /// <summary>An interpolated string and its bytes; nothing is checked.</summary>
    [Benchmark(Baseline = true, Description = "a line with parameters, interpolated and encoded")]
    public byte[] Interpolated() => Encoding.UTF8.GetBytes(
        string.Create(CultureInfo.InvariantCulture, $"AT+CIPSTART={_link},\"TCP\",\"{_host}\",80\r\n"));

    /// <summary>The builder, which refuses or escapes what would end the command.</summary>
    [Benchmark(Description = "a line with parameters, builder")]
    public int Builder() => new CommandLineBuilder("AT+CIPSTART=", QuotingRule.Backslash)
        .Number(_link).Text("TCP", "type").Text(_host, "host").Number(80).Build().Bytes.Length;

    /// <summary>A line as it is.</summary>
    [Benchmark(Description = "a line without parameters, builder")]
    public int Raw() => CommandLineBuilder.Raw(_question).Bytes.Length;
}
