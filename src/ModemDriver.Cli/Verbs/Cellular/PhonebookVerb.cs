using System.CommandLine;
using System.Globalization;
using ModemDriver.Cli.Output;
using Spectre.Console;

namespace ModemDriver.Cli.Verbs.Cellular;

/// <summary><c>modem phonebook</c>: the entries of the card.</summary>
internal sealed class PhonebookVerb(ToolContext context)
{
    public Command Create() => new("phonebook", "Lists, finds, writes and deletes entries of the card's phonebook.")
    {
        CreateList(),
        CreateFind(),
        CreateWrite(),
        CreateDelete(),
    };

    private Command CreateList() => NewCommand(
        new Command("list", "Lists all entries."),
        async (book, parsed, isJson, token) => await ShowAsync(await book.ReadAsync(token).ConfigureAwait(false), isJson)
            .ConfigureAwait(false));

    private Command CreateFind()
    {
        var text = new Argument<string>("text") { Description = "The beginning of the name." };
        return NewCommand(
            new Command("find", "Lists the entries whose name begins so.") { text },
            async (book, parsed, isJson, token) => await ShowAsync(
                await book.FindAsync(parsed.GetRequiredValue(text), token).ConfigureAwait(false), isJson).ConfigureAwait(false));
    }

    private Command CreateWrite()
    {
        var number = new Argument<string>("number") { Description = "The number, such as +12025550123." };
        var name = new Argument<string>("name") { Description = "The name; most cards take 14 letters." };
        var index = new Option<int?>("--index") { Description = "Its place, what is there is replaced. Default: a free one." };
        return NewCommand(
            new Command("write", "Writes an entry.") { number, name, index },
            (book, parsed, _, token) => book.WriteAsync(
                parsed.GetRequiredValue(number), parsed.GetRequiredValue(name), parsed.GetValue(index), token));
    }

    private Command CreateDelete()
    {
        var index = new Argument<int>("index") { Description = "The place that phonebook list shows." };
        return NewCommand(
            new Command("delete", "Deletes an entry.") { index },
            (book, parsed, _, token) => book.DeleteAsync(parsed.GetRequiredValue(index), token));
    }

    private Command NewCommand(Command command, Func<PhonebookInterface, ParseResult, bool, CancellationToken, Task> body)
    {
        var options = new SessionOptions(kind: NetworkKind.Cellular);
        options.AddTo(command);
        VerbRunner.Run(command, context, options.Timeout, options.Log, async (parsed, token) =>
        {
            ModemSession session = await ModemSession.OpenAsync(options, parsed, context, token).ConfigureAwait(false);
            await using (session.ConfigureAwait(false))
            {
                await session.Modem.Cellular.RegisterAsync(token).ConfigureAwait(false);
                await body(session.Modem.Phonebook, parsed, parsed.GetValue(options.Json), token).ConfigureAwait(false);
                return ExitCode.Ok;
            }
        });
        return command;
    }

    private async Task ShowAsync(IReadOnlyList<PhonebookEntry> entries, bool isJson)
    {
        if (isJson)
        {
            EntryReport[] reports = [.. entries.Select(one => new EntryReport(one.Index, one.Number, one.Name))];
            await context.Out.WriteLineAsync(ToolJson.Print(reports, json => json.EntryReportArray)).ConfigureAwait(false);
            return;
        }

        Table table = Screen.NewTable("Index", "Number", "Name");
        foreach (PhonebookEntry one in entries)
        {
            table.AddRow(Screen.Cells(
                one.Index.ToString(CultureInfo.InvariantCulture), SafeText.Show(one.Number), SafeText.Show(one.Name)));
        }

        Screen.For(context.Out).Write(table);
    }
}
