namespace ModemDriver.Clients.Ftp;

/// <summary>What may stand in a command.</summary>
internal static class FtpText
{
    /// <summary>Refuses what would end the command and begin another.</summary>
    /// <exception cref="ArgumentException">It holds a line end or a zero; the message does not quote it.</exception>
    public static void Check(string text, string parameterName)
    {
        ArgumentNullException.ThrowIfNull(text, parameterName);
        if (text.AsSpan().IndexOfAny('\r', '\n', '\0') >= 0)
        {
            throw new ArgumentException("Neither line ends nor zeros can be sent in a command of FTP.", parameterName);
        }
    }
}
