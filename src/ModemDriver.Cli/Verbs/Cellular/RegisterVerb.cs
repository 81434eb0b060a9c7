using System.CommandLine;
using System.Globalization;
using ModemDriver.Cli.Output;

namespace ModemDriver.Cli.Verbs.Cellular;

/// <summary><c>modem register</c>: registers the module, and says where.</summary>
internal sealed class RegisterVerb(ToolContext context)
{
    private readonly SessionOptions _options = new(kind: NetworkKind.Cellular);

    public Command Create()
    {
        var command = new Command("register", "Registers the module with its cellular network, and says with which.");
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
            await cellular.RegisterAsync(cancellationToken).ConfigureAwait(false);
            CellularRegistration found = await cellular.ReadRegistrationAsync(cancellationToken).ConfigureAwait(false);
            CurrentOperator current = await cellular.ReadOperatorAsync(cancellationToken).ConfigureAwait(false);
            var report = new RegistrationReport(
                found.Status.ToString(),
                (found.Technology ?? current.Technology)?.ToString(),
                current.Code,
                current.Name,
                current.Mode.ToString(),
                found.AreaCode,
                found.CellId,
                found.RejectCause);
            await ShowAsync(report, parsed.GetValue(_options.Json)).ConfigureAwait(false);
            return ExitCode.Ok;
        }
    }

    private async Task ShowAsync(RegistrationReport report, bool isJson)
    {
        if (isJson)
        {
            await context.Out.WriteLineAsync(ToolJson.Print(report, json => json.RegistrationReport)).ConfigureAwait(false);
            return;
        }

        CultureInfo plain = CultureInfo.InvariantCulture;
        Screen.For(context.Out).Write(Screen.Facts(
            ("Registered", report.Status),
            ("Operator", report.OperatorName is string name ? SafeText.Show(name) : null),
            ("Code", report.OperatorCode),
            ("Chosen", report.OperatorMode),
            ("Technology", report.Technology),
            ("Area", report.AreaCode is int area ? string.Create(plain, $"{area} (0x{area:X})") : null),
            ("Cell", report.CellId is long cell ? string.Create(plain, $"{cell} (0x{cell:X})") : null)));
    }
}
