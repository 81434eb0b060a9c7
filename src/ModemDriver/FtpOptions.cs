using System.Security.Cryptography.X509Certificates;

namespace ModemDriver;

/// <summary>How a connection to an FTP server is protected.</summary>
public enum FtpSecurity
{
    /// <summary>Not at all: user, password and files go in clear text.</summary>
    None,

    /// <summary>
    /// TLS 1.2 or later for commands and data, begun by <c>AUTH TLS</c> (RFC 4217); a server without it is refused.
    /// </summary>
    ExplicitTls,
}

/// <summary>An FTP server, and how to speak with it.</summary>
/// <param name="Host">Its name, resolved by the module, or its address.</param>
public sealed record FtpOptions(string Host)
{
    private static readonly TimeSpan LongestLimit = TimeSpan.FromHours(1);

    /// <summary>Its port, 1 to 65535. Default 21.</summary>
    public int Port { get; init; } = 21;

    /// <summary>The user. Default: <c>anonymous</c>.</summary>
    public string User { get; init; } = "anonymous";

    /// <summary>The password; in no log and no exception. Default: empty.</summary>
    public string Password { get; init; } = string.Empty;

    /// <summary>How the connection is protected. Default: not at all.</summary>
    public FtpSecurity Security { get; init; }

    /// <summary>The only roots that are trusted. Default <see langword="null"/>: those of the system.</summary>
    public X509Certificate2Collection? TrustedRoots { get; init; }

    /// <summary>
    /// Whether files are transferred as text (<c>TYPE A</c>): line ends on the wire are CR LF, what the server makes of them is
    /// its own affair. Default: false, as they are.
    /// </summary>
    public bool IsText { get; init; }

    /// <summary>
    /// Whether the module's own FTP client does it (<see cref="ModemFeature.OnBoardFtp"/>), instead of the driver over links.
    /// It has neither TLS nor renaming, and tells reasons by a number. Default: false.
    /// </summary>
    public bool IsOnModule { get; init; }

    /// <summary>How long the server may take for an answer. Above zero, at most an hour. Default 60 seconds.</summary>
    public TimeSpan ReplyLimit { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long a transfer may stand still. Above zero, at most an hour. Default 60 seconds.</summary>
    public TimeSpan StallLimit { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Names neither user nor password.</summary>
    public override string ToString() => $"ftp://{Host}:{Port}";

    internal void Validate()
    {
        ArgumentException.ThrowIfNullOrEmpty(Host);
        ArgumentOutOfRangeException.ThrowIfLessThan(Port, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Port, 65535);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(ReplyLimit, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(StallLimit, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(ReplyLimit, LongestLimit);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(StallLimit, LongestLimit);
        if (IsOnModule && Security != FtpSecurity.None)
        {
            throw new ArgumentException("The module's own FTP client has no TLS that the driver knows; links have.", nameof(Security));
        }

        Clients.Ftp.FtpText.Check(User, nameof(User));
        Clients.Ftp.FtpText.Check(Password, nameof(Password));
    }
}
