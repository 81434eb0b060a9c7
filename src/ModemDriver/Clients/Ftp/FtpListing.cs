using System.Globalization;
using System.Text.RegularExpressions;

namespace ModemDriver.Clients.Ftp;

/// <summary>Lines of folders, from text to entries.</summary>
internal static partial class FtpListing
{
    /// <summary>A line of <c>MLSD</c> (RFC 3659 section 7); null for the folder itself and its parent.</summary>
    public static FtpEntry? ReadFacts(string line)
    {
        var blank = line.IndexOf(' ', StringComparison.Ordinal);
        if (blank < 0)
        {
            return new FtpEntry(line, FtpEntryKind.Unknown, null, null);
        }

        var (kind, size, modified) = (FtpEntryKind.Unknown, (long?)null, (DateTimeOffset?)null);
        foreach (var fact in line[..blank].Split(';', StringSplitOptions.RemoveEmptyEntries))
        {
            var equals = fact.IndexOf('=', StringComparison.Ordinal);
            var value = fact[(equals + 1)..];
            switch (fact[..Math.Max(equals, 0)].ToUpperInvariant())
            {
                case "TYPE" when value.ToUpperInvariant() is "CDIR" or "PDIR":
                    return null;
                case "TYPE":
                    kind = value.ToUpperInvariant() switch
                    {
                        "FILE" => FtpEntryKind.File,
                        "DIR" => FtpEntryKind.Directory,
                        var other when other.StartsWith("OS.UNIX=S", StringComparison.Ordinal) => FtpEntryKind.Link,
                        _ => FtpEntryKind.Unknown,
                    };
                    break;
                case "SIZE" when long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var bytes):
                    size = bytes;
                    break;
                case "MODIFY":
                    modified = ReadTime(value);
                    break;
            }
        }

        return new FtpEntry(line[(blank + 1)..], kind, size, modified);
    }

    // -rw-r--r--   1 owner group      1234 Jan 01 12:00 name        drwxr-xr-x ... name        lrwxrwxrwx ... name -> target
    // 01-31-26  09:15AM       <DIR>          name                   01-31-26  09:15AM             1234 name
    /// <summary>A line of <c>LIST</c>, as most servers write it; null for a line that is no entry.</summary>
    public static FtpEntry? ReadLine(string line)
    {
        if (UnixLine().Match(line) is { Success: true } unix)
        {
            var name = unix.Groups["name"].Value;
            var kind = unix.Groups["kind"].Value switch
            {
                "d" => FtpEntryKind.Directory,
                "l" => FtpEntryKind.Link,
                "-" => FtpEntryKind.File,
                _ => FtpEntryKind.Unknown,
            };
            var arrow = kind == FtpEntryKind.Link ? name.IndexOf(" -> ", StringComparison.Ordinal) : -1;
            return name is "." or ".."
                ? null
                : new FtpEntry(arrow > 0 ? name[..arrow] : name, kind, ReadSize(unix.Groups["size"].Value, kind), null);
        }

        if (WindowsLine().Match(line) is { Success: true } windows)
        {
            var kind = windows.Groups["size"].Success ? FtpEntryKind.File : FtpEntryKind.Directory;
            return new FtpEntry(windows.Groups["name"].Value, kind, ReadSize(windows.Groups["size"].Value, kind), null);
        }

        return line.Length == 0 || line.StartsWith("total ", StringComparison.OrdinalIgnoreCase)
            ? null
            : new FtpEntry(line, FtpEntryKind.Unknown, null, null);
    }

    private static long? ReadSize(string text, FtpEntryKind kind) =>
        kind == FtpEntryKind.File && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var size) ? size : null;

    // YYYYMMDDHHMMSS[.sss], in UTC
    private static DateTimeOffset? ReadTime(string text) =>
        DateTimeOffset.TryParseExact(
            text.Split('.')[0],
            "yyyyMMddHHmmss",
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal,
            out var time)
            ? time
            : null;

    [GeneratedRegex(
        @"^(?<kind>[-bcdlps])[-rwxsStT]{9}[+.@]?\s+\d+\s+\S+\s+\S+\s+(?<size>\d+)\s+\S+\s+\d+\s+[\d:]+\s(?<name>.+)$",
        RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex UnixLine();

    [GeneratedRegex(
        @"^\d\d-\d\d-\d{2,4}\s+\d\d:\d\d(AM|PM)?\s+(<DIR>|(?<size>\d+))\s+(?<name>.+)$",
        RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex WindowsLine();
}
