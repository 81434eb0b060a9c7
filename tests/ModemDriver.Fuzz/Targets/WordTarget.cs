using ModemDriver.Framing;

namespace ModemDriver.Fuzz.Targets;

/// <summary>
/// The words of a module in data without frames. The scanner: however the stream is cut, each word is found once, what is no word
/// goes on, and nothing is lost. The watch: it tells where the first word began, and how much of it came before.
/// </summary>
/// <remarks>Input: a digit that chooses the words, lengths of pieces up to a line feed, then the stream.</remarks>
internal static class WordTarget
{
    private static readonly byte[][][] Words =
    [
        Make("\r\n>", "\r\nCLOSED\r\n", "\r\nOK\r\n", "\r\nERROR\r\n"),
        Make("\r\nCONNECT\r\n", "\r\nNO CARRIER\r\n", "\r\nERROR\r\n"),
        Make("\r\nready\r\n"),
        Make("aab", "aac", "abab"),
    ];

    public static void Run(ReadOnlySpan<byte> input)
    {
        FuzzInput choices = new(input);
        byte[][] words = Words[choices.Byte() % Words.Length];
        ReadOnlySpan<byte> lengths = choices.Until((byte)'\n');
        byte[] stream = choices.Rest.ToArray();
        Scan(words, lengths, stream);
        Watch(words, lengths, stream);
    }

    private static void Scan(byte[][] words, ReadOnlySpan<byte> lengths, byte[] stream)
    {
        var scanner = new TokenScanner();
        var data = new Data();
        List<int> found = [];
        scanner.Expect(words);
        for (int piece = 0, at = 0; at < stream.Length; piece++)
        {
            ReadOnlySpan<byte> read = Piece(stream, at, lengths, piece);
            at += read.Length;
            while (!read.IsEmpty)
            {
                int used = scanner.Read(read, data, out int word);
                Promise.Holds(used > 0 && used <= read.Length, $"took {used} of {read.Length}");
                Promise.Holds(word >= 0 || used == read.Length, $"stopped without a word");
                read = read[used..];
                if (word >= 0)
                {
                    found.Add(word);
                }
            }
        }

        scanner.Stop(data);
        List<byte> expected = [];
        List<int> there = [];
        for (int at = 0; at < stream.Length;)
        {
            int word = Array.FindIndex(words, one => stream.AsSpan(at).StartsWith(one));
            if (word < 0)
            {
                expected.Add(stream[at++]);
                continue;
            }

            there.Add(word);
            at += words[word].Length;
        }

        Promise.Holds(found.SequenceEqual(there), $"the words {string.Join(',', found)} instead of {string.Join(',', there)}");
        Promise.Holds(data.Bytes.SequenceEqual(expected), $"other data: {AtText.Escape([.. data.Bytes])}");
    }

    private static void Watch(byte[][] words, ReadOnlySpan<byte> lengths, byte[] stream)
    {
        var watch = new WordWatch(words);
        List<byte> seen = [];
        for (int piece = 0, at = 0; at < stream.Length; piece++)
        {
            ReadOnlySpan<byte> read = Piece(stream, at, lengths, piece);
            at += read.Length;
            int before = seen.Count;
            seen.AddRange(read);
            int start = First(words, [.. seen]);
            int found = watch.Find(read);
            Promise.Holds(found == (start < 0 ? -1 : Math.Max(start - before, 0)), $"found at {found}, and it began at {start - before}");
            Promise.Holds(start < 0 || watch.CameBefore == Math.Max(before - start, 0), $"{watch.CameBefore} came before");
            if (start >= 0)
            {
                seen.Clear();
            }

            foreach (byte[] word in words)
            {
                Promise.Holds(watch.Begun(word) == Begun(word, [.. seen]), $"{watch.Begun(word)} of a word have begun");
            }
        }
    }

    private static ReadOnlySpan<byte> Piece(ReadOnlySpan<byte> stream, int at, ReadOnlySpan<byte> lengths, int piece) =>
        stream.Slice(at, lengths.IsEmpty ? stream.Length : Math.Clamp((int)lengths[piece % lengths.Length], 1, stream.Length - at));

    private static int First(byte[][] words, ReadOnlySpan<byte> text)
    {
        int first = -1;
        foreach (byte[] word in words)
        {
            int at = text.IndexOf(word);
            first = at >= 0 && (first < 0 || at < first) ? at : first;
        }

        return first;
    }

    private static int Begun(ReadOnlySpan<byte> word, ReadOnlySpan<byte> text)
    {
        int length = Math.Min(word.Length - 1, text.Length);
        while (length > 0 && !text.EndsWith(word[..length]))
        {
            length--;
        }

        return length;
    }

    private static byte[][] Make(params string[] words) => [.. words.Select(System.Text.Encoding.ASCII.GetBytes)];

    private sealed class Data : IDataSink
    {
        public List<byte> Bytes { get; } = [];

        public void OnData(ReadOnlySpan<byte> bytes)
        {
            Promise.Holds(!bytes.IsEmpty, $"empty data");
            Bytes.AddRange(bytes);
        }
    }
}
