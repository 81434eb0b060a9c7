using System.CommandLine;
using System.Globalization;
using ModemDriver.Cli.Output;

namespace ModemDriver.Cli.Verbs.Cellular;

/// <summary><c>modem sim</c>: the card of a module, and its PIN.</summary>
internal sealed class SimVerb(ToolContext context)
{
    private readonly SessionOptions _options = new(kind: NetworkKind.Cellular);

    private readonly Option<bool> _unlock = new("--unlock")
    {
        Description = "Gives the card the PIN of --pin-file or the environment, whatever was refused before.",
    };

    private readonly Option<bool> _lastTry = new("--last-try")
    {
        Description = "With --unlock: even when it is the last try before the card wants its PUK.",
    };

    public Command Create()
    {
        var command = new Command("sim", "Says what the card wants, how many wrong PINs it takes, and its numbers.")
        {
            _unlock,
            _lastTry,
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
            if (parsed.GetValue(_unlock))
            {
                string pin = _options.PinOf(parsed, context) ?? throw new ToolException(
                    ExitCode.Usage, $"There is no PIN: give it with --pin-file or in {CommonOptions.PinVariable}.");
                await cellular.UnlockAsync(pin, parsed.GetValue(_lastTry), cancellationToken).ConfigureAwait(false);
            }

            SimInfo sim = await cellular.ReadSimAsync(cancellationToken).ConfigureAwait(false);
            string? imei = await cellular.ReadImeiAsync(cancellationToken).ConfigureAwait(false);
            var report = new SimReport(
                sim.State.ToString(), sim.IsPinEnabled, sim.Tries?.Pin, sim.Tries?.Puk, sim.Iccid, sim.Imsi, imei);
            await ShowAsync(report, parsed.GetValue(_options.Json)).ConfigureAwait(false);
            return ExitCode.Ok;
        }
    }

    private async Task ShowAsync(SimReport report, bool isJson)
    {
        if (isJson)
        {
            await context.Out.WriteLineAsync(ToolJson.Print(report, json => json.SimReport)).ConfigureAwait(false);
            return;
        }

        CultureInfo plain = CultureInfo.InvariantCulture;
        Screen.For(context.Out).Write(Screen.Facts(
            ("Card", report.State),
            ("PIN", report.PinEnabled switch { true => "asked for", false => "not asked for", _ => null }),
            ("PIN tries left", report.PinTriesLeft?.ToString(plain)),
            ("PUK tries left", report.PukTriesLeft?.ToString(plain)),
            ("ICCID", report.Iccid),
            ("IMSI", report.Imsi),
            ("IMEI", report.Imei)));
    }
}
