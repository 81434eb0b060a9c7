using System.CommandLine;
using System.Globalization;
using ModemDriver.Cli.Output;
using ModemDriver.Mqtt;
using Spectre.Console;

namespace ModemDriver.Cli.Verbs.Mqtt;

/// <summary><c>modem mqtt outbox</c>: what waits in the files of <c>pub</c> and <c>bridge</c>, and for how long.</summary>
internal sealed class OutboxVerb(ToolContext context)
{
    private readonly Argument<string?> _file = new("FILE")
    {
        Description = "The outbox; without it, all of this user's folder.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly Option<bool> _json = CommonOptions.Json();

    public Command Create()
    {
        var command = new Command(
            "outbox", "Lists what waits to be sent, by topic, and for how long. Changes nothing; a run that has the file open "
            + "keeps it to itself.")
        {
            _file, _json,
        };
        VerbRunner.Run(command, context, timeout: null, log: null, RunAsync);
        return command;
    }

    private async Task<ExitCode> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        string? given = parsed.GetValue(_file);
        var reports = new List<OutboxReport>();
        foreach (string file in given is null ? Find(OutboxPlace.Folder(context)) : [Path.GetFullPath(given)])
        {
            reports.Add(await ReadAsync(file, isAlone: given is not null, cancellationToken).ConfigureAwait(false));
        }

        if (parsed.GetValue(_json))
        {
            await context.Out.WriteLineAsync(ToolJson.Print([.. reports], json => json.OutboxReportArray))
                .ConfigureAwait(false);
        }
        else
        {
            await ShowAsync(reports).ConfigureAwait(false);
        }

        return ExitCode.Ok;
    }

    private static string[] Find(string folder) =>
        Directory.Exists(folder) ? [.. Directory.EnumerateFiles(folder, "*.db").Order(StringComparer.Ordinal)] : [];

    private async Task<OutboxReport> ReadAsync(string file, bool isAlone, CancellationToken cancellationToken)
    {
        try
        {
            MqttOutboxContents contents = await MqttOutboxContents.ReadAsync(file, cancellationToken).ConfigureAwait(false);
            return new OutboxReport(
                file,
                contents.Topics.Sum(topic => topic.Messages),
                contents.Topics.Sum(topic => topic.Bytes),
                [.. contents.Topics.Select(ToReport)],
                null);
        }
        catch (MqttOutboxException failure) when (!isAlone)
        {
            // One of several: the others are still worth listing.
            return new OutboxReport(file, null, null, [], failure.Message);
        }
    }

    private OutboxTopicReport ToReport(MqttOutboxTopic topic)
    {
        // A clock that was set back must not make an age negative.
        double age = Math.Max(0, (context.Time.GetUtcNow() - topic.OldestAcceptedAt).TotalSeconds);
        return new OutboxTopicReport(topic.Topic, topic.Messages, topic.Bytes, topic.OldestAcceptedAt, age);
    }

    private async Task ShowAsync(List<OutboxReport> reports)
    {
        IAnsiConsole screen = Screen.For(context.Out);
        foreach (OutboxReport report in reports)
        {
            await context.Out.WriteLineAsync(SafeText.Show(report.Outbox)).ConfigureAwait(false);
            if (report.Trouble is not null || report.Topics.Length == 0)
            {
                await context.Out.WriteLineAsync($"  {report.Trouble ?? "nothing waits"}").ConfigureAwait(false);
                continue;
            }

            Table table = Screen.NewTable("Topic", "Messages", "Bytes", "Oldest waits for");
            foreach (OutboxTopicReport topic in report.Topics)
            {
                table.AddRow(Screen.Cells(
                    SafeText.Show(topic.Topic), $"{topic.Messages:N0}", $"{topic.Bytes:N0}", Age(topic.OldestAgeSeconds)));
            }

            screen.Write(table);
        }

        if (reports.Count == 0)
        {
            await context.Error.WriteLineAsync("There is no outbox.").ConfigureAwait(false);
        }
    }

    private static string Age(double seconds)
    {
        var age = TimeSpan.FromSeconds(seconds);
        return age.Days > 0
            ? string.Create(CultureInfo.InvariantCulture, $"{age.Days} d {age.Hours} h")
            : age.ToString(@"h\:mm\:ss", CultureInfo.InvariantCulture);
    }
}
