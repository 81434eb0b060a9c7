using ModemDriver.Channel;
using ModemDriver.Commands;
using ModemDriver.Framing;

namespace ModemDriver.Links;

/// <summary>The commands of transparent mode: what a dialect must supply. All are built anew for each use.</summary>
internal interface ITransparentCommands
{
    /// <summary>What can be known about the loss of a link.</summary>
    LossDetection LossDetection { get; }

    /// <summary>The longest write of data: what the module's receive buffer holds.</summary>
    int MaxWriteBytes { get; }

    /// <summary>
    /// Whether <see cref="Prepare"/> puts the module into single mode by itself, and <see cref="Restore"/> leaves it so that
    /// a mode has to be set.
    /// </summary>
    bool SetsMode { get; }

    /// <summary>
    /// Whether the results of <see cref="Open"/> and <see cref="Enter"/> are the words behind which all is data; else
    /// <see cref="DataStateRules.EnterLine"/> leads there.
    /// </summary>
    bool EntersByResult { get; }

    /// <summary>
    /// Whether a module shows at once, with headers, what arrives while a session is suspended. One that may keep it until it
    /// is resumed can have kept something when it says that the peer has closed.
    /// </summary>
    bool ShowsWhileSuspended { get; }

    /// <summary>The settings that the mode needs; run in order before the link is opened.</summary>
    IReadOnlyList<SetupStep> Prepare(TransparentRequest request);

    /// <summary>
    /// Asks whether the module reports that it has left the data state; <see langword="null"/> where it never does.
    /// </summary>
    ReportSettingCommand? ReadReportSetting();

    /// <summary>Opens the one link. No other is open, and the connection mode is single.</summary>
    /// <param name="request">To where.</param>
    /// <param name="sink">What takes the data, if the opening leads there; null for a command that is not sent.</param>
    OpenLinkCommand Open(TransparentRequest request, IDataSink? sink);

    /// <summary>Makes the line carry data; the sink takes all that follows the command's success.</summary>
    AtCommand Enter(IDataSink sink);

    /// <summary>The way on into the data state, and out of it.</summary>
    /// <param name="isReported">Whether the module reports that it has left it.</param>
    DataStateRules Rules(bool isReported);

    /// <summary>Brings back what <see cref="Prepare"/> has changed.</summary>
    /// <param name="fromAnyMode">Whether the module may be in another mode than that of the data state; it was refused before.</param>
    IReadOnlyList<AtCommand> Restore(bool fromAnyMode);

    /// <summary>
    /// Makes the module open this link by itself, and go into the data state, whenever it starts;
    /// <see langword="null"/> where it cannot.
    /// </summary>
    AtCommand? Save(TransparentRequest request);

    /// <summary>Makes it start with commands again; <see langword="null"/> where it always does.</summary>
    AtCommand? ClearSaved();
}

/// <summary>Asks for a setting of reports, and tells how to change it.</summary>
internal abstract class ReportSettingCommand(CommandLine line, TimeSpan timeLimit) : AtCommand(line, timeLimit)
{
    /// <summary>After the answer: what must be sent to have the report; null where it is there already.</summary>
    public AtCommand? Change { get; protected set; }

    /// <summary>Whether the module has answered with the setting.</summary>
    public bool IsKnown { get; protected set; }
}
