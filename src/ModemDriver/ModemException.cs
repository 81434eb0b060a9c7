using System.Globalization;
using ModemDriver.Protocol;

namespace ModemDriver;

/// <summary>How far a command had come when it failed. It tells whether a repetition is safe.</summary>
public enum CommandStage
{
    /// <summary>Still in the queue: nothing was sent.</summary>
    Queued,

    /// <summary>The command line was sent; the module may have carried it out.</summary>
    Written,

    /// <summary>The module asked for the payload; none of it was sent.</summary>
    PromptSeen,

    /// <summary>The payload was sent; its fate is unknown.</summary>
    PayloadSent,
}

/// <summary>Everything that ModemDriver throws for a reason that lies in the module, the port or the network.</summary>
public abstract class ModemException : IOException
{
    private protected ModemException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
        HelpLink = "docs/errors.md#" + GetType().Name.ToLower(CultureInfo.InvariantCulture);
    }

    /// <summary>The name of the port; <see langword="null"/> where the failure is bound to none.</summary>
    public string? Port { get; internal set; }

    /// <summary>The state of the modem when it happened; <see langword="null"/> where no modem was involved.</summary>
    public ModemState? State { get; internal set; }
}

/// <summary>The module said no.</summary>
public sealed class CommandFailedException : ModemException
{
    internal CommandFailedException(string command, FinalResult result, IReadOnlyList<string> lines)
        : base(FormatMessage(command, result, lines))
    {
        Command = command;
        Result = result;
        Lines = lines;
    }

    /// <summary>The command line, with secrets masked.</summary>
    public string Command { get; }

    /// <summary>The final result code.</summary>
    public FinalResult Result { get; }

    /// <summary>The lines that came before it, with secrets masked.</summary>
    public IReadOnlyList<string> Lines { get; }

    /// <summary>The reason of the equipment, where the module gave one by <c>+CME ERROR</c>.</summary>
    public CmeError? CmeError => Protocol.CmeError.Read(Result.Text);

    /// <summary>The reason of a message, where the module gave one by <c>+CMS ERROR</c>.</summary>
    public CmsError? CmsError => Protocol.CmsError.Read(Result.Text);

    private static string FormatMessage(string command, FinalResult result, IReadOnlyList<string> lines)
    {
        var words = Protocol.CmeError.Read(result.Text)?.Text ?? Protocol.CmsError.Read(result.Text)?.Text;
        var answer = words is null || result.Text.EndsWith(words, StringComparison.Ordinal)
            ? result.Text
            : $"{result.Text} ({words})";
        return lines.Count == 0
            ? $"The module answered {answer} to {command}."
            : $"The module answered {answer} to {command} (it said: {string.Join(" | ", lines)}).";
    }
}

/// <summary>The module did not answer within the time limit.</summary>
public sealed class CommandTimeoutException : ModemException
{
    internal CommandTimeoutException(
        string command, CommandStage stage, TimeSpan timeLimit, TimeSpan elapsed, IReadOnlyList<string> lastLines)
        : base(FormatMessage(command, stage, timeLimit, elapsed, lastLines))
    {
        Command = command;
        Stage = stage;
        TimeLimit = timeLimit;
        Elapsed = elapsed;
        LastLines = lastLines;
    }

    /// <summary>The command line, with secrets masked.</summary>
    public string Command { get; }

    /// <summary>How far it had come.</summary>
    public CommandStage Stage { get; }

    /// <summary>The limit that ran out.</summary>
    public TimeSpan TimeLimit { get; }

    /// <summary>How long it was waited for.</summary>
    public TimeSpan Elapsed { get; }

    /// <summary>The last lines that the module sent, oldest first, with secrets masked.</summary>
    public IReadOnlyList<string> LastLines { get; }

    private static string FormatMessage(
        string command, CommandStage stage, TimeSpan timeLimit, TimeSpan elapsed, IReadOnlyList<string> lastLines)
    {
        var lines = lastLines.Count == 0 ? "none" : string.Join(" | ", lastLines);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"No answer to {command} within {timeLimit.TotalSeconds:0.###} s (stage {stage}, "
            + $"waited {elapsed.TotalSeconds:0.###} s; last lines: {lines}).");
    }
}

