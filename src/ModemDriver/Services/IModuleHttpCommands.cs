using ModemDriver.Commands;

namespace ModemDriver.Services;

/// <summary>What the module says when an exchange has ended.</summary>
/// <param name="Status">The server's status, or the module's number for none.</param>
/// <param name="Length">How many bytes the answer has.</param>
internal readonly record struct ModuleHttpNews(int Status, int Length);

/// <summary>The HTTP client of the module: what a dialect must supply.</summary>
internal interface IModuleHttpCommands
{
    /// <summary>Begins; refused while something is begun.</summary>
    AtCommand Begin();

    /// <summary>Says what is asked for.</summary>
    /// <exception cref="ArgumentException">The module cannot take it.</exception>
    IReadOnlyList<AtCommand> Configure(ModuleHttpRequest request);

    /// <summary>Hands over what is sent with it.</summary>
    /// <exception cref="ArgumentException">The module cannot take so much.</exception>
    AtCommand SendBody(ReadOnlyMemory<byte> body);

    /// <summary>Asks; what comes of it is told later.</summary>
    AtCommand Act(ModuleHttpMethod method);

    /// <summary>Fetches the answer.</summary>
    FetchBytesCommand ReadBody(int length);

    /// <summary>Fetches the lines before the answer.</summary>
    FetchBytesCommand ReadHead();

    /// <summary>Ends, and forgets what was said.</summary>
    AtCommand End();

    /// <summary>What a line says; null if it is nothing of the kind.</summary>
    ModuleHttpNews? Read(ReadOnlySpan<byte> line);

    /// <summary>Why there is no answer; null for a status of the server.</summary>
    BoardServiceFailure? Explain(int status);
}
