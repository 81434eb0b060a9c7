using System.Text;

namespace ModemDriver.Clients.Ftp;

/// <summary>The connection that carries commands and replies (RFC 959). Used by one caller at a time.</summary>
internal sealed class FtpControl : IAsyncDisposable
{
    // A reply of many lines is a help text at most; more is no server of files.
    private const int MaxReply = 64 * 1024;
    private const int MaxLine = 8 * 1024;

    private readonly byte[] _buffer = new byte[1024];
    private readonly TimeProvider _time;
    private readonly TimeSpan _limit;
    private Stream _stream;
    private int _start;
    private int _end;
    private bool _isBroken;

    /// <summary>Takes a connection.</summary>
    /// <param name="stream">The connection; it is closed with this.</param>
    /// <param name="time">What the limit is measured by.</param>
    /// <param name="limit">How long a reply may take.</param>
    public FtpControl(Stream stream, TimeProvider time, TimeSpan limit) => (_stream, _time, _limit) = (stream, time, limit);

    /// <summary>The connection; replaced when it is protected.</summary>
    public Stream Stream
    {
        get => _stream;
        set => _stream = value;
    }

    /// <summary>Whether nothing but a reply is on the line; what came before its protection is not trusted.</summary>
    public bool HasNothingLeft => _start == _end;

    /// <summary>Sends a command and reads its reply.</summary>
    /// <param name="command">The command without its line end.</param>
    /// <param name="cancellationToken">Ends it; the connection is then of no more use.</param>
    /// <exception cref="FtpException">There was no reply, or what came is none.</exception>
    public async Task<FtpReply> AskAsync(string command, CancellationToken cancellationToken)
    {
        ThrowIfBroken();
        await WithinAsync(
            async token =>
            {
                await _stream.WriteAsync(Encoding.UTF8.GetBytes(command + "\r\n"), token).ConfigureAwait(false);
                await _stream.FlushAsync(token).ConfigureAwait(false);
                return true;
            },
            cancellationToken).ConfigureAwait(false);
        return await ReadAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Reads a reply.</summary>
    /// <exception cref="FtpException">There was none, or what came is none.</exception>
    public Task<FtpReply> ReadAsync(CancellationToken cancellationToken)
    {
        ThrowIfBroken();
        return WithinAsync(ReadReplyAsync, cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _stream.DisposeAsync();

    private async Task<T> WithinAsync<T>(Func<CancellationToken, Task<T>> body, CancellationToken cancellationToken)
    {
        using var clock = new CancellationTokenSource(_limit, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, clock.Token);
        try
        {
            return await body(either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            _isBroken = true;
            throw new FtpException(
                FtpFailure.NoAnswer, null, $"The FTP server did not answer within {_limit.TotalSeconds:0.###} s.", exception);
        }
        catch (IOException exception) when (exception is not FtpException)
        {
            _isBroken = true;
            throw new FtpException(
                FtpFailure.ConnectionLost, null, $"The connection to the FTP server was lost: {exception.Message}", exception);
        }
        catch
        {
            _isBroken = true;
            throw;
        }
    }

    private void ThrowIfBroken()
    {
        if (_isBroken)
        {
            throw new FtpException(FtpFailure.ConnectionLost, null, "The connection to the FTP server is of no more use.");
        }
    }

    // nnn text          or          nnn-text ... nnn text
    private async Task<FtpReply> ReadReplyAsync(CancellationToken cancellationToken)
    {
        var first = await ReadLineAsync(cancellationToken).ConfigureAwait(false);
        if (first.Length < 3 || !int.TryParse(first.AsSpan(0, 3), out var code) || code is < 100 or > 599
            || (first.Length > 3 && first[3] is not (' ' or '-')))
        {
            throw new FtpException(FtpFailure.Protocol, null, "What the server said is no reply of FTP.");
        }

        var text = new StringBuilder(first.Length > 4 ? first[4..] : string.Empty);
        if (first.Length > 3 && first[3] == '-')
        {
            var last = $"{code} ";
            for (var line = string.Empty; !line.StartsWith(last, StringComparison.Ordinal);)
            {
                line = await ReadLineAsync(cancellationToken).ConfigureAwait(false);
                text.Append('\n').Append(line.StartsWith(last, StringComparison.Ordinal) ? line.AsSpan(last.Length) : line);
                if (text.Length > MaxReply)
                {
                    throw new FtpException(FtpFailure.Protocol, code, "The reply of the server does not end.");
                }
            }
        }

        return new FtpReply(code, text.ToString());
    }

    private async Task<string> ReadLineAsync(CancellationToken cancellationToken)
    {
        var line = new List<byte>();
        while (true)
        {
            var found = _buffer.AsSpan(_start, _end - _start).IndexOf((byte)'\n');
            var length = found < 0 ? _end - _start : found + 1;
            line.AddRange(_buffer.AsSpan(_start, length));
            _start += length;
            if (found >= 0)
            {
                return Encoding.UTF8.GetString([.. line]).TrimEnd('\r', '\n');
            }

            if (line.Count > MaxLine)
            {
                throw new FtpException(FtpFailure.Protocol, null, "A line of the server does not end.");
            }

            _start = 0;
            _end = await _stream.ReadAsync(_buffer, cancellationToken).ConfigureAwait(false);
            if (_end == 0)
            {
                throw new FtpException(FtpFailure.ConnectionLost, null, "The FTP server has closed the connection.");
            }
        }
    }
}
