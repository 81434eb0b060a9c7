using System.Collections.Concurrent;
using System.Text;

namespace ModemDriver.EndToEnd.Tests.Recovery;

/// <summary>Keeps the end of a dialogue, for the message of a test that fails.</summary>
internal sealed class WireLog : TextWriter
{
    private const int Kept = 120;

    private readonly ConcurrentQueue<string> _lines = new();

    public override Encoding Encoding => Encoding.UTF8;

    public override void WriteLine(string? value)
    {
        _lines.Enqueue(value ?? string.Empty);
        while (_lines.Count > Kept)
        {
            _lines.TryDequeue(out _);
        }
    }

    public string Tail() => string.Join('\n', _lines);
}
