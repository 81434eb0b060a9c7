using System.CommandLine;
using System.Globalization;
using System.Threading.Channels;
using ModemDriver.Cli.Output;
using Spectre.Console;

namespace ModemDriver.Cli.Verbs.Cellular;

/// <summary><c>modem call</c>: dials, answers, hangs up, and tells what comes.</summary>
internal sealed class CallVerb(ToolContext context)
{
    private static readonly TimeSpan AskEvery = TimeSpan.FromSeconds(1);

    public Command Create() => new("call", "Dials, answers, lists and ends voice calls, and tells who calls.")
    {
        CreateDial(),
        CreateSimple("answer", "Takes the call that rings.", (calls, token) => calls.AnswerAsync(token)),
        CreateSimple("hangup", "Ends all calls.", (calls, token) => calls.HangUpAsync(token)),
        CreateList(),
        CreateWatch(),
    };

    private Command CreateDial()
    {
        var options = new SessionOptions(kind: NetworkKind.Cellular);
        var number = new Argument<string>("number") { Description = "Whom to call, such as +12025550123." };
        Option<TimeSpan?> duration = CommonOptions.Seconds(
            "--duration", "Hangs up so many seconds after the call was answered; else by Ctrl-C.");
        var tones = new Option<string?>("--tones") { Description = "Tones to send once the call was answered: 0-9, A-D, * and #." };
        var command = new Command("dial", "Calls a number, tells how the call stands, and hangs up at the end.")
        {
            number, duration, tones,
        };
        options.AddTo(command);
        VerbRunner.Run(
            command,
            context,
            options.Timeout,
            options.Log,
            (parsed, token) => UseAsync(
                options,
                parsed,
                calls => DialAsync(
                    calls,
                    parsed.GetRequiredValue(number),
                    parsed.GetValue(tones),
                    parsed.GetValue(duration),
                    status => TellAsync(status, parsed.GetValue(options.Json), token),
                    token),
                token),
            endsByUser: _ => true);
        return command;
    }

    private Command CreateSimple(string name, string description, Func<CallInterface, CancellationToken, Task> act)
    {
        var options = new SessionOptions(kind: NetworkKind.Cellular);
        var command = new Command(name, description);
        options.AddTo(command);
        VerbRunner.Run(command, context, options.Timeout, options.Log, (parsed, token) => UseAsync(
            options,
            parsed,
            async calls =>
            {
                await act(calls, token).ConfigureAwait(false);
                return ExitCode.Ok;
            },
            token));
        return command;
    }

    private Command CreateList()
    {
        var options = new SessionOptions(kind: NetworkKind.Cellular);
        var command = new Command("list", "Lists the calls that the module has.");
        options.AddTo(command);
        VerbRunner.Run(command, context, options.Timeout, options.Log, (parsed, token) => UseAsync(
            options,
            parsed,
            async calls =>
            {
                await ShowAsync(await calls.ListAsync(token).ConfigureAwait(false), parsed.GetValue(options.Json))
                    .ConfigureAwait(false);
                return ExitCode.Ok;
            },
            token));
        return command;
    }

    private Command CreateWatch()
    {
        var options = new SessionOptions(kind: NetworkKind.Cellular);
        var count = new Option<int?>("--count")
        {
            Description = "Ends after so many rings. Default: at Ctrl-C.",
            CustomParser = result => CommonOptions.WholeNumber(result, "--count", 1, 1_000_000),
        };
        var command = new Command("watch", "Tells who calls, and when a call ends.") { count };
        options.AddTo(command);
        VerbRunner.Run(
            command,
            context,
            options.Timeout,
            options.Log,
            (parsed, token) => UseAsync(
                options, parsed, calls => WatchAsync(calls, parsed.GetValue(count), parsed.GetValue(options.Json), token), token),
            endsByUser: _ => true);
        return command;
    }

