using System.CommandLine;
using System.Globalization;
using ModemDriver.Cli.Output;

namespace ModemDriver.Cli.Verbs.Cellular;

/// <summary><c>modem battery</c>: what the module says of its supply.</summary>
internal sealed class BatteryVerb(ToolContext context)
{
    private readonly SessionOptions _options = new(kind: NetworkKind.Cellular);

    public Command Create()
    {
        var command = new Command("battery", "Says how a cellular module is supplied.");
        _options.AddTo(command);
        VerbRunner.Run(command, context, _options.Timeout, _options.Log, RunAsync);
        return command;
    }

    private async Task<ExitCode> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        ModemSession session = await ModemSession.OpenAsync(_options, parsed, context, cancellationToken).ConfigureAwait(false);
        await using (session.ConfigureAwait(false))
        {
            BatteryStatus status = await session.Modem.Board.ReadBatteryAsync(cancellationToken).ConfigureAwait(false)
                ?? throw new ToolException(ExitCode.Refused, "The module's answer cannot be read; --log wire shows it.");
            string?[] words =
            [
                status.Volts is { } volts ? string.Create(CultureInfo.InvariantCulture, $"{volts:0.000} V") : null,
                status.ChargePercent is { } percent ? string.Create(CultureInfo.InvariantCulture, $"{percent} %") : null,
                status.IsCharging switch { true => "charging", false => "not charging", null => null },
            ];
            await context.Out.WriteLineAsync(parsed.GetValue(_options.Json)
                ? ToolJson.Print(
                    new BatteryReport(status.Volts, status.ChargePercent, status.IsCharging), json => json.BatteryReport)
                : string.Join(", ", words.OfType<string>())).ConfigureAwait(false);
            return ExitCode.Ok;
        }
    }
}
