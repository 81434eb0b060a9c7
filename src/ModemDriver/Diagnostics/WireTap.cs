using System.Buffers;
using System.Text;
using ModemDriver.Framing;

namespace ModemDriver.Diagnostics;

/// <summary>Writes what goes over the wire in the dialogue notation of docs/transcripts.md.</summary>
/// <remarks>
/// <para><c>&gt; </c> is to the module, <c>&lt; </c> from it; bytes that do not print are escaped. Passwords and PINs
/// are masked always; payload is counted, and shown only on request.</para>
/// <para>Lines are written in order from one thread at a time: a modem's loop. The writer is the caller's: buffer it
/// if it is slow, and dispose it after the modem.</para>
/// </remarks>
public sealed class WireTap
{
    // Two line ends as they are printed; a module that sends nothing but line ends gets a line for every few.
    private const int MaxPending = 16;

    private readonly TextWriter _writer;
    private readonly bool _showPayload;
    private string _pending = string.Empty;

    /// <summary>Writes to <paramref name="writer"/>.</summary>
    /// <param name="writer">Where the notation goes.</param>
    /// <param name="showPayload">
    /// Whether payload is written out byte for byte, so that the text can be replayed. Default false: only its length.
    /// </param>
    public WireTap(TextWriter writer, bool showPayload = false)
    {
        ArgumentNullException.ThrowIfNull(writer);
        _writer = writer;
        _showPayload = showPayload;
    }

    internal void Sent(CommandLine line) => Write("> ", AtText.Escape(line.Mask(line.Bytes.Span)));

    internal void SentBytes(ReadOnlySpan<byte> bytes) => Write("> ", AtText.Escape(bytes));

    internal void SentPayload(in ReadOnlySequence<byte> payload, bool isSecret = false)
    {
        var isShown = _showPayload && !isSecret;
        Write(
            isShown ? "> " : "# ",
            isShown ? AtText.Escape(payload.ToArray()) : $"{payload.Length} bytes of payload sent");
    }

    internal void Received(in AtFrame frame, Redaction redaction)
    {
        switch (frame.Kind)
        {
            case AtFrameKind.Line when frame.Text.IsEmpty:
                // A result begins with a line end of its own; it is shown as one with what follows.
                _pending += AtText.Escape(frame.Raw);
                if (_pending.Length > MaxPending)
                {
                    Receive(string.Empty);
                }

                break;
            case AtFrameKind.Line:
                var isWhole = redaction.VisibleLength(frame.Text) == frame.Text.Length;
                Receive(isWhole
                    ? AtText.Escape(frame.Raw)
                    : redaction.Display(frame.Text) + AtText.Escape(frame.Raw[frame.Text.Length..]));
                break;
            case AtFrameKind.Prompt:
                Receive(">");
                break;
            case AtFrameKind.Payload:
                ReceivePayload(frame);
                break;
            case AtFrameKind.TooLong:
                var start = frame.Text[..Math.Min(frame.Text.Length, 64)];
                Write("# ", $"too long, starts with {redaction.Display(start)}");
                break;
        }
    }

    internal void ReceivedData(ReadOnlySpan<byte> data)
    {
        if (_showPayload)
        {
            Receive(AtText.Escape(data));
        }
        else
        {
            Write("# ", $"{data.Length} bytes of data received");
        }
    }

    internal void Remark(string text) => Write("# ", text);

    private void ReceivePayload(in AtFrame frame)
    {
        var header = AtText.Escape(frame.Offset == 0 ? frame.Raw : default);
        if (_showPayload)
        {
            Receive(header + AtText.Escape(frame.Text));
        }
        else if (frame.Offset == 0)
        {
            Receive(header);
            Write("# ", $"{frame.Announced} bytes of payload received");
        }
    }

    private void Receive(string text)
    {
        Write("< ", _pending + text);
        _pending = string.Empty;
    }

    private void Write(string mark, string text) =>
        _writer.WriteLine(new StringBuilder(mark).Append(text).ToString());
}
