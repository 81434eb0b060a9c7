using Microsoft.Extensions.Logging;
using ModemDriver.Framing;

namespace ModemDriver.Diagnostics;

/// <summary>
/// Every log message, by area. A method's name is the name of its event: renaming one is a breaking change.
/// </summary>
internal static partial class Log
{
    [LoggerMessage(EventIds.TransportOpened, LogLevel.Information, "{Port}: open")]
    public static partial void TransportOpened(ILogger logger, string port);

    [LoggerMessage(EventIds.TransportClosed, LogLevel.Warning, "{Port}: the port has ended")]
    public static partial void TransportClosed(ILogger logger, string port, Exception? reason);

    [LoggerMessage(EventIds.TransportReopening, LogLevel.Information, "{Port}: opening the port again")]
    public static partial void TransportReopening(ILogger logger, string port);

    [LoggerMessage(EventIds.LatencyNotLowered, LogLevel.Warning,
        "{Port}: the port may hold bytes back, up to 16 ms for each answer; low latency was refused: {Reason}")]
    public static partial void LatencyNotLowered(ILogger logger, string port, string reason);

    [LoggerMessage(EventIds.BytesLost, LogLevel.Warning, "{Port}: bytes were lost: {What}")]
    public static partial void BytesLost(ILogger logger, string port, string what);

    [LoggerMessage(EventIds.CommandWritten, LogLevel.Debug, "{Port}: #{Sequence} > {Command}")]
    public static partial void CommandWritten(ILogger logger, string port, long sequence, CommandLine command);

    [LoggerMessage(EventIds.CommandCompleted, LogLevel.Debug, "{Port}: #{Sequence} < {Result}")]
    public static partial void CommandCompleted(ILogger logger, string port, long sequence, string result);

    [LoggerMessage(EventIds.CommandTimedOut, LogLevel.Warning,
        "{Port}: #{Sequence} {Command} had no answer within {TimeLimit}; its place on the wire is kept")]
    public static partial void CommandTimedOut(
        ILogger logger, string port, long sequence, CommandLine command, TimeSpan timeLimit);

    [LoggerMessage(EventIds.LateAnswer, LogLevel.Warning, "{Port}: #{Sequence} late answer {Result} dropped")]
    public static partial void LateAnswer(ILogger logger, string port, long sequence, string result);

    [LoggerMessage(EventIds.Busy, LogLevel.Debug, "{Port}: #{Sequence} refused as busy, attempt {Attempt}")]
    public static partial void Busy(ILogger logger, string port, long sequence, int attempt);

    [LoggerMessage(EventIds.Resynchronised, LogLevel.Information,
        "{Port}: in step with the module again after {Probes} probes")]
    public static partial void Resynchronised(ILogger logger, string port, int probes);

    [LoggerMessage(EventIds.ChannelBroken, LogLevel.Error, "{Port}: the command channel is broken")]
    public static partial void ChannelBroken(ILogger logger, string port, Exception reason);

    [LoggerMessage(EventIds.StrayLine, LogLevel.Debug, "{Port}: line outside of any answer: {Line}")]
    public static partial void StrayLine(ILogger logger, string port, string line);

    [LoggerMessage(EventIds.LineReceived, LogLevel.Trace, "{Port}: < {Line}")]
    public static partial void LineReceived(ILogger logger, string port, string line);

    [LoggerMessage(EventIds.StateChanged, LogLevel.Information, "{Port}: {OldState} -> {NewState} ({Trigger})")]
    public static partial void StateChanged(
        ILogger logger, string port, ModemState oldState, ModemState newState, string trigger, Exception? reason);

    [LoggerMessage(EventIds.ModuleIdentified, LogLevel.Information, "{Port}: {Module}")]
    public static partial void ModuleIdentified(ILogger logger, string port, string module);

    [LoggerMessage(EventIds.RecoveryAttempt, LogLevel.Information, "{Port}: recovery attempt {Attempt}: {Rung}")]
    public static partial void RecoveryAttempt(ILogger logger, string port, int attempt, string rung);

    [LoggerMessage(EventIds.RecoveryFailed, LogLevel.Warning,
        "{Port}: {Rung} for {Cause}, attempt {Attempt}, has failed after {Duration}")]
    public static partial void RecoveryFailed(
        ILogger logger, string port, RecoveryRung rung, string cause, int attempt, TimeSpan duration, Exception reason);

    [LoggerMessage(EventIds.RecoverySucceeded, LogLevel.Information,
        "{Port}: {Rung} for {Cause}, attempt {Attempt}, has helped after {Duration}")]
    public static partial void RecoverySucceeded(
        ILogger logger, string port, RecoveryRung rung, string cause, int attempt, TimeSpan duration);

    [LoggerMessage(EventIds.ProbeStep, LogLevel.Debug, "{Port}: probing: {Step}")]
    public static partial void ProbeStep(ILogger logger, string port, string step);

    [LoggerMessage(EventIds.BitRateChanged, LogLevel.Information, "{Port}: {BitRate} bit/s from now on")]
    public static partial void BitRateChanged(ILogger logger, string port, int bitRate);

    [LoggerMessage(EventIds.BitRateNotRestored, LogLevel.Warning,
        "{Port}: {BitRate} bit/s could not be set again after the module started anew; it goes on at its own rate")]
    public static partial void BitRateNotRestored(ILogger logger, string port, int bitRate, Exception reason);

