using System.Globalization;
using System.Text;
using ModemDriver.Transport;

namespace ModemDriver.Tests.Lifecycle.BitRate;

/// <summary>A module and a port that each have a bit rate: they understand each other only while the two are equal.</summary>
internal sealed class RatedModule : ITransport
{
    private ITransportSink? _sink;

    public List<string> Sent { get; } = [];

    /// <summary>The rate of the module.</summary>
    public int Rate { get; set; } = 115_200;

    /// <summary>The rate at which a port is opened.</summary>
    public int PortRate { get; set; } = 115_200;

    /// <summary>What the port's hardware can do.</summary>
    public Func<int, bool> PortCan { get; set; } = static _ => true;

    /// <summary>Rates at which the line is too bad for what we send.</summary>
    public HashSet<int> DeafAt { get; } = [];

    /// <summary>Rates at which the line is too bad for what the module sends.</summary>
    public HashSet<int> GarbledAt { get; } = [];

    /// <summary>Whether the module answers the change at the new rate, as some clone does.</summary>
    public bool AnswersAtNewRate { get; set; }

    /// <summary>Whether the module says OK and stays where it is.</summary>
    public bool OnlySaysSo { get; set; }

    /// <summary>Answers in place of the usual ones; null: the usual one.</summary>
    public Func<string, string?> Answer { get; set; } = static _ => null;

    public bool HasRate { get; init; } = true;

    public string Name => "rated";

    public int? BitRate => HasRate ? PortRate : null;

    public IControlLines? ControlLines => null;

    public ValueTask OpenAsync(ITransportSink sink, CancellationToken cancellationToken = default)
    {
        _sink = sink;
        return ValueTask.CompletedTask;
    }

    public ValueTask SetBitRateAsync(int bitsPerSecond, CancellationToken cancellationToken = default)
    {
        if (!PortCan(bitsPerSecond))
        {
            throw new TransportException(TransportFailure.Other, Name, $"rated cannot do {bitsPerSecond} bit/s.");
        }

        PortRate = bitsPerSecond;
        return ValueTask.CompletedTask;
    }

    public ValueTask WriteAsync(ReadOnlyMemory<byte> data, CancellationToken cancellationToken = default)
    {
        string line = Encoding.Latin1.GetString(data.Span).TrimEnd('\r', '\n');
        Sent.Add(line);
        if ((HasRate && PortRate != Rate) || DeafAt.Contains(Rate))
        {
            return ValueTask.CompletedTask;
        }

        string answer = Answer(line) ?? Usual(line);
        bool changes = line.StartsWith("AT+UART_CUR=", StringComparison.Ordinal)
            && answer.EndsWith("\r\nOK\r\n", StringComparison.Ordinal);
        int rate = changes && !OnlySaysSo
            ? int.Parse(line["AT+UART_CUR=".Length..].Split(',')[0], CultureInfo.InvariantCulture)
            : Rate;
        if (changes && AnswersAtNewRate)
        {
            Rate = rate;
        }

        Say(answer);
        Rate = rate;
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <summary>The module says something; at another rate than the port's it is noise.</summary>
    public void Say(string text)
    {
        if (text.Length > 0)
        {
            bool isClear = (!HasRate || PortRate == Rate) && !GarbledAt.Contains(Rate);
            _sink?.Received(isClear ? Encoding.Latin1.GetBytes(text) : [0xFF, 0x8C, 0x02, 0x6E, 0xE0, 0x72, 0xFE]);
        }
    }

    private static string Usual(string line) => line switch
    {
        "" or "+++" => string.Empty,
        "AT+GMR" => "AT version:2.2.1.0(s-46d6c26 - ESP8266 - Aug  6 2021 06:50:15)\r\n\r\nOK\r\n",
        "AT+UART_CUR?" => "+UART_CUR:115201,8,1,0,0\r\n\r\nOK\r\n",
        "AT+CWJAP?" => "+CWJAP:\"net\",\"00:11:22:33:44:55\",1,-50\r\n\r\nOK\r\n",
        "AT+CIFSR" => "+CIFSR:STAIP,\"10.0.0.2\"\r\n\r\nOK\r\n",
        _ when line.StartsWith("AT+CIPSTART=4", StringComparison.Ordinal) => "4,CONNECT\r\n\r\nOK\r\n",
        _ => "\r\nOK\r\n",
    };
}
