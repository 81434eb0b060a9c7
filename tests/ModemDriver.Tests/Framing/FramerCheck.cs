using System.Globalization;
using System.Text;
using ModemDriver.Framing;

namespace ModemDriver.Tests.Framing;

/// <summary>What a framer is told before a test feeds it.</summary>
internal sealed record FramerSetup
{
    public PayloadHeader[] Pushed { get; init; } = [];

    public PayloadHeader? Fetched { get; init; }

    public string[] Unended { get; init; } = [];

    public FramerMode Mode { get; init; }

    public int MaxLine { get; init; } = AtFramer.DefaultMaxLine;

    /// <summary>What the channel does after a frame, such as leaving the mode that takes a prompt.</summary>
    public Action<AtFramer, string>? After { get; init; }

    public AtFramer Make()
    {
        AtFramer framer = new(MaxLine) { Mode = Mode };
        framer.SetPushedHeaders(Pushed);
        framer.SetFetchedHeader(Fetched);
        framer.SetUnendedLines([.. Unended.Select(Encoding.ASCII.GetBytes)]);
        return framer;
    }
}

/// <summary>
/// The one way in which tests feed a framer: whole, byte by byte, and cut in two at every position. Whatever the cuts,
/// the frames are the same.
/// </summary>
/// <remarks>
/// A frame is written <c>line OK</c>, <c>prompt</c>, <c>payload LINK ANNOUNCED TEXT</c> (with <c>...</c> while it has not
/// ended), <c>too long START</c>.
/// </remarks>
internal static class FramerCheck
{
    /// <summary>Feeds the input in every split and compares what is found.</summary>
    public static void Finds(this FramerSetup setup, string input, params string[] expected)
    {
        byte[] bytes = Encoding.Latin1.GetBytes(input);
        Assert.Equal(expected, Frames(setup, bytes));
        Assert.Equal(expected, Frames(setup, bytes, [.. Enumerable.Range(1, Math.Max(0, bytes.Length - 1))]));
        for (int cut = 1; cut < bytes.Length; cut++)
        {
            string[] found = Frames(setup, bytes, cut);
            if (!expected.SequenceEqual(found))
            {
                Assert.Fail($"cut at {cut}: {string.Join(" | ", found)}");
            }
        }
    }

    /// <summary>The frames in one split, payload pieces joined.</summary>
    public static string[] Frames(FramerSetup setup, byte[] input, params int[] cuts)
    {
        AtFramer framer = setup.Make();
        FrameList frames = new();
        int at = 0;
        foreach (int cut in cuts.Append(input.Length))
        {
            Feed(framer, input.AsSpan(at..cut), frames, setup.After);
            at = cut;
        }

        return frames.ToArray();
    }

    /// <summary>Feeds one read.</summary>
    public static string[] Feed(AtFramer framer, string read)
    {
        FrameList frames = new();
        Feed(framer, Encoding.Latin1.GetBytes(read), frames, null);
        return frames.ToArray();
    }

    private static void Feed(
        AtFramer framer, ReadOnlySpan<byte> read, FrameList frames, Action<AtFramer, string>? after)
    {
        while (true)
        {
            int used = framer.Read(read, out AtFrame frame);
            Assert.InRange(used, 0, read.Length);
            if (frame.Kind == AtFrameKind.NeedMore)
            {
                Assert.Equal(read.Length, used);
                return;
            }

            read = read[used..];
            frames.Add(frame);
            after?.Invoke(framer, frames.Last);
        }
    }

    private sealed class FrameList
    {
        private readonly List<string> _frames = [];
        private bool _isOpen;

        public string Last => _frames[^1];

        public void Add(in AtFrame frame)
        {
            string text = Encoding.Latin1.GetString(frame.Text);
            if (_isOpen)
            {
                Assert.Equal(AtFrameKind.Payload, frame.Kind);
                _frames[^1] += text;
            }
            else
            {
                _frames.Add(frame.Kind switch
                {
                    AtFrameKind.Line => $"line {text}",
                    AtFrameKind.Prompt => "prompt",
                    AtFrameKind.Payload => string.Create(
                        CultureInfo.InvariantCulture, $"payload {frame.LinkId} {frame.Announced} {text}"),
                    _ => $"too long {text}",
                });
            }

            _isOpen = frame.Kind == AtFrameKind.Payload && !frame.IsLast;
        }

        public string[] ToArray() => _isOpen ? [.. _frames[..^1], _frames[^1] + "..."] : [.. _frames];
    }
}
