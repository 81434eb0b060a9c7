using System.Net;
using ModemDriver.Commands;

namespace ModemDriver.Services;

/// <summary>What a module may have beside its links: what a dialect must supply. Each is asked for by its feature before.</summary>
internal interface IBoardCommands
{
    /// <summary>Asks whether the module is a network card to the computer at its USB.</summary>
    QueryCommand<bool?> ReadNetworkCard();

    /// <summary>Asks of which kind that is; may be refused.</summary>
    QueryCommand<NetworkCardKind> ReadNetworkCardKind();

    /// <summary>Asks for the module's address on that network; may be refused.</summary>
    QueryCommand<IPAddress?> ReadGateway();

    /// <summary>Switches it on or off, for good.</summary>
    AtCommand SetNetworkCard(bool isOn);

    /// <summary>Chooses the kind, for good.</summary>
    AtCommand SetNetworkCardKind(NetworkCardKind kind);

    /// <summary>Whether it takes a start of the module until the switch has an effect.</summary>
    bool IsNetworkCardSetAtStart { get; }

    /// <summary>Asks where the module is, by the cells that it hears.</summary>
    LocateCommand Locate();

    /// <summary>Switches the satellite receiver.</summary>
    AtCommand SwitchGnss(bool isOn);

    /// <summary>Asks the satellite receiver.</summary>
    QueryCommand<GnssReading?> ReadGnss();

    /// <summary>Says from where the time comes.</summary>
    IReadOnlyList<AtCommand> SetTimeServer(string host, TimeSpan utcOffset);

    /// <summary>Fetches the time, and sets the module's clock by it.</summary>
    ServiceResultCommand FetchTime();

    /// <summary>Switches the module off.</summary>
    AtCommand PowerDown();
}

/// <summary>A command of which a line tells how it went, by a number.</summary>
internal abstract class ServiceResultCommand(Framing.CommandLine line, TimeSpan timeLimit) : AtCommand(line, timeLimit)
{
    /// <summary>The number; null: it has said none.</summary>
    public int? Code { get; protected set; }

    /// <summary>Whether it went well.</summary>
    public abstract bool HasWorked { get; }

    /// <summary>Why it did not.</summary>
    public abstract BoardServiceFailure Failure { get; }
}

/// <summary>A command that asks for a place.</summary>
internal abstract class LocateCommand(Framing.CommandLine line, TimeSpan timeLimit) : ServiceResultCommand(line, timeLimit)
{
    /// <summary>The place.</summary>
    public CellLocation? Location { get; protected set; }
}
