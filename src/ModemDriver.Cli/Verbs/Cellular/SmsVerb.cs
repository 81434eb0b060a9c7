using System.CommandLine;
using System.Globalization;
using ModemDriver.Cli.Output;
using Spectre.Console;

namespace ModemDriver.Cli.Verbs.Cellular;

/// <summary><c>modem sms</c>: short messages, sent, listed, watched and deleted.</summary>
internal sealed class SmsVerb(ToolContext context)
{
    public Command Create() => new("sms", "Sends, lists, watches and deletes short messages.")
    {
        CreateSend(),
        CreateList(),
        CreateWatch(),
        CreateDelete(),
    };

    private Command CreateSend()
    {
        var options = new SessionOptions(kind: NetworkKind.Cellular);
        var to = new Argument<string>("number") { Description = "Whom it is for, such as +12025550123." };
        var text = new Argument<string>("text") { Description = "Any text; a long one goes in parts." };
        var flash = new Option<bool>("--flash") { Description = "Shown at once at its receiver, and not stored." };
        var report = new Option<double?>("--report")
        {
            Description = "Asks for a report on each part, and waits so many seconds for them.", HelpName = "SECONDS",
        };
        var command = new Command("send", "Sends a message, and prints the number that the module gave each part.")
        {
            to, text, flash, report,
        };
        options.AddTo(command);
        VerbRunner.Run(command, context, options.Timeout, options.Log, (parsed, token) => UseAsync(
            options, parsed, async messages =>
            {
                var message = new OutgoingMessage(parsed.GetRequiredValue(to), parsed.GetRequiredValue(text))
                {
                    Class = parsed.GetValue(flash) ? MessageClass.Flash : null,
                };
                await SendAsync(messages, message, parsed.GetValue(report), parsed.GetValue(options.Json), token)
                    .ConfigureAwait(false);
            }, token));
        return command;
    }

    private Command CreateList()
    {
        var options = new SessionOptions(kind: NetworkKind.Cellular);
        var command = new Command("list", "Lists what the module has stored; each part of a long message by itself.");
        options.AddTo(command);
        VerbRunner.Run(command, context, options.Timeout, options.Log, (parsed, token) => UseAsync(
            options, parsed, async messages =>
            {
                IReadOnlyList<StoredMessage> stored = await messages.ListAsync(token).ConfigureAwait(false);
                await ShowAsync(stored, parsed.GetValue(options.Json)).ConfigureAwait(false);
            }, token));
        return command;
    }

    private Command CreateWatch()
    {
        var options = new SessionOptions(kind: NetworkKind.Cellular);
        var count = new Option<int?>("--count")
        {
            Description = "Ends after so many messages. Default: at Ctrl-C.",
            CustomParser = result => CommonOptions.WholeNumber(result, "--count", 1, 1_000_000),
        };
        var command = new Command("watch", "Prints messages as they come, and deletes each from the module.") { count };
        options.AddTo(command);
        VerbRunner.Run(command, context, options.Timeout, options.Log, (parsed, token) => UseAsync(
            options, parsed, messages => WatchAsync(messages, parsed.GetValue(count), parsed.GetValue(options.Json), token), token), endsByUser: _ => true);
        return command;
    }

    private Command CreateDelete()
    {
        var options = new SessionOptions(kind: NetworkKind.Cellular);
        var index = new Argument<string>("index") { Description = "The index that sms list shows, or all." };
        var command = new Command("delete", "Deletes a stored message, or all of them.") { index };
        options.AddTo(command);
        VerbRunner.Run(command, context, options.Timeout, options.Log, (parsed, token) => UseAsync(
            options, parsed, messages => DeleteAsync(messages, parsed.GetRequiredValue(index), token), token));
        return command;
    }

    private async Task SendAsync(
        MessageInterface messages, OutgoingMessage message, double? patience, bool isJson, CancellationToken cancellationToken)
    {
        if (patience is <= 0 or > 86400 or double.NaN)
        {
            throw new ToolException(ExitCode.Usage, "--report takes seconds, above 0 and at most 86400.");
        }

        using var reports = new ReportWatch(messages);
        SentMessage sent = await messages
            .SendAsync(message with { RequestsStatusReport = patience is not null }, cancellationToken).ConfigureAwait(false);
        IReadOnlyDictionary<int, MessageDelivery> deliveries = patience is { } seconds
            ? await reports.WaitAsync(sent, TimeSpan.FromSeconds(seconds), context.Time, cancellationToken).ConfigureAwait(false)
            : new Dictionary<int, MessageDelivery>();
        SmsPartReport[] parts = [.. sent.References.Select(reference => new SmsPartReport(
            reference, deliveries.TryGetValue(reference, out MessageDelivery delivery) ? delivery.ToString() : null))];
        await context.Out.WriteLineAsync(isJson
            ? ToolJson.Print(parts, json => json.SmsPartReportArray)
            : string.Join('\n', parts.Select(part => patience is null
                ? part.Reference.ToString(CultureInfo.InvariantCulture)
                : string.Create(CultureInfo.InvariantCulture, $"{part.Reference} {part.Delivery ?? "no report yet"}")))).ConfigureAwait(false);
    }

