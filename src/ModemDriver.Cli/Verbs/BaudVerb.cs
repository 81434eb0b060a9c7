using System.CommandLine;
using System.Globalization;
using ModemDriver.Cli.Output;

namespace ModemDriver.Cli.Verbs;

/// <summary><c>modem baud</c>: the bit rate of the module, found out or changed.</summary>
internal sealed class BaudVerb(ToolContext context)
{
    private readonly SessionOptions _options = new(kind: NetworkKind.None);

    private readonly Argument<int?> _rate = new("RATE")
    {
        Description = "The new rate in bit/s, 300 to 5000000; without it the present one is printed.",
        Arity = ArgumentArity.ZeroOrOne,
        CustomParser = result => CommonOptions.WholeNumber(result, "RATE", 300, 5_000_000),
    };

    public Command Create()
    {
        var command = new Command("baud", "Changes the module's bit rate until it starts anew, or prints it.") { _rate };
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
            int? former = session.Modem.BitRate;
            if (parsed.GetValue(_rate) is int rate)
            {
                await session.Modem.SetBitRateAsync(rate, cancellationToken).ConfigureAwait(false);
            }

            int? now = session.Modem.BitRate;
            await context.Out.WriteLineAsync(
                parsed.GetValue(_options.Json)
                    ? ToolJson.Print(new BaudReport(now, former), json => json.BaudReport)
                : now is int bitsPerSecond ? string.Create(CultureInfo.InvariantCulture, $"{bitsPerSecond} bit/s")
                : "This port has no bit rate of its own.").ConfigureAwait(false);
            return ExitCode.Ok;
        }
    }
}
