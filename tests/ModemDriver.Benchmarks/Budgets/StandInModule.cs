using System.Buffers.Text;
using System.Globalization;
using System.Text;
using System.Text.Unicode;
using System.Threading.Tasks.Sources;

namespace ModemDriver.Benchmarks.Budgets;

/// <summary>
/// A pipe in memory with a simulated module at its end, until links are open. From then on the pipe answers itself, inside
/// the write, what an echoing peer behind the module would make it say, and keeps no payload: what is measured is the one
/// who asks.
/// </summary>
internal sealed class StandInModule : Stream, IValueTaskSource<int>
{
    private const int MaxLinks = 5;
    private static readonly CultureInfo Culture = CultureInfo.InvariantCulture;
    private static readonly ReadOnlyMemory<byte> Prompt = "\r\nOK\r\n\r\n>"u8.ToArray();
    private static readonly ReadOnlyMemory<byte> Ok = "\r\nOK\r\n"u8.ToArray();
    private static readonly ReadOnlyMemory<byte> SendOk = "\r\nSEND OK\r\n"u8.ToArray();
    private static readonly ReadOnlyMemory<byte> Zeros = new byte[8192];

    private readonly Stream _module;
    private readonly Lock _gate = new();
    private readonly Queue<ReadOnlyMemory<byte>> _answers = new();
    private readonly byte[] _line = new byte[64];
    private readonly byte[] _texts = new byte[512];
    private readonly int[] _waiting = new int[MaxLinks];
    private ManualResetValueTaskSourceCore<int> _source;
    private Memory<byte> _wanted;
    private bool _waits;
    private bool _hasEnded;
    private volatile bool _answersItself;
    private int _length;
    private int _textStart;
    private int _link;
    private int _announced;
    private int _left;

    public StandInModule(Stream module)
    {
        _module = module;
        _ = RelayAsync();
    }

    public override bool CanRead => true;

    public override bool CanWrite => true;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>From now on the module is not asked any more. No command may be under way.</summary>
    public void AnswerItself() => _answersItself = true;

    /// <summary>The module is asked again; all that was announced must have been fetched.</summary>
    public void AskModule() => _answersItself = false;

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        lock (_gate)
        {
            if (_answers.Count > 0 || _hasEnded)
            {
                return ValueTask.FromResult(TakeUnderGate(buffer.Span));
            }

            _source.Reset();
            _wanted = buffer;
            _waits = true;
            return new ValueTask<int>(this, _source.Version);
        }
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (!_answersItself)
        {
            return _module.WriteAsync(buffer, cancellationToken);
        }

