using ModemDriver.Commands;

namespace ModemDriver.Cellular;

/// <summary>
/// Card, registration and radio of a cellular module: what a dialect must supply. All are built anew for each use.
/// </summary>
/// <remarks>
/// Where there is a list of questions, they are asked in order until one is answered; modules have different ones.
/// </remarks>
internal interface ICellularCommands
{
    /// <summary>Asks what the card wants. A refusal says it too (<see cref="SimAnswer"/>).</summary>
    QueryCommand<SimState> ReadSim();

    /// <summary>Asks how many wrong codes the card still takes.</summary>
    IReadOnlyList<QueryCommand<SimTries?>> ReadTries();

    /// <summary>Gives the PIN. A wrong one costs a try.</summary>
    AtCommand EnterPin(string pin);

    /// <summary>Gives the PUK and a new PIN. A wrong one costs a try of the PUK.</summary>
    AtCommand EnterPuk(string puk, string newPin);

    /// <summary>Sets whether the card asks for its PIN after each start.</summary>
    AtCommand SetPinEnabled(bool isEnabled, string pin);

    /// <summary>Asks for that.</summary>
    QueryCommand<bool?> ReadPinEnabled();

    /// <summary>Changes the PIN of a card that asks for it.</summary>
    AtCommand ChangePin(string pin, string newPin);

    /// <summary>Asks for the number of the card.</summary>
    IReadOnlyList<QueryCommand<string?>> ReadIccid();

    /// <summary>Asks for the number of the subscriber.</summary>
    QueryCommand<string?> ReadImsi();

    /// <summary>Asks for the number of the module.</summary>
    QueryCommand<string?> ReadImei();

    /// <summary>Asks for the registration in each part of the network; all are asked, and the best counts.</summary>
    IReadOnlyList<ReadRegistrationCommand> ReadRegistration();

    /// <summary>Asks whether the module is attached to the packet network.</summary>
    QueryCommand<bool?> ReadAttached();

    /// <summary>Attaches to the packet network, or detaches.</summary>
    AtCommand SetAttached(bool isAttached);

    /// <summary>Asks for the state of the radio.</summary>
    QueryCommand<RadioState> ReadRadio();

    /// <summary>Switches the radio.</summary>
    AtCommand SetRadio(RadioState state);

    /// <summary>Asks for the signal; all are asked, and what one leaves open the next may know.</summary>
    IReadOnlyList<QueryCommand<SignalQuality>> ReadSignal();

    /// <summary>
    /// Makes the module tell of the signal in a line of its own, behind the answer to the last of these
    /// (<see cref="Dialects.Dialect.ReadCellularReport"/>): what the answers above leave open. None where there is no such thing.
    /// </summary>
    IReadOnlyList<AtCommand> AskForSignalReport();

    /// <summary>Searches for operators.</summary>
    ListOperatorsCommand ListOperators(TimeSpan timeLimit);

    /// <summary>Sets how the module names operators; may be refused.</summary>
    AtCommand NameOperatorsBy(bool isCode);

    /// <summary>Asks for the operator, in the form that was set.</summary>
    QueryCommand<CurrentOperator> ReadOperator(CurrentOperator known);

    /// <summary>Takes one operator and no other; null: the module chooses.</summary>
    AtCommand SelectOperator(string? operatorCode, AccessTechnology? technology);

    /// <summary>Asks for the contexts: how they are defined, whether they are active, their addresses.</summary>
    IReadOnlyList<QueryCommand<List<PdpContext>>> ReadContexts();

    /// <summary>Asks for the module's clock.</summary>
    QueryCommand<ModuleTime?> ReadClock();

    /// <summary>Asks for the supply.</summary>
    QueryCommand<BatteryStatus?> ReadBattery();

    /// <summary>Sets whether the network sets the module's clock.</summary>
    AtCommand SetAutomaticClock(bool isAutomatic);

    /// <summary>Prefers an operator, a radio technology, or both.</summary>
    AtCommand Prefer(string? operatorCode, AccessTechnology? technology);
}

/// <summary>Asks for the registration in one part of the network.</summary>
internal abstract class ReadRegistrationCommand(Framing.CommandLine line, TimeSpan timeLimit)
    : AtCommand(line, timeLimit)
{
    /// <summary>What the module has said; null if nothing that is an answer.</summary>
    public CellularRegistration? Registration { get; protected set; }
}
