namespace ModemDriver;

/// <summary>What an entry of a folder is.</summary>
public enum FtpEntryKind
{
    /// <summary>The server did not say it in a form that is known.</summary>
    Unknown,

    /// <summary>A file.</summary>
    File,

    /// <summary>A folder.</summary>
    Directory,

    /// <summary>A link to another entry.</summary>
    Link,
}

/// <summary>An entry of a folder on an FTP server.</summary>
/// <param name="Name">Its name; the whole line where its form is not known.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Size">Its size in bytes; <see langword="null"/> where the server did not say.</param>
/// <param name="ModifiedAt">
/// When it was changed; <see langword="null"/> where the server did not say it with its zone.
/// </param>
public sealed record FtpEntry(string Name, FtpEntryKind Kind, long? Size, DateTimeOffset? ModifiedAt);
