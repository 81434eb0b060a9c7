using System.Text;

namespace ModemDriver.Cli.Demo;

/// <summary>Takes the dialogue of a step and keeps its beginning, its end, and how much lay between.</summary>
internal sealed class WireExcerpt : TextWriter
{
    private const int FirstKept = 4;
    private const int LastKept = 2;
    private const int LongestLine = 100;

    private readonly Lock _gate = new();
    private readonly List<string> _first = [];
    private readonly Queue<string> _last = new();
    private readonly StringBuilder _line = new();
    private long _count;

    public override Encoding Encoding => Encoding.UTF8;

    public override void Write(char value)
    {
        lock (_gate)
        {
            if (value == '\n')
            {
                EndLine();
            }
            else if (value != '\r' && _line.Length < LongestLine)
            {
                _line.Append(value);
            }
        }
    }

    /// <summary>Gives the excerpt of what came since the last call, and starts anew.</summary>
    public IReadOnlyList<string> Take()
    {
        lock (_gate)
        {
            var lines = new List<string>(_first);
            if (_count > FirstKept + LastKept)
            {
                lines.Add($"... {_count - FirstKept - LastKept} more ...");
            }

            lines.AddRange(_last);
            _first.Clear();
            _last.Clear();
            _count = 0;
            return lines;
        }
    }

    private void EndLine()
    {
        string line = _line.Length < LongestLine ? _line.ToString() : $"{_line}...";
        _line.Clear();
        _count++;
        if (_first.Count < FirstKept)
        {
            _first.Add(line);
            return;
        }

        _last.Enqueue(line);
        if (_last.Count > LastKept)
        {
            _last.Dequeue();
        }
    }
}
