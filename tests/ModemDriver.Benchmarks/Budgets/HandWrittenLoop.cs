using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace ModemDriver.Benchmarks.Budgets;

/// <summary>
/// What people write first: lines are read with <c>SerialPort.ReadLine</c> until one is a result code, and a regular
/// expression takes the answer apart.
/// </summary>
/// <param name="write">Writes text, as <c>SerialPort.Write</c> does.</param>
/// <param name="readLine">Reads up to a line feed, as <c>SerialPort.ReadLine</c> does.</param>
internal sealed class HandWrittenLoop(Action<string> write, Func<string> readLine)
{
    public (int Rssi, int ErrorRate) AskSignal()
    {
        Match match = Regex.Match(Send("AT+CSQ"), @"\+CSQ: (\d+),(\d+)");
        return (
            int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture),
            int.Parse(match.Groups[2].Value, CultureInfo.InvariantCulture));
    }

    public string Send(string command)
    {
        write(command + "\r\n");
        StringBuilder answer = new();
        while (true)
        {
            string line = readLine().TrimEnd('\r');
            answer.AppendLine(line);
            if (Regex.IsMatch(line, @"^(OK|ERROR|\+CM[ES] ERROR: .*)$"))
            {
                return answer.ToString();
            }
        }
    }
}
