namespace ModemDriver.Protocol;

/// <summary>The final result code of a command: the line with which the module ended its answer.</summary>
/// <param name="IsSuccess">Whether it means that the command was carried out.</param>
/// <param name="Text">The line as it came, such as <c>OK</c> or <c>+CME ERROR: 10</c>.</param>
/// <remarks>V.250 section 5.7.1, and what a vendor adds.</remarks>
public readonly record struct FinalResult(bool IsSuccess, string Text);
