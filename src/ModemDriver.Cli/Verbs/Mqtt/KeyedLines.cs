using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using System.Text;

namespace ModemDriver.Cli.Verbs.Mqtt;

/// <summary>A line of the input: a key, and a payload as it is.</summary>
internal sealed record KeyedLine(string Key, byte[] Payload);

/// <summary>Reads lines <c>key TAB payload</c> as bytes: a text reader would change a payload that is no UTF-8.</summary>
internal static class KeyedLines
{
    /// <summary>The longest line that is taken.</summary>
    public const int MaxLineBytes = 16 * 1024 * 1024;

    private const int MaxKeyLength = 256;

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The lines, each with an end of its own: LF, or CR and LF.</summary>
    /// <exception cref="ToolException">
    /// A line is none of these. A last line without an end is refused, because whoever wrote it may have died in it.
    /// </exception>
    public static async IAsyncEnumerable<KeyedLine> ReadAsync(
        Stream input, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        PipeReader reader = PipeReader.Create(input, new StreamPipeReaderOptions(leaveOpen: true));
        long number = 0;
        try
        {
            while (true)
            {
                ReadResult read = await reader.ReadAsync(cancellationToken).ConfigureAwait(false);
                ReadOnlySequence<byte> rest = read.Buffer;
                while (rest.PositionOf((byte)'\n') is { } end)
                {
                    number++;
                    yield return Parse(rest.Slice(0, end).ToArray(), number);
                    rest = rest.Slice(rest.GetPosition(1, end));
                }

                if (rest.Length > MaxLineBytes)
                {
                    throw Wrong(number + 1, string.Create(CultureInfo.InvariantCulture, $"is longer than {MaxLineBytes} bytes"));
                }

                if (read.IsCompleted)
                {
                    if (!rest.IsEmpty)
                    {
                        throw Wrong(number + 1, "has no end, so it may not be whole");
                    }

                    yield break;
                }

                reader.AdvanceTo(rest.Start, rest.End);
            }
        }
        finally
        {
            await reader.CompleteAsync().ConfigureAwait(false);
        }
    }

    private static KeyedLine Parse(byte[] line, long number)
    {
        int length = line is [.., (byte)'\r'] ? line.Length - 1 : line.Length;
        int tab = line.AsSpan(0, length).IndexOf((byte)'\t');
        if (tab <= 0)
        {
            throw Wrong(number, "has no key: a key, a TAB and a payload make a line");
        }

        try
        {
            string key = Strict.GetString(line, 0, tab);
            return key.Length <= MaxKeyLength
                ? new KeyedLine(key, line[(tab + 1)..length])
                : throw Wrong(number, $"has a key of more than {MaxKeyLength} characters");
        }
        catch (DecoderFallbackException)
        {
            throw Wrong(number, "has a key that is no UTF-8");
        }
    }

    private static ToolException Wrong(long number, string what) => new(
        ExitCode.Usage, string.Create(CultureInfo.InvariantCulture, $"Line {number} of the input {what}; it was not stored."));
}