    [LoggerMessage(EventIds.LinkOpened, LogLevel.Debug, "{Port}: link {LinkId} is open to {EndPoint}")]
    public static partial void LinkOpened(ILogger logger, string port, int linkId, string endPoint);

    [LoggerMessage(EventIds.LinkClosed, LogLevel.Debug, "{Port}: link {LinkId} is closed ({Why})")]
    public static partial void LinkClosed(ILogger logger, string port, int linkId, string why);

    [LoggerMessage(EventIds.LinkFaulted, LogLevel.Warning, "{Port}: link {LinkId} has failed: {Reason}")]
    public static partial void LinkFaulted(
        ILogger logger, string port, int linkId, LinkFailure reason, Exception exception);

    [LoggerMessage(EventIds.LinkOpenFailed, LogLevel.Debug, "{Port}: no link to {EndPoint}: {Reason}")]
    public static partial void LinkOpenFailed(ILogger logger, string port, string endPoint, LinkFailure reason);

    [LoggerMessage(EventIds.UnknownLinkClosed, LogLevel.Information,
        "{Port}: link {LinkId} was open in the module but not ours; closed")]
    public static partial void UnknownLinkClosed(ILogger logger, string port, int linkId);

    [LoggerMessage(EventIds.StrayPayload, LogLevel.Warning,
        "{Port}: {Count} bytes for link {LinkId}, which is not open; dropped")]
    public static partial void StrayPayload(ILogger logger, string port, int linkId, int count);

    [LoggerMessage(EventIds.LinkAccepted, LogLevel.Debug, "{Port}: link {LinkId} was accepted from {EndPoint}")]
    public static partial void LinkAccepted(ILogger logger, string port, int linkId, string endPoint);

    [LoggerMessage(EventIds.ListenerStarted, LogLevel.Information, "{Port}: listening on port {ServerPort}")]
    public static partial void ListenerStarted(ILogger logger, string port, int serverPort);

    [LoggerMessage(EventIds.ListenerEnded, LogLevel.Information, "{Port}: not listening on port {ServerPort} any more")]
    public static partial void ListenerEnded(ILogger logger, string port, int serverPort, Exception? reason);

    [LoggerMessage(EventIds.LinkDisplaced, LogLevel.Debug,
        "{Port}: number {LinkId} of the link to {EndPoint} was given to an accepted link")]
    public static partial void LinkDisplaced(ILogger logger, string port, int linkId, string endPoint);

    [LoggerMessage(EventIds.DatagramDropped, LogLevel.Debug, "{Port}: a datagram of link {LinkId} was dropped: {Why}")]
    public static partial void DatagramDropped(ILogger logger, string port, int linkId, string why);

    [LoggerMessage(EventIds.SessionSuspect, LogLevel.Information,
        "{Port}: amid the data of the transparent session came words of a module that has left it; asking")]
    public static partial void SessionSuspect(ILogger logger, string port);

    [LoggerMessage(EventIds.BringUpStepRefused, LogLevel.Debug, "{Port}: {Command} was refused: {Result}")]
    public static partial void BringUpStepRefused(ILogger logger, string port, string command, string result);

    [LoggerMessage(EventIds.SettingLost, LogLevel.Warning,
        "{Port}: {Command} was taken before, and is refused after the module started anew: {Result}")]
    public static partial void SettingLost(ILogger logger, string port, string command, string result);

    [LoggerMessage(EventIds.HandlerFailed, LogLevel.Error, "{Port}: a handler of {Event} has thrown")]
    public static partial void HandlerFailed(ILogger logger, string port, string @event, Exception exception);

    [LoggerMessage(EventIds.HandlerQueueFull, LogLevel.Warning,
        "{Port}: handlers are too slow; {Dropped} events have been dropped so far")]
    public static partial void HandlerQueueFull(ILogger logger, string port, long dropped);

    [LoggerMessage(EventIds.ManagedTcpChanged, LogLevel.Information,
        "{EndPoint}: {State}, attempt {Attempt}, wait {Delay}")]
    public static partial void ManagedTcpChanged(
        ILogger logger, string endPoint, ManagedTcpState state, int attempt, TimeSpan? delay, Exception? reason);

    [LoggerMessage(EventIds.MessageUnreadable, LogLevel.Warning, "{Port}: a short message ({Where}) was passed over. {Why}")]
    public static partial void MessageUnreadable(ILogger logger, string port, string where, string why);

    [LoggerMessage(EventIds.MessageUnacknowledged, LogLevel.Warning,
        "{Port}: the network was not told that a short message has come, and may send it again: {Why}")]
    public static partial void MessageUnacknowledged(ILogger logger, string port, string why);

    [LoggerMessage(EventIds.MessagesDeferred, LogLevel.Debug,
        "{Port}: stored short messages are read or deleted later: {Why}")]
    public static partial void MessagesDeferred(ILogger logger, string port, string why);

    [LoggerMessage(EventIds.UssdNotCancelled, LogLevel.Debug,
        "{Port}: a dialogue by codes that was given up may go on in the module: {Why}")]
    public static partial void UssdNotCancelled(ILogger logger, string port, string why);

    [LoggerMessage(EventIds.CharacterSetNotRestored, LogLevel.Warning,
        "{Port}: the character set {Name} could not be set again, and will be with the next use: {Why}")]
    public static partial void CharacterSetNotRestored(ILogger logger, string port, string name, string why);
}
