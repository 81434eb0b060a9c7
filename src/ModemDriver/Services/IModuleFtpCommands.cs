using ModemDriver.Commands;

namespace ModemDriver.Services;

/// <summary>What the module's own FTP client can be asked for.</summary>
internal enum ModuleFtpAction
{
    /// <summary>A file from the server.</summary>
    Get,

    /// <summary>A file to the server.</summary>
    Put,

    /// <summary>A file to the server, behind what is there.</summary>
    Append,

    /// <summary>What a folder holds.</summary>
    List,

    /// <summary>How long a file is.</summary>
    Size,

    /// <summary>A file is to go.</summary>
    Delete,

    /// <summary>A folder is to be made.</summary>
    MakeFolder,

    /// <summary>A folder is to go.</summary>
    RemoveFolder,
}

/// <summary>What the module says of an FTP action, behind the OK of its command.</summary>
internal enum ModuleFtpWord
{
    /// <summary>There is something to fetch, or it takes something.</summary>
    Ready,

    /// <summary>It is done.</summary>
    Done,

    /// <summary>It has failed.</summary>
    Failed,

    /// <summary>It was given up, as we have asked.</summary>
    GivenUp,
}

/// <summary>What the module says of an FTP action.</summary>
/// <param name="Action">Of which; a put stands for an append too.</param>
/// <param name="Word">What.</param>
/// <param name="Value">How much it takes at a time, or the size; -1: it does not say.</param>
/// <param name="Code">The module's number.</param>
internal readonly record struct ModuleFtpNews(ModuleFtpAction Action, ModuleFtpWord Word, long Value, int Code);

/// <summary>The FTP client of the module: what a dialect must supply.</summary>
internal interface IModuleFtpCommands
{
    /// <summary>How many bytes one command fetches at most.</summary>
    int MaxFetch { get; }

    /// <summary>Says which server, and who asks.</summary>
    /// <exception cref="ArgumentException">The module cannot take it; the message quotes no password.</exception>
    IReadOnlyList<AtCommand> Configure(FtpOptions options);

    /// <summary>Says of what, and from where on. To be sent before <see cref="Begin"/>.</summary>
    /// <param name="action">What will be begun.</param>
    /// <param name="path">The file, or the folder.</param>
    /// <param name="offset">From which byte on; null where that has not to be said.</param>
    /// <exception cref="ArgumentException">The module cannot take it.</exception>
    IReadOnlyList<AtCommand> Choose(ModuleFtpAction action, string path, long? offset);

    /// <summary>Begins.</summary>
    AtCommand Begin(ModuleFtpAction action);

    /// <summary>Fetches a piece of what is got or listed.</summary>
    FetchBytesCommand Fetch(ModuleFtpAction action);

    /// <summary>Hands over a piece of what is put.</summary>
    AtCommand Send(ReadOnlyMemory<byte> bytes);

    /// <summary>All of what is put was handed over.</summary>
    AtCommand EndPut();

    /// <summary>Gives up what is under way.</summary>
    AtCommand Quit();

    /// <summary>What a line says; null if it is nothing of the kind.</summary>
    ModuleFtpNews? Read(ReadOnlySpan<byte> line);

    /// <summary>Why an action has failed.</summary>
    /// <param name="code">The module's number.</param>
    (FtpFailure Reason, string Text) Explain(int code);
}
