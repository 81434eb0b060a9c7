using ModemDriver.Protocol;

namespace ModemDriver;

/// <summary>What a module answered to a command.</summary>
/// <param name="Lines">The lines before the final result code, one character a byte.</param>
/// <param name="Result">The final result code.</param>
public sealed record CommandResponse(IReadOnlyList<string> Lines, FinalResult Result);
