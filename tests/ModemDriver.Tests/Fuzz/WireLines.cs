using System.Text;
using CsCheck;

namespace ModemDriver.Tests.Fuzz;

/// <summary>Lines of modules, and what noise and other firmware may make of them.</summary>
internal static class WireLines
{
    private static readonly string[] Said = Read();

    private static readonly Gen<string> Line = Gen.Int[0, Said.Length - 1].Select(index => Said[index]);

    private static readonly Gen<string> Token = Gen.OneOf(
        Gen.OneOf(
            ",", ",,", "\"", "\"\"", ":", ": ", "-", "+", "0", "1", "5", "-1", "255", "65535", "65536", "2147483647", "2147483648",
            "99999999999999999999", "0x1F", "1E9", "1.2.3.4", "::1", "256.1.1.1", "fe80::1%eth0", "TCP", "UDP", "SSL", "CONNECT", "CLOSED", "OK",
            "ERROR", "+CME ERROR: ", "24/13/32,25:61:61+99", "00/00/00,00:00:00", "Thu Jan  1 00:00:00 1970", "a1", "zz:zz:zz:zz:zz:zz",
            "(", ")", "(0-3)", "\\", "\0", "\u007f", "\u00ff", " ", "   ", "\t"),
        Gen.Byte.Array[0, 8].Select(Encoding.Latin1.GetString));

    /// <summary>A line without its end.</summary>
    public static Gen<byte[]> Any { get; } = Gen.Frequency(
        (1, Gen.Byte.Array[0, 40]),
        (2, Gen.Select(Line, Token).Select((line, token) => Bytes(Head(line) + token))),
        (9, Gen.Select(Line, Gen.Select(Gen.Int[0, 3], Gen.Int[0, 1000], Gen.Int[0, 12], Token).Array[0, 4])
            .Select((line, changes) => Bytes(changes.Aggregate(line, Change)))));

    /// <summary>How many different lines the recorded sessions have given.</summary>
    public static int Count => Said.Length;

    // Taken out, put in, put in its place, or said twice.
    private static string Change(string line, (int Kind, int At, int Length, string Token) change)
    {
        int at = change.At % (line.Length + 1);
        int length = Math.Min(change.Length, line.Length - at);
        return change.Kind switch
        {
            0 => line.Remove(at, length),
            1 => line.Insert(at, change.Token),
            2 => line.Remove(at, length).Insert(at, change.Token),
            _ => line.Insert(at, line.Substring(at, length)),
        };
    }

    private static string Head(string line)
    {
        int end = line.IndexOf(':', StringComparison.Ordinal);
        return end < 0 ? line : line[..(end + 1)];
    }

    // What stands behind '<' in the sessions, taken apart at line ends; escapes of other bytes stay as they are written.
    private static string[] Read() =>
    [
        .. Directory.GetFiles(Transcripts(), "*.at", SearchOption.AllDirectories)
            .Order(StringComparer.Ordinal)
            .SelectMany(File.ReadLines)
            .Where(line => line.StartsWith("< ", StringComparison.Ordinal))
            .SelectMany(line => line[2..].Split(["\\r", "\\n"], StringSplitOptions.RemoveEmptyEntries))
            .Distinct(StringComparer.Ordinal),
    ];

    private static string Transcripts([System.Runtime.CompilerServices.CallerFilePath] string path = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(path)!, "../../transcripts"));

    private static byte[] Bytes(string text) => [.. Encoding.Latin1.GetBytes(text).Where(b => b is not ((byte)'\r' or (byte)'\n'))];
}