/// <summary>The module sent what cannot be.</summary>
public sealed class ModemProtocolException : ModemException
{
    internal ModemProtocolException(string expected, string received)
        : base($"Expected {expected}, but the module sent: {received}")
    {
        Expected = expected;
        Received = received;
    }

    /// <summary>What would have been right.</summary>
    public string Expected { get; }

    /// <summary>The bytes that came, in the notation of the wire trace, at most their beginning.</summary>
    public string Received { get; }
}

/// <summary>
/// The modem is closed, faulted, unplugged, or its module started anew. The inner exception says why.
/// </summary>
public sealed class ModemClosedException : ModemException
{
    internal ModemClosedException(string message, Exception? reason = null)
        : base(message, reason)
    {
    }
}

/// <summary>
/// The line carries the data of a transparent session: no command can be sent until it is suspended or closed.
/// </summary>
public sealed class DataStateException : ModemException
{
    internal DataStateException(string message)
        : base(message)
    {
    }
}

/// <summary>No module answered on the port.</summary>
public sealed class ModuleSilentException : ModemException
{
    internal ModuleSilentException(string message, IReadOnlyList<string> tried)
        : base(message) => Tried = tried;

    /// <summary>What was tried, in order: bit rates, escapes, commands.</summary>
    public IReadOnlyList<string> Tried { get; }
}

/// <summary>Why a network could not be joined, as far as the module tells.</summary>
public enum NetworkJoinFailure
{
    /// <summary>The module gave a reason that we do not know, or none.</summary>
    Unknown,

    /// <summary>The attempt took too long.</summary>
    TimedOut,

    /// <summary>The access point refused the password. Modules report this also for a weak signal.</summary>
    WrongPassword,

    /// <summary>No access point with that name was heard.</summary>
    AccessPointNotFound,

    /// <summary>The access point refused, or the connection broke while it was being made.</summary>
    ConnectionFailed,

    /// <summary>The access point let the module in, but gave it no address.</summary>
    NoAddress,

    /// <summary>No network was configured, and the module has not joined one by itself.</summary>
    NotConfigured,

    /// <summary>A cellular module did not find a network that takes it, within the limit.</summary>
    NotRegistered,

    /// <summary>The cellular network has refused the card or the module.</summary>
    RegistrationDenied,

    /// <summary>Only networks of others are there, and <see cref="CellularOptions.AllowRoaming"/> is off.</summary>
    RoamingNotAllowed,

    /// <summary>The cellular network does not let the module use its packet data.</summary>
    AttachFailed,

    /// <summary>The cellular network has refused the access point (APN), its user, or gave no reason.</summary>
    ActivationFailed,

    /// <summary>The cellular radio could not be switched on.</summary>
    RadioOff,
}

/// <summary>A network could not be joined.</summary>
public sealed class NetworkJoinException : ModemException
{
    internal NetworkJoinException(
        string network, NetworkJoinFailure reason, string message, Exception? innerException = null)
        : base(message, innerException)
    {
        Network = network;
        Reason = reason;
    }

    /// <summary>The name of the network; of a cellular one its access point (APN), empty where the network chose it.</summary>
    public string Network { get; }

    /// <summary>Why. A hint only: modules are known to give the wrong one.</summary>
    public NetworkJoinFailure Reason { get; }
}

/// <summary>Why the bit rate could not be changed.</summary>
public enum BitRateFailure
{
    /// <summary>The module refused; nothing has changed.</summary>
    RefusedByModule,

    /// <summary>The port cannot do the rate; the module was not told, nothing has changed.</summary>
    RefusedByPort,

    /// <summary>The module did not answer at the new rate, and was found again at the old one.</summary>
    NoAnswer,

    /// <summary>The module answers at neither rate; the modem looks for it.</summary>
    ModuleLost,
}