    private static Task DeleteAsync(MessageInterface messages, string index, CancellationToken cancellationToken) =>
        index == "all" ? messages.DeleteAllAsync(cancellationToken)
        : int.TryParse(index, NumberStyles.None, CultureInfo.InvariantCulture, out int number)
            ? messages.DeleteAsync(number, cancellationToken)
            : throw new ToolException(ExitCode.Usage, "The index is a number that sms list shows, or all.");

    private async Task<ExitCode> UseAsync(
        SessionOptions options, ParseResult parsed, Func<MessageInterface, Task> body, CancellationToken cancellationToken)
    {
        ModemSession session = await ModemSession.OpenAsync(options, parsed, context, cancellationToken)
            .ConfigureAwait(false);
        await using (session.ConfigureAwait(false))
        {
            await session.Modem.Cellular.RegisterAsync(cancellationToken).ConfigureAwait(false);
            await body(session.Modem.Messages).ConfigureAwait(false);
            return ExitCode.Ok;
        }
    }

    private async Task WatchAsync(MessageInterface messages, int? count, bool isJson, CancellationToken cancellationToken)
    {
        // A message is taken, and so deleted, when the next one is asked for; behind the last one nothing is waited for.
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        int printed = 0;
        try
        {
            await foreach (ReceivedMessage message in messages.ReceiveAsync(cancellationToken: enough.Token).ConfigureAwait(false))
            {
                await context.Out.WriteLineAsync(isJson ? Json(message) : Line(message)).ConfigureAwait(false);
                await context.Out.FlushAsync(cancellationToken).ConfigureAwait(false);
                if (++printed == count)
                {
                    await enough.CancelAsync().ConfigureAwait(false);
                }
            }
        }
        catch (OperationCanceledException) when (printed == count)
        {
            // So many were wanted.
        }
    }

    private static string Json(ReceivedMessage message) => ToolJson.PrintLine(
        new SmsReport(
            message.Sender, message.SentAt, message.Text, message.Data.IsEmpty ? null : Convert.ToHexString(message.Data.Span),
            message.PartCount, message.MissingParts),
        json => json.SmsReport);

    private static string Line(ReceivedMessage message)
    {
        string time = message.SentAt?.ToString("yyyy-MM-dd HH:mm:sszzz", CultureInfo.InvariantCulture) ?? "-";
        string text = message.Text is { } read ? SafeText.Show(read) : Convert.ToHexString(message.Data.Span);
        string missing = message.MissingParts == 0
            ? ""
            : string.Create(CultureInfo.InvariantCulture, $" ({message.MissingParts} of {message.PartCount} parts missing)");
        return $"{time} {SafeText.Show(message.Sender)}: {text}{missing}";
    }

    private async Task ShowAsync(IReadOnlyList<StoredMessage> stored, bool isJson)
    {
        if (isJson)
        {
            StoredSmsReport[] reports = [.. stored.Select(one => new StoredSmsReport(
                one.Index, one.Status.ToString(), one.Number, one.SentAt, one.Text, one.Part, one.PartCount, one.IsReadable))];
            await context.Out.WriteLineAsync(ToolJson.Print(reports, json => json.StoredSmsReportArray)).ConfigureAwait(false);
            return;
        }

        Table table = Screen.NewTable("Index", "Status", "Number", "Sent", "Part", "Text");
        foreach (StoredMessage one in stored)
        {
            table.AddRow(Screen.Cells(
                one.Index.ToString(CultureInfo.InvariantCulture),
                one.Status.ToString(),
                SafeText.Show(one.Number),
                one.SentAt?.ToString("u", CultureInfo.InvariantCulture),
                string.Create(CultureInfo.InvariantCulture, $"{one.Part}/{one.PartCount}"),
                one.IsReadable ? SafeText.Show(one.Text ?? "(no text)") : "(damaged)"));
        }

        Screen.For(context.Out).Write(table);
    }

    /// <summary>Collects the reports on what was sent.</summary>
    private sealed class ReportWatch : IDisposable
    {
        private readonly Lock _gate = new();
        private readonly Dictionary<int, MessageDelivery> _deliveries = [];
        private readonly SemaphoreSlim _came = new(0);
        private readonly MessageInterface _messages;
        private bool _isOver;

        public ReportWatch(MessageInterface messages)
        {
            _messages = messages;
            messages.StatusReported += OnReport;
        }

        public async Task<IReadOnlyDictionary<int, MessageDelivery>> WaitAsync(
            SentMessage sent, TimeSpan patience, TimeProvider time, CancellationToken cancellationToken)
        {
            using var over = new CancellationTokenSource(patience, time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(over.Token, cancellationToken);
            try
            {
                while (!sent.References.All(IsDone))
                {
                    await _came.WaitAsync(either.Token).ConfigureAwait(false);
                }
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                // What has not come by now is shown as not come.
            }

            lock (_gate)
            {
                return new Dictionary<int, MessageDelivery>(_deliveries);
            }
        }

        public void Dispose()
        {
            _messages.StatusReported -= OnReport;
            lock (_gate)
            {
                _isOver = true;
                _came.Dispose();
            }
        }

        private bool IsDone(int reference)
        {
            lock (_gate)
            {
                return _deliveries.TryGetValue(reference, out MessageDelivery delivery) && delivery != MessageDelivery.Trying;
            }
        }

        private void OnReport(object? sender, MessageStatusReport report)
        {
            lock (_gate)
            {
                _deliveries[report.Reference] = report.Delivery;
                if (!_isOver)
                {
                    _came.Release();
                }
            }
        }
    }
}
