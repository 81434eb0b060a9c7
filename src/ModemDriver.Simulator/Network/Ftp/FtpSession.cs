using System.Globalization;
using System.Text;
using ModemDriver.Simulator.Wire;

namespace ModemDriver.Simulator.Network.Ftp;

/// <summary>The client's end of FTP (RFC 959), in passive mode. For the loop only.</summary>
/// <param name="control">The connection to the server; the session owns it.</param>
/// <param name="openData">Opens a connection to a port of the same server.</param>
/// <param name="trace">Told what is said, without the password.</param>
internal sealed class FtpSession(
    NetworkConnection control, Func<int, CancellationToken, Task<NetworkConnection?>> openData, Action<string> trace)
{
    private const int LongestLine = 2048;

    private readonly ByteQueue _incoming = new();
    private readonly byte[] _buffer = new byte[512];

    /// <summary>Whether the server has let the user name pass.</summary>
    internal bool HasAskedPassword { get; private set; }

    /// <summary>Waits for the greeting, and signs in.</summary>
    /// <returns>The server's last word: 230 when all is well.</returns>
    internal async Task<FtpReply> SignInAsync(string user, string password, CancellationToken life)
    {
        FtpReply reply = await ReadAsync(life);
        if (!reply.IsDone)
        {
            return reply;
        }

        reply = await AskAsync("USER " + user, life);
        HasAskedPassword = reply.IsMore;
        return reply.IsMore ? await AskAsync("PASS " + password, life) : reply;
    }

    /// <summary>Says a command, and waits for the answer.</summary>
    internal async Task<FtpReply> AskAsync(string command, CancellationToken life)
    {
        trace("! FTP > " + (command.StartsWith("PASS ", StringComparison.Ordinal) ? "PASS ***" : command));
        await control.SendAsync(Encoding.UTF8.GetBytes(command + "\r\n"), life);
        return await ReadAsync(life);
    }

    /// <summary>Opens a data connection in passive mode, and begins a transfer.</summary>
    /// <returns>The connection and the first answer (1xx); without a connection the answer says why.</returns>
    internal async Task<(NetworkConnection? Data, FtpReply Reply)> TransferAsync(string command, CancellationToken life)
    {
        FtpReply passive = await AskAsync("PASV", life);
        if (passive.Code != 227 || passive.PassivePort is not int port)
        {
            return (null, passive);
        }

        if (await openData(port, life) is not NetworkConnection data)
        {
            return (null, new FtpReply(425, "no data connection"));
        }

        FtpReply reply = await AskAsync(command, life);
        if (reply.IsBegun)
        {
            return (data, reply);
        }

        data.Close();
        return (null, reply);
    }

    /// <summary>The answer to what was asked before, or what ends a transfer.</summary>
    internal async Task<FtpReply> ReadAsync(CancellationToken life)
    {
        string first = await ReadLineAsync(life);
        if (first.Length < 3 || !int.TryParse(first.AsSpan(0, 3), NumberStyles.None, CultureInfo.InvariantCulture, out int code))
        {
            throw new NetworkException("The server does not speak FTP.");
        }

        string last = first;
        while (first.Length > 3 && first[3] == '-' && !(last.StartsWith(first[..3] + " ", StringComparison.Ordinal)))
        {
            last = await ReadLineAsync(life);
        }

        trace("! FTP < " + last);
        return new FtpReply(code, last.Length > 4 ? last[4..] : "");
    }

    internal void Close() => control.Close();

    internal void Abort() => control.Abort();

    private async Task<string> ReadLineAsync(CancellationToken life)
    {
        while (true)
        {
            int end = _incoming.Span.IndexOf((byte)'\n');
            if (end >= 0)
            {
                string line = Encoding.UTF8.GetString(_incoming.Span[..end]).TrimEnd('\r');
                _incoming.Skip(end + 1);
                return line;
            }

            int count = await control.ReceiveAsync(_buffer, life);
            life.ThrowIfCancellationRequested();
            if (count == 0 || _incoming.Count > LongestLine)
            {
                throw new NetworkException(count == 0 ? "The server has closed." : "The server's line is too long.");
            }

            _incoming.Write(_buffer.AsSpan(0, count));
        }
    }
}

/// <summary>A word of the server.</summary>
/// <param name="Code">Three digits.</param>
/// <param name="Text">What stands behind them.</param>
internal readonly record struct FtpReply(int Code, string Text)
{
    internal bool IsBegun => Code / 100 == 1;

    internal bool IsDone => Code / 100 == 2;

    internal bool IsMore => Code / 100 == 3;

    // (h1,h2,h3,h4,p1,p2): the address is the one that the control connection has.
    internal int? PassivePort
    {
        get
        {
            int open = Text.IndexOf('(', StringComparison.Ordinal);
            int close = Text.IndexOf(')', StringComparison.Ordinal);
            string[] numbers = open >= 0 && close > open ? Text[(open + 1)..close].Split(',') : [];
            return numbers.Length == 6
                && byte.TryParse(numbers[4], NumberStyles.None, CultureInfo.InvariantCulture, out byte high)
                && byte.TryParse(numbers[5], NumberStyles.None, CultureInfo.InvariantCulture, out byte low)
                ? (high << 8) | low
                : null;
        }
    }
}
