using System.Text;
using ModemDriver.Transport;

namespace ModemDriver.Tests.Review;

/// <summary>A transport with an AT module behind it that says what a test lets it say.</summary>
internal sealed class ScriptedModule : ITransport, ITellsLatency
{
    private ITransportSink? _sink;

    /// <summary>The lines that were sent, in order.</summary>
    public List<string> Sent { get; } = [];

    /// <summary>Answers in place of the usual ones; null: the usual one. An empty answer is silence.</summary>
    public Func<string, string?> Answer { get; set; } = static _ => null;

    public string Name => "scripted";

    public string? LatencyRefusal { get; init; }

    public int? BitRate => null;

    public IControlLines? ControlLines => null;

    public ValueTask OpenAsync(ITransportSink sink, CancellationToken cancellationToken = default)
    {
        _sink = sink;
        return ValueTask.CompletedTask;
    }

    public ValueTask WriteAsync(ReadOnlyMemory<byte> data, CancellationToken cancellationToken = default)
    {
        string line = Encoding.Latin1.GetString(data.Span).TrimEnd('\r', '\n');
        Sent.Add(line);
        Say(Answer(line) ?? Usual(line));
        return ValueTask.CompletedTask;
    }

    public ValueTask SetBitRateAsync(int bitsPerSecond, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <summary>The module says something.</summary>
    public void Say(string text)
    {
        if (text.Length > 0)
        {
            _sink?.Received(Encoding.Latin1.GetBytes(text));
        }
    }

    private static string Usual(string line) => line switch
    {
        "" => string.Empty,
        "AT+GMR" => "AT version:2.2.1.0(s-46d6c26 - ESP8266 - Aug  6 2021 06:50:15)\r\n\r\nOK\r\n",
        "AT+CWJAP?" => "+CWJAP:\"net\",\"00:11:22:33:44:55\",1,-50\r\n\r\nOK\r\n",
        "AT+CIFSR" => "+CIFSR:STAIP,\"10.0.0.2\"\r\n\r\nOK\r\n",
        _ => "\r\nOK\r\n",
    };
}