        Answer(buffer.Span);
        return ValueTask.CompletedTask;
    }

    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        if (_answersItself)
        {
            Answer(buffer);
        }
        else
        {
            _module.Write(buffer);
        }
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    int IValueTaskSource<int>.GetResult(short token) => _source.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<int>.GetStatus(short token) => _source.GetStatus(token);

    void IValueTaskSource<int>.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _source.OnCompleted(continuation, state, token, flags);

    protected override void Dispose(bool disposing)
    {
        _module.Dispose();
        End();
        base.Dispose(disposing);
    }

    private async Task RelayAsync()
    {
        byte[] buffer = new byte[4096];
        try
        {
            while (await _module.ReadAsync(buffer) is var count and > 0)
            {
                Put(buffer.AsMemory(0, count).ToArray());
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // The module is gone.
        }

        End();
    }

    private void Answer(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            if (_left > 0)
            {
                int taken = Math.Min(_left, bytes.Length);
                bytes = bytes[taken..];
                _left -= taken;
                if (_left == 0)
                {
                    _waiting[_link] += _announced;
                    Put(Received(_announced), SendOk, Notice(_link));
                }

                continue;
            }

            byte next = bytes[0];
            bytes = bytes[1..];
            _line[_length++] = next;
            if (next == '\n')
            {
                AnswerLine(_line.AsSpan(0, _length - 2));
                _length = 0;
            }
        }
    }

    private void AnswerLine(ReadOnlySpan<byte> line)
    {
        if (TryRead(line, "AT+CIPSEND="u8, out int link, out int count))
        {
            (_link, _announced, _left) = (link, count, count);
            Put(Prompt);
        }
        else if (TryRead(line, "AT+CIPRECVDATA="u8, out link, out int most) && _waiting[link] > 0)
        {
            int taken = Math.Min(Math.Min(most, _waiting[link]), Zeros.Length);
            _waiting[link] -= taken;
            Put(Header(taken), Zeros[..taken], Ok);
        }
        else if (line.SequenceEqual("AT+CIPRECVLEN?"u8))
        {
            Put(Lengths(), Ok);
        }
        else
        {
            throw new InvalidDataException($"The stand-in does not know {Encoding.ASCII.GetString(line)}.");
        }
    }

    private static bool TryRead(ReadOnlySpan<byte> line, ReadOnlySpan<byte> command, out int first, out int second)
    {
        second = 0;
        first = 0;
        return line.StartsWith(command)
            && Utf8Parser.TryParse(line[command.Length..], out first, out int length)
            && Utf8Parser.TryParse(line[(command.Length + length + 1)..], out second, out _);
    }

    // Into a ring: what stood there was read long ago.
    private Span<byte> NewText()
    {
        _textStart = _textStart > _texts.Length / 2 ? 0 : _textStart;
        return _texts.AsSpan(_textStart);
    }

    private ReadOnlyMemory<byte> EndText(int length)
    {
        ReadOnlyMemory<byte> text = _texts.AsMemory(_textStart, length);
        _textStart += length;
        return text;
    }

    private ReadOnlyMemory<byte> Received(int count)
    {
        _ = Utf8.TryWrite(NewText(), Culture, $"\r\nRecv {count} bytes\r\n", out int length);
        return EndText(length);
    }

    private ReadOnlyMemory<byte> Notice(int link)
    {
        _ = Utf8.TryWrite(NewText(), Culture, $"\r\n+IPD,{link},{_waiting[link]}\r\n", out int length);
        return EndText(length);
    }

    private ReadOnlyMemory<byte> Header(int count)
    {
        _ = Utf8.TryWrite(NewText(), Culture, $"+CIPRECVDATA:{count},", out int length);
        return EndText(length);
    }

    private ReadOnlyMemory<byte> Lengths()
    {
        _ = Utf8.TryWrite(
            NewText(),
            Culture,
            $"+CIPRECVLEN:{_waiting[0]},{_waiting[1]},{_waiting[2]},{_waiting[3]},{_waiting[4]}\r\n",
            out int length);
        return EndText(length);
    }

    private void Put(params ReadOnlySpan<ReadOnlyMemory<byte>> answers)
    {
        int taken;
        lock (_gate)
        {
            foreach (ReadOnlyMemory<byte> answer in answers)
            {
                _answers.Enqueue(answer);
            }

            if (!_waits)
            {
                return;
            }

            _waits = false;
            taken = TakeUnderGate(_wanted.Span);
        }

        _source.SetResult(taken);
    }

    private void End()
    {
        lock (_gate)
        {
            _hasEnded = true;
            if (!_waits)
            {
                return;
            }

            _waits = false;
        }

        _source.SetResult(0);
    }

    private int TakeUnderGate(Span<byte> buffer)
    {
        int total = 0;
        while (total < buffer.Length && _answers.TryDequeue(out ReadOnlyMemory<byte> answer))
        {
            int taken = Math.Min(answer.Length, buffer.Length - total);
            answer.Span[..taken].CopyTo(buffer[total..]);
            total += taken;
            if (taken < answer.Length)
            {
                // What is left stays in front.
                ReadOnlyMemory<byte>[] behind = [.. _answers];
                _answers.Clear();
                _answers.Enqueue(answer[taken..]);
                foreach (ReadOnlyMemory<byte> other in behind)
                {
                    _answers.Enqueue(other);
                }
            }
        }

        return total;
    }
}
