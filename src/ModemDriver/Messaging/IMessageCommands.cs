using ModemDriver.Commands;

namespace ModemDriver.Messaging;

/// <summary>What follows a line that came by itself.</summary>
internal enum MessageHead
{
    /// <summary>Nothing that belongs to it.</summary>
    None,

    /// <summary>A message or a report, handed over.</summary>
    Message,

    /// <summary>A message of the cell, for everybody in it.</summary>
    Broadcast,
}

/// <summary>The commands of short messages, in one of the two forms of the standard: octets (PDU mode), or text.</summary>
/// <remarks>TS 27.005.</remarks>
internal interface IMessageCommands
{
    /// <summary>What the line says of the next one, which belongs to it.</summary>
    MessageHead ReadHead(ReadOnlySpan<byte> line);

    /// <summary>Whether a line can be what belongs to such a line.</summary>
    /// <param name="line">The line.</param>
    /// <param name="characterSet">The character set of the module; null where it is not known.</param>
    bool IsBody(ReadOnlySpan<byte> line, string? characterSet);

    /// <summary>Reads what was handed over.</summary>
    /// <param name="head">The line that announced it.</param>
    /// <param name="body">The line that belongs to it.</param>
    /// <param name="characterSet">The character set of the module; null where it is not known.</param>
    /// <exception cref="PduException">It is no message.</exception>
    MessagePdu ReadBody(ReadOnlySpan<byte> head, ReadOnlySpan<byte> body, string? characterSet);

    /// <summary>The report that a line holds that came by itself; null if it holds none.</summary>
    StatusReportPdu? ReadReport(ReadOnlySpan<byte> line, string? characterSet);

    /// <summary>Where the line says that the module has stored a message; null if it says nothing of it.</summary>
    StoredPlace? ReadPlace(ReadOnlySpan<byte> line);

    /// <summary>Makes the module speak in this form.</summary>
    AtCommand ChooseForm();

    /// <summary>What belongs to the form beside; each may be refused.</summary>
    IReadOnlyList<AtCommand> RefineForm();

    /// <summary>Asks whether the module knows the form.</summary>
    QueryCommand<bool?> ReadKnowsForm();

    /// <summary>Why messages cannot be sent in this form; null: they can.</summary>
    string? WhyNot(IReadOnlyList<SubmitPdu> messages, string? characterSet);

    /// <summary>What is set before each message.</summary>
    IReadOnlyList<AtCommand> BeforeSend(SubmitPdu message);

    /// <summary>How what comes is passed on: messages, and reports by themselves.</summary>
    /// <param name="messages">How messages come; null: nobody wants them, and they are stored.</param>
    IReadOnlyList<AtCommand> Route(MessageRouting? messages);

    /// <summary>Sends a message.</summary>
    SendMessageCommand Send(SubmitPdu message, string? characterSet);

    /// <summary>Lists what is stored.</summary>
    ListMessagesCommand List(string? characterSet);

    /// <summary>Reads one that is stored.</summary>
    ListMessagesCommand Read(int index, string? characterSet);

    /// <summary>Deletes one that is stored.</summary>
    AtCommand Delete(int index);

    /// <summary>Deletes all that are stored.</summary>
    AtCommand DeleteAll();

    /// <summary>Says that what was handed over has come.</summary>
    AtCommand Acknowledge();

    /// <summary>Asks which store is used.</summary>
    QueryCommand<MessageStorage?> ReadStorage();

    /// <summary>Chooses the store.</summary>
    AtCommand SelectStorage(string name);

    /// <summary>Asks for the number of the service centre.</summary>
    QueryCommand<string?> ReadServiceCentre(string? characterSet);

    /// <summary>Sets the number of the service centre.</summary>
    AtCommand SetServiceCentre(string number, string? characterSet);
}
