namespace ModemDriver.Simulator.Personalities.Luat.Services;

/// <summary>What the module was told of an FTP server and its files.</summary>
internal sealed class FtpSettings
{
    /// <summary>AT+FTPCID: which bearer, 1 to 3; 0: not set.</summary>
    internal int Bearer { get; set; }

    internal string Host { get; set; } = "";

    internal int Port { get; set; } = 21;

    internal string User { get; set; } = "";

    internal string Password { get; set; } = "";

    /// <summary>AT+FTPTYPE: I or A.</summary>
    internal string Type { get; set; } = "I";

    internal string GetName { get; set; } = "";

    internal string GetPath { get; set; } = "/";

    internal string PutName { get; set; } = "";

    internal string PutPath { get; set; } = "/";

    /// <summary>AT+FTPPUTOPT: STOR, APPE or STOU.</summary>
    internal string PutOption { get; set; } = "STOR";

    /// <summary>AT+FTPREST: where the next transfer begins.</summary>
    internal long Offset { get; set; }
}

/// <summary>The second number of +FTPGET and its like.</summary>
internal static class FtpResult
{
    internal const int Finished = 0;
    internal const int Ready = 1;
    internal const int Network = 61;
    internal const int Name = 62;
    internal const int Connect = 63;
    internal const int Timeout = 64;
    internal const int Server = 65;
    internal const int User = 71;
    internal const int Password = 72;
    internal const int Type = 73;
    internal const int Restart = 74;
    internal const int Passive = 75;
    internal const int Operation = 77;
    internal const int Upload = 78;
    internal const int Download = 79;
    internal const int Quit = 86;
}
