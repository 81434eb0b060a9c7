using System.Text;

namespace ModemDriver.Benchmarks.Budgets;

/// <summary>
/// The text side of a serial port over a pipe in memory, with the steps that System.IO.Ports takes: before each character
/// it asks the port how many bytes wait, reads those, counts the characters in all that it holds, and decodes one.
/// </summary>
/// <remarks>Where nothing is held and nothing waits, SerialPort would block; here the module has always answered.</remarks>
internal sealed class PortOverMemory(InstantModule pipe)
{
    private readonly Encoding _encoding = Encoding.ASCII;
    private readonly Decoder _decoder = Encoding.ASCII.GetDecoder();
    private readonly byte[] _held = new byte[4096];
    private readonly char[] _character = new char[1];
    private int _first;
    private int _end;

    public void Write(string text)
    {
        byte[] bytes = _encoding.GetBytes(text);
        pipe.Write(bytes, 0, bytes.Length);
    }

    public string ReadLine()
    {
        StringBuilder line = new();
        while (true)
        {
            line.Append(_character, 0, ReadCharacter());
            if (line[^1] == '\n')
            {
                return line.ToString(0, line.Length - 1);
            }
        }
    }

    private int ReadCharacter()
    {
        int waiting = pipe.BytesToRead;
        _end += pipe.Read(_held, _end, waiting);
        if (_decoder.GetCharCount(_held, _first, _end - _first) == 0)
        {
            throw new InvalidOperationException("The module has not answered.");
        }

        int count = _decoder.GetChars(_held, _first, 1, _character, 0);
        _first++;
        if (_first == _end)
        {
            (_first, _end) = (0, 0);
        }

        return count;
    }
}
