namespace ModemDriver.Clients.Ftp;

/// <summary>A reply of an FTP server (RFC 959 section 4.2).</summary>
/// <param name="Code">Three digits.</param>
/// <param name="Text">Its text; of several lines all, with line feeds between.</param>
internal readonly record struct FtpReply(int Code, string Text)
{
    /// <summary>More follows: a transfer begins.</summary>
    public bool IsPreliminary => Code / 100 == 1;

    /// <summary>It was done.</summary>
    public bool IsDone => Code / 100 == 2;

    /// <summary>The next command is wanted.</summary>
    public bool IsIntermediate => Code / 100 == 3;

    /// <summary>
    /// The port of <c>229 Entering Extended Passive Mode (|||6446|)</c> or <c>227 ... (10,0,0,2,25,46)</c>. The address of
    /// the latter is not used: the data come from the host that was asked for, and nobody is sent elsewhere.
    /// </summary>
    public int? ReadPort()
    {
        var text = Text.AsSpan();
        var open = text.IndexOf('(');
        var close = text.LastIndexOf(')');
        var inner = open >= 0 && close > open ? text[(open + 1)..close] : text;
        if (Code == 229)
        {
            return inner.Length > 4 && inner[..3].IndexOfAnyExcept(inner[0]) < 0 && inner[^1] == inner[0]
                && int.TryParse(inner[3..^1], out var port) && port is > 0 and <= 65535 ? port : null;
        }

        Span<Range> parts = stackalloc Range[8];
        return inner.Split(parts, ',') == 6
            && byte.TryParse(inner[parts[4]], out var high) && byte.TryParse(inner[parts[5]].TrimEnd('.'), out var low)
            && (high, low) != (0, 0)
            ? (high * 256) + low
            : null;
    }

    /// <summary>The reply as what the caller is told.</summary>
    /// <param name="command">What was asked, without parameters: they may be secret.</param>
    public FtpException ToException(string command) => new(
        Code switch
        {
            530 or 332 or 331 or 430 => FtpFailure.NotLoggedIn,
            550 or 450 => FtpFailure.NotAvailable,
            452 or 552 => FtpFailure.StorageFull,
            553 => FtpFailure.NameNotAllowed,
            500 or 501 or 502 or 503 or 504 => FtpFailure.NotSupported,
            425 or 426 or 451 => FtpFailure.TransferCut,
            421 => FtpFailure.ConnectionLost,
            _ => FtpFailure.Refused,
        },
        Code,
        $"The FTP server answered {Code} to {command}: {Text}");
}
