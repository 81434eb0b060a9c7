using ModemDriver.Commands;

namespace ModemDriver.Cellular;

/// <summary>The phonebook of the card or of the module: what a dialect must supply.</summary>
/// <remarks>TS 27.007 sections 8.11 to 8.14.</remarks>
internal interface IPhonebookCommands
{
    /// <summary>Asks for the character set of names.</summary>
    QueryCommand<string?> ReadCharacterSet();

    /// <summary>Chooses the character set of names.</summary>
    AtCommand SetCharacterSet(string name);

    /// <summary>Asks from which place to which the book goes.</summary>
    QueryCommand<(int First, int Last)?> ReadRange();

    /// <summary>Reads entries.</summary>
    QueryCommand<List<PhonebookEntry>> Read(int first, int last, string? characterSet);

    /// <summary>Reads the entries whose name begins with a text.</summary>
    QueryCommand<List<PhonebookEntry>> Find(string text, string? characterSet);

    /// <summary>Writes an entry; without a place the module takes a free one.</summary>
    AtCommand Write(int? index, string number, string name, string? characterSet);

    /// <summary>Deletes an entry.</summary>
    AtCommand Delete(int index);

    /// <summary>Whether a text can be written with a character set.</summary>
    bool CanWrite(string text, string? characterSet);
}
