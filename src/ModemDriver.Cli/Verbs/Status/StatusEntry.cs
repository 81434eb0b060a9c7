using System.Globalization;
using ModemDriver.Cli.Output;

namespace ModemDriver.Cli.Verbs.Status;

/// <summary>Something that <c>modem status</c> tells: as a line for people, and as a document for programs.</summary>
/// <param name="Line">The line, with its time.</param>
/// <param name="Json">The document, on one line.</param>
/// <param name="Status">What was read of the modem; <see langword="null"/> for something that has happened.</param>
internal sealed record StatusEntry(string Line, string Json, StatusReport? Status)
{
    /// <summary>What was read of the modem.</summary>
    public static StatusEntry Of(StatusReport report)
    {
        string signal = report.Signal is { } known
            ? Plain($", signal {known.Class}{(known.RsrpDbm is { } rsrp ? Plain($" ({rsrp:0.#} dBm)") : string.Empty)}")
            : string.Empty;
        return new StatusEntry(
            At(report.Time, Plain($"{report.State}, {report.Model ?? report.Dialect} on {report.Port}, {Count(report)}{signal}")),
            ToolJson.PrintLine(report, json => json.StatusReport),
            report);
    }

    /// <summary>The modem has come to another state.</summary>
    public static StatusEntry Of(ModemStateChange change, DateTimeOffset time)
    {
        var report = new StateChangeReport(
            "state", time, $"{change.OldState}", $"{change.NewState}", change.Trigger, change.Reason?.Message);
        string reason = change.Reason is null ? string.Empty : $": {change.Reason.Message}";
        return new StatusEntry(
            At(time, $"{change.OldState} -> {change.NewState} ({change.Trigger}){reason}"),
            ToolJson.PrintLine(report, json => json.StateChangeReport),
            null);
    }

    /// <summary>A rung of the recovery ladder was climbed.</summary>
    public static StatusEntry Of(RecoveryReport recovery, DateTimeOffset time)
    {
        var report = new RungReport(
            "recovery",
            time,
            recovery.Cause,
            $"{recovery.Rung}",
            recovery.Attempt,
            recovery.Duration.TotalSeconds,
            recovery.Failure is null,
            recovery.Failure?.Message);
        string outcome = recovery.Failure is null ? "has helped" : $"has not helped: {recovery.Failure.Message}";
        return new StatusEntry(
            At(time, Plain(
                $"recovery from {recovery.Cause}, attempt {recovery.Attempt}, {recovery.Duration.TotalSeconds:0.0} s: {recovery.Rung} {outcome}")),
            ToolJson.PrintLine(report, json => json.RungReport),
            null);
    }

    private static string Count(StatusReport report) => report.Links.Length switch
    {
        0 => "no link",
        1 => $"1 link ({report.Links[0].EndPoint})",
        int many => Plain($"{many} links"),
    };

    // What a module or a peer says must not move the cursor.
    private static string At(DateTimeOffset time, string text) =>
        SafeText.Show(Plain($"{time.ToLocalTime():HH:mm:ss} {text}"));

    private static string Plain(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
