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

/// <summary>The commands of short messages.</summary>
/// <remarks>TS 27.005, PDU mode.</remarks>
internal interface IMessageCommands
{
    /// <summary>What the line says of the next one, which belongs to it.</summary>
    MessageHead ReadHead(ReadOnlySpan<byte> line);

    /// <summary>Where the line says that the module has stored a message; null if it says nothing of it.</summary>
    StoredPlace? ReadPlace(ReadOnlySpan<byte> line);

    /// <summary>Makes the module speak in octets.</summary>
    AtCommand ChooseOctets();

    /// <summary>How what comes is passed on: messages, and reports by themselves.</summary>
    /// <param name="messages">How messages come; null: nobody wants them, and they are stored.</param>
    IReadOnlyList<AtCommand> Route(MessageRouting? messages);

    /// <summary>Sends a message.</summary>
    SendMessageCommand Send(SubmitPdu message);

    /// <summary>Lists what is stored.</summary>
    ListMessagesCommand List();

    /// <summary>Reads one that is stored.</summary>
    ListMessagesCommand Read(int index);

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
    QueryCommand<string?> ReadServiceCentre();

    /// <summary>Sets the number of the service centre.</summary>
    AtCommand SetServiceCentre(string number);
}
