namespace ModemDriver;

/// <summary>Why FTP failed.</summary>
public enum FtpFailure
{
    /// <summary>The server gave another reason; its reply has it.</summary>
    Refused,

    /// <summary>User or password were refused (530, 331 without end).</summary>
    NotLoggedIn,

    /// <summary>No such file or folder, or no right to it (550).</summary>
    NotAvailable,

    /// <summary>The server has no room left (452, 552).</summary>
    StorageFull,

    /// <summary>The name is not allowed (553).</summary>
    NameNotAllowed,

    /// <summary>The server does not know the command (500, 502, 504), or cannot do TLS.</summary>
    NotSupported,

    /// <summary>The transfer was cut (425, 426, 451).</summary>
    TransferCut,

    /// <summary>The server said nothing in time, or the transfer stood still.</summary>
    NoAnswer,

    /// <summary>The server has closed the connection, or the link was lost.</summary>
    ConnectionLost,

    /// <summary>What the server said is no FTP.</summary>
    Protocol,

    /// <summary>The module's own client did not reach it: no network, no such name, or no connection.</summary>
    NotReached,
}

/// <summary>An FTP server refused, or could not be understood or reached.</summary>
public sealed class FtpException : ModemException
{
    internal FtpException(FtpFailure reason, int? code, string message, Exception? innerException = null)
        : base(message, innerException)
    {
        Reason = reason;
        Code = code;
    }

    /// <summary>Why.</summary>
    public FtpFailure Reason { get; }

    /// <summary>
    /// The number that the module's own client gave (<see cref="FtpOptions.IsOnModule"/>); <see langword="null"/> where there
    /// was none.
    /// </summary>
    public int? ModuleCode { get; internal init; }

    /// <summary>The reply code of the server; <see langword="null"/> where there was none.</summary>
    public int? Code { get; }
}