/// <summary>The bit rate could not be changed.</summary>
public sealed class BitRateException : ModemException
{
    internal BitRateException(
        int bitRate, int formerBitRate, BitRateFailure reason, string message, Exception? innerException = null)
        : base(message, innerException)
    {
        BitRate = bitRate;
        FormerBitRate = formerBitRate;
        Reason = reason;
    }

    /// <summary>The rate that was wanted, in bit/s.</summary>
    public int BitRate { get; }

    /// <summary>
    /// The rate before, in bit/s, at which the modem still is, unless <see cref="Reason"/> is
    /// <see cref="BitRateFailure.ModuleLost"/>.
    /// </summary>
    public int FormerBitRate { get; }

    /// <summary>Why.</summary>
    public BitRateFailure Reason { get; }
}

/// <summary>Why nothing came back from a host.</summary>
public enum PingFailure
{
    /// <summary>The module gave no reason: the name was not found, there is no network, or it does not say.</summary>
    Unknown,

    /// <summary>The host did not answer in time.</summary>
    TimedOut,
}

/// <summary>A host gave no answer to an echo request.</summary>
public sealed class PingException : ModemException
{
    internal PingException(string host, PingFailure reason, string message)
        : base(message)
    {
        Host = host;
        Reason = reason;
    }

    /// <summary>The host.</summary>
    public string Host { get; }

    /// <summary>Why.</summary>
    public PingFailure Reason { get; }
}

/// <summary>Why a link was refused, lost or closed.</summary>
public enum LinkFailure
{
    /// <summary>The module gave no reason, or one that we do not know.</summary>
    Unknown,

    /// <summary>The peer refused, or could not be reached; many modules do not tell these apart.</summary>
    Refused,

    /// <summary>The time limit ran out.</summary>
    TimedOut,

    /// <summary>The host name was not found.</summary>
    NameNotFound,

    /// <summary>The module has no network address.</summary>
    NoNetwork,

    /// <summary>The link number is in use; the message names the link that has it.</summary>
    NumberInUse,

    /// <summary>No link number became free in time; the message names the links that have them.</summary>
    NoFreeNumber,

    /// <summary>
    /// The peer closed the link while there was something to send; or the module no longer has it, and nobody knows whether
    /// it ended in order.
    /// </summary>
    ClosedByPeer,

    /// <summary>The module could not send, or gave no verdict: how much has arrived is unknown.</summary>
    SendFailed,

    /// <summary>Fetching what had arrived failed.</summary>
    ReceiveFailed,

    /// <summary>The reader was too slow for a module that can only push.</summary>
    Overflow,

    /// <summary>The module left the network.</summary>
    NetworkLost,

    /// <summary>The cellular network has ended the context that carried the link.</summary>
    PacketDataLost,

    /// <summary>The card (SIM) was taken out.</summary>
    SimRemoved,

    /// <summary>The module started anew; every link is gone.</summary>
    ModuleReset,

    /// <summary>The modem was closed, is recovering, or has failed.</summary>
    ModemClosed,

    /// <summary>A listener is in the way; the message names its port.</summary>
    ListenerActive,

    /// <summary>
    /// TLS of the module failed; the message has its words, if it had any. Most modules do not tell a certificate that
    /// they refuse from a server that cannot be reached.
    /// </summary>
    TlsFailed,
}

/// <summary>A link was refused, lost or closed.</summary>
public sealed class LinkException : ModemException
{
    internal LinkException(
        LinkFailure reason, int? linkId, string? endPoint, string message, Exception? innerException = null)
        : base(message, innerException)
    {
        Reason = reason;
        LinkId = linkId;
        EndPoint = endPoint;
    }

    /// <summary>Why.</summary>
    public LinkFailure Reason { get; }

    /// <summary>The link number; <see langword="null"/> where none had been given.</summary>
    public int? LinkId { get; }

    /// <summary>The peer as <c>host:port</c>.</summary>
    public string? EndPoint { get; }
}