    private async Task<ExitCode> DialAsync(
        CallInterface calls,
        string number,
        string? tones,
        TimeSpan? duration,
        Func<string, Task> tell,
        CancellationToken cancellationToken)
    {
        VoiceCallStatus? told = null;
        long answered = 0;
        try
        {
            await calls.DialAsync(number, cancellationToken).ConfigureAwait(false);
            while ((await calls.ListAsync(cancellationToken).ConfigureAwait(false)).FirstOrDefault(call => !call.IsIncoming)
                is { Status: not VoiceCallStatus.Released } call)
            {
                if (call.Status != told)
                {
                    await tell(call.Status.ToString()).ConfigureAwait(false);
                    if (call.Status == VoiceCallStatus.Active)
                    {
                        answered = context.Time.GetTimestamp();
                        await SendTonesAsync(calls, tones, cancellationToken).ConfigureAwait(false);
                    }
                }

                told = call.Status;
                if (told == VoiceCallStatus.Active && context.Time.GetElapsedTime(answered) >= duration)
                {
                    return ExitCode.Ok;
                }

                await Task.Delay(Shorter(AskEvery, duration), context.Time, cancellationToken).ConfigureAwait(false);
            }

            await tell("Ended").ConfigureAwait(false);
            return told == VoiceCallStatus.Active ? ExitCode.Ok : ExitCode.Refused;
        }
        finally
        {
            // Also at Ctrl-C; the call is not left to run.
            await calls.HangUpAsync(CancellationToken.None).ConfigureAwait(false);
        }
    }

    private async Task TellAsync(string status, bool isJson, CancellationToken cancellationToken)
    {
        await context.Out.WriteLineAsync(isJson ? ToolJson.PrintLine(new DialReport(status), json => json.DialReport) : status)
            .ConfigureAwait(false);
        await context.Out.FlushAsync(cancellationToken).ConfigureAwait(false);
    }

    private static TimeSpan Shorter(TimeSpan one, TimeSpan? other) => other < one ? other.Value : one;

    private static Task SendTonesAsync(CallInterface calls, string? tones, CancellationToken cancellationToken) =>
        string.IsNullOrEmpty(tones) ? Task.CompletedTask : calls.SendTonesAsync(tones, cancellationToken);

    private async Task<ExitCode> WatchAsync(
        CallInterface calls, int? count, bool isJson, CancellationToken cancellationToken)
    {
        var told = System.Threading.Channels.Channel.CreateBounded<CallReport>(
            new BoundedChannelOptions(64) { FullMode = BoundedChannelFullMode.DropOldest });
        calls.Ringing += (_, ring) => told.Writer.TryWrite(new CallReport("ring", ring.Number, ring.IsWithheld, null));
        calls.Ended += (_, end) => told.Writer.TryWrite(new CallReport("end", null, null, end.ToString()));
        await calls.ListenAsync(cancellationToken).ConfigureAwait(false);
        int rings = 0;
        await foreach (CallReport report in told.Reader.ReadAllAsync(cancellationToken).ConfigureAwait(false))
        {
            await context.Out.WriteLineAsync(isJson ? ToolJson.PrintLine(report, json => json.CallReport) : Line(report))
                .ConfigureAwait(false);
            await context.Out.FlushAsync(cancellationToken).ConfigureAwait(false);
            rings += report.Kind == "ring" ? 1 : 0;
            if (rings == count)
            {
                break;
            }
        }

        return ExitCode.Ok;
    }

    private static string Line(CallReport report) =>
        report.Kind == "end" ? $"Ended: {report.End}"
        : report.Number is { } number ? $"Ring: {SafeText.Show(number)}"
        : report.IsWithheld == true ? "Ring: the number is withheld"
        : "Ring";

    private async Task<ExitCode> UseAsync(
        SessionOptions options, ParseResult parsed, Func<CallInterface, Task<ExitCode>> body, CancellationToken cancellationToken)
    {
        ModemSession session = await ModemSession.OpenAsync(options, parsed, context, cancellationToken)
            .ConfigureAwait(false);
        await using (session.ConfigureAwait(false))
        {
            await session.Modem.Cellular.RegisterAsync(cancellationToken).ConfigureAwait(false);
            return await body(session.Modem.Calls).ConfigureAwait(false);
        }
    }

    private async Task ShowAsync(IReadOnlyList<VoiceCall> calls, bool isJson)
    {
        if (isJson)
        {
            VoiceCallReport[] reports =
                [.. calls.Select(one => new VoiceCallReport(one.Id, one.IsIncoming, one.Status.ToString(), one.Number))];
            await context.Out.WriteLineAsync(ToolJson.Print(reports, json => json.VoiceCallReportArray)).ConfigureAwait(false);
            return;
        }

        Table table = Screen.NewTable("Call", "Direction", "Status", "Number");
        foreach (VoiceCall one in calls)
        {
            table.AddRow(Screen.Cells(
                one.Id.ToString(CultureInfo.InvariantCulture),
                one.IsIncoming ? "in" : "out",
                one.Status.ToString(),
                one.Number is { } number ? SafeText.Show(number) : null));
        }

        Screen.For(context.Out).Write(table);
    }
}
