using System.CommandLine;
using System.Globalization;
using ModemDriver.Cli.Output;
using Spectre.Console;

namespace ModemDriver.Cli.Verbs.Cellular;

/// <summary><c>modem operators</c>: the operators that the module hears, and the choice of one.</summary>
internal sealed class OperatorsVerb(ToolContext context)
{
    private const string Automatic = "auto";

    private readonly SessionOptions _options = new(kind: NetworkKind.Cellular);

    private readonly Option<string?> _select = new("--select")
    {
        Description = "Takes this operator and no other, by its code of 5 or 6 digits; auto leaves it to the module. "
            + "Does not search.",
        HelpName = "CODE",
    };

    public Command Create()
    {
        var command = new Command("operators", "Searches for operators, which takes minutes; or takes one.")
        {
            _select,
        };
        _options.AddTo(command);
        VerbRunner.Run(command, context, _options.Timeout, _options.Log, RunAsync);
        return command;
    }

    private async Task<ExitCode> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        ModemSession session = await ModemSession.OpenAsync(_options, parsed, context, cancellationToken)
            .ConfigureAwait(false);
        await using (session.ConfigureAwait(false))
        {
            CellularInterface cellular = session.Modem.Cellular;
            if (parsed.GetValue(_select) is string code)
            {
                await cellular.SelectOperatorAsync(code == Automatic ? null : code, null, cancellationToken)
                    .ConfigureAwait(false);
                return ExitCode.Ok;
            }

            var progress = new Progress(context);
            IReadOnlyList<CellularOperator> found = await cellular
                .ListOperatorsAsync(progress, cancellationToken: cancellationToken).ConfigureAwait(false);
            await progress.EndAsync().ConfigureAwait(false);
            await ShowAsync(found, parsed.GetValue(_options.Json)).ConfigureAwait(false);
            return ExitCode.Ok;
        }
    }

    private async Task ShowAsync(IReadOnlyList<CellularOperator> found, bool isJson)
    {
        if (isJson)
        {
            OperatorReport[] reports = [.. found.Select(one => new OperatorReport(
                one.Code, one.LongName, one.ShortName, one.Status.ToString(), one.Technology?.ToString()))];
            await context.Out.WriteLineAsync(ToolJson.Print(reports, json => json.OperatorReportArray)).ConfigureAwait(false);
            return;
        }

        if (found.Count == 0)
        {
            await context.Error.WriteLineAsync("The module hears no operator.").ConfigureAwait(false);
            return;
        }

        Table table = Screen.NewTable("Code", "Operator", "Short", "Status", "Technology");
        foreach (CellularOperator one in found)
        {
            table.AddRow(Screen.Cells(
                one.Code,
                one.LongName is string name ? SafeText.Show(name) : null,
                one.ShortName is string shortName ? SafeText.Show(shortName) : null,
                one.Status.ToString(),
                one.Technology?.ToString()));
        }

        Screen.For(context.Out).Write(table);
    }

    /// <summary>Tells a person who watches standard error how long the search has run, on one line.</summary>
    private sealed class Progress(ToolContext context) : IProgress<OperatorScanProgress>
    {
        private bool _isShown;

        public void Report(OperatorScanProgress value)
        {
            if (context.IsErrorTerminal)
            {
                _isShown = true;
                context.Error.Write(string.Create(
                    CultureInfo.InvariantCulture,
                    $"\rSearching for {value.Elapsed.TotalSeconds:0} s, at most {value.TimeLimit.TotalSeconds:0}; Ctrl-C ends it. "));
            }
        }

        public async Task EndAsync()
        {
            if (_isShown)
            {
                await context.Error.WriteLineAsync().ConfigureAwait(false);
            }
        }
    }
}
