using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace ModemDriver.Benchmarks.Budgets;

/// <summary>
/// What people write first: a line read byte by byte, as SerialPort.ReadLine does, until one is a result code, and a
/// regular expression over the answer.
/// </summary>
internal sealed class HandWrittenLoop(Stream stream)
{
    private readonly byte[] _buffer = new byte[4096];
    private readonly char[] _character = new char[1];
    private readonly Decoder _decoder = Encoding.ASCII.GetDecoder();
    private int _at;
    private int _count;

    public (int Rssi, int ErrorRate) AskSignal()
    {
        Match match = Regex.Match(Send("AT+CSQ"), @"\+CSQ: (\d+),(\d+)");
        return (
            int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture),
            int.Parse(match.Groups[2].Value, CultureInfo.InvariantCulture));
    }

    public string Send(string command)
    {
        stream.Write(Encoding.ASCII.GetBytes(command + "\r\n"));
        StringBuilder answer = new();
        while (true)
        {
            string line = ReadLine();
            answer.AppendLine(line);
            if (Regex.IsMatch(line, @"^(OK|ERROR|\+CM[ES] ERROR: .*)$"))
            {
                return answer.ToString();
            }
        }
    }

    // As SerialPort.ReadLine does it: a character at a time, each through the decoder.
    private string ReadLine()
    {
        StringBuilder line = new();
        while (true)
        {
            if (_at == _count)
            {
                _at = 0;
                _count = stream.Read(_buffer, 0, _buffer.Length);
            }

            int found = _decoder.GetChars(_buffer, _at++, 1, _character, 0);
            line.Append(_character, 0, found);
            if (_character[found - 1] == '\n')
            {
                return line.ToString(0, line.Length - 1).TrimEnd('\r');
            }
        }
    }
}
