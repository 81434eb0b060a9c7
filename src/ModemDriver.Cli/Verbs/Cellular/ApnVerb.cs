using System.CommandLine;
using System.Globalization;
using System.Net;
using ModemDriver.Cli.Output;
using Spectre.Console;

namespace ModemDriver.Cli.Verbs.Cellular;

/// <summary><c>modem apn</c>: the contexts of packet data; or goes online with an access point, to see whether it works.</summary>
internal sealed class ApnVerb(ToolContext context)
{
    private readonly SessionOptions _options = new(kind: NetworkKind.Cellular);

    private readonly Argument<string?> _name = new("NAME")
    {
        Description = "An access point to go online with; without it the module is only asked.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    public Command Create()
    {
        var command = new Command("apn", "Lists the contexts of packet data; or tries an access point.")
        {
            _name,
        };
        _options.AddTo(command);
        VerbRunner.Run(command, context, _options.Timeout, _options.Log, RunAsync);
        return command;
    }

    private async Task<ExitCode> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        string? name = parsed.GetValue(_name) ?? parsed.GetValue(_options.Apn);
        ModemSession session = await ModemSession.OpenAsync(_options, parsed, context, cancellationToken)
            .ConfigureAwait(false);
        await using (session.ConfigureAwait(false))
        {
            CellularInterface cellular = session.Modem.Cellular;
            if (name is not null)
            {
                await cellular.SetApnAsync(_options.ToApn(name, parsed, context), cancellationToken).ConfigureAwait(false);
                await session.Modem.GoOnlineAsync(cancellationToken).ConfigureAwait(false);
            }

            IReadOnlyList<PdpContext> contexts = await cellular.ReadContextsAsync(cancellationToken).ConfigureAwait(false);
            IPAddress? address = name is null ? null : await cellular.ReadAddressAsync(cancellationToken).ConfigureAwait(false);
            await ShowAsync(address, contexts, parsed.GetValue(_options.Json)).ConfigureAwait(false);
            return ExitCode.Ok;
        }
    }

    private async Task ShowAsync(IPAddress? address, IReadOnlyList<PdpContext> contexts, bool isJson)
    {
        if (isJson)
        {
            var report = new ApnReport(
                address?.ToString(),
                [.. contexts.Select(one => new ContextReport(one.Id, one.Type, one.Apn, one.IsActive, one.Address?.ToString()))]);
            await context.Out.WriteLineAsync(ToolJson.Print(report, json => json.ApnReport)).ConfigureAwait(false);
            return;
        }

        IAnsiConsole screen = Screen.For(context.Out);
        Table table = Screen.NewTable("Context", "Type", "APN", "Active", "Address");
        foreach (PdpContext one in contexts)
        {
            table.AddRow(Screen.Cells(
                one.Id.ToString(CultureInfo.InvariantCulture),
                one.Type,
                one.Apn is string apn ? SafeText.Show(apn) : null,
                one.IsActive switch { true => "yes", false => "no", _ => null },
                one.Address?.ToString()));
        }

        screen.Write(table);
        if (address is not null)
        {
            screen.Write(Screen.Facts(("Online with", address.ToString())));
        }
    }
}
