using ModemDriver.Commands;

namespace ModemDriver.Cellular;

/// <summary>The dialogue with services of the network by codes (USSD): what a dialect must supply.</summary>
/// <remarks>TS 27.007 section 7.15.</remarks>
internal interface IUssdCommands
{
    /// <summary>Asks for the character set of texts.</summary>
    QueryCommand<string?> ReadCharacterSet();

    /// <summary>Sends a code, or an answer. What the network says comes later, by itself.</summary>
    /// <param name="text">The code or the answer.</param>
    /// <param name="characterSet">The character set of the module; null where it is not known.</param>
    AtCommand Send(string text, string? characterSet);

    /// <summary>Ends the dialogue.</summary>
    AtCommand Cancel();

    /// <summary>Has the module tell what the network begins.</summary>
    AtCommand Listen();

    /// <summary>Whether a line is such a message whose text goes on in the next line.</summary>
    bool IsUnfinished(ReadOnlySpan<byte> line);

    /// <summary>What the network says; null if the line is nothing of the kind.</summary>
    /// <param name="line">The line; all of them, with line feeds between, if there are several.</param>
    /// <param name="characterSet">The character set of the module; null where it is not known.</param>
    UssdReply? Read(ReadOnlySpan<byte> line, string? characterSet);
}
