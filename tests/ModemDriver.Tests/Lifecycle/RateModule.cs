using System.Text;
using ModemDriver.Transport;

namespace ModemDriver.Tests.Lifecycle;

/// <summary>A serial port with a module on it that understands one bit rate only.</summary>
internal sealed class RateModule(int own, int? module) : ITransport
{
    private ITransportSink? _sink;

    public string Name => "port";

    public int? BitRate { get; private set; } = own;

    public IControlLines? ControlLines => null;

    /// <summary>Everything that was sent, with the rate at which it was.</summary>
    public List<(int Rate, string Text)> Sent { get; } = [];

    /// <summary>Answers in place of the usual ones; null: the usual one. An empty answer is silence.</summary>
    public Func<string, string?> Answer { get; set; } = static _ => null;

    public ValueTask OpenAsync(ITransportSink sink, CancellationToken cancellationToken = default)
    {
        _sink = sink;
        return ValueTask.CompletedTask;
    }

    public ValueTask SetBitRateAsync(int bitsPerSecond, CancellationToken cancellationToken = default)
    {
        BitRate = bitsPerSecond;
        return ValueTask.CompletedTask;
    }

    public ValueTask WriteAsync(ReadOnlyMemory<byte> data, CancellationToken cancellationToken = default)
    {
        string text = Encoding.Latin1.GetString(data.Span);
        Sent.Add((BitRate ?? 0, text));
        string answer = BitRate == module ? Answer(text) ?? Usual(text) : string.Empty;
        if (answer.Length > 0)
        {
            _sink?.Received(Encoding.Latin1.GetBytes(answer));
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static string Usual(string text) => text switch
    {
        "\r\n" => "\r\nERROR\r\n",
        "+++" => string.Empty,
        "AT+GMR\r\n" => "AT version:2.2.1.0(46d6c26 - ESP8266 - Aug  6 2021 06:50:15)\r\n\r\nOK\r\n",
        _ => "\r\nOK\r\n",
    };
}
