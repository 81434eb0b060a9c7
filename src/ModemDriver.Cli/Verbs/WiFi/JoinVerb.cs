using System.CommandLine;
using System.Net;

namespace ModemDriver.Cli.Verbs.WiFi;

/// <summary><c>modem wifi join</c>: into a network, also out of another one.</summary>
internal sealed class JoinVerb(ToolContext context)
{
    private readonly SessionOptions _options = new(kind: NetworkKind.None);

    private readonly Argument<string> _ssid = new("NAME") { Description = "The network." };

    private readonly Option<string?> _password = CommonOptions.Password();

    private readonly Option<string?> _bssid = new("--bssid")
    {
        Description = "One access point among several of that name, as aa:bb:cc:dd:ee:ff.",
        HelpName = "MAC",
    };

    private readonly Option<IPAddress?> _address = Address("--address", "A fixed address instead of one by DHCP.");

    private readonly Option<IPAddress?> _gateway = Address("--gateway", "With --address: the router.");

    private readonly Option<IPAddress?> _netmask = Address(
        "--netmask", "With --address: the mask (255.255.255.0 unless given).");

    public Command Create()
    {
        var command = new Command("join", "Joins a network; the module stays there until it starts anew.")
        {
            _ssid,
            _password,
            _bssid,
            _address,
            _gateway,
            _netmask,
        };
        command.Validators.Add(result =>
        {
            bool hasAddress = result.GetResult(_address) is not null;
            if (hasAddress != (result.GetResult(_gateway) is not null)
                || (!hasAddress && result.GetResult(_netmask) is not null))
            {
                result.AddError("--address, --gateway and --netmask belong together");
            }
        });
        _options.AddTo(command);
        VerbRunner.Run(command, context, _options.Timeout, _options.Log, RunAsync);
        return command;
    }

    private async Task<ExitCode> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        string? password = parsed.GetValue(_password) ?? context.Variable(CommonOptions.PasswordVariable);
        var network = new WiFiOptions(parsed.GetRequiredValue(_ssid), password)
        {
            Bssid = parsed.GetValue(_bssid),
            StaticAddress = parsed.GetValue(_address) is IPAddress address
                ? new StaticAddress(
                    address,
                    parsed.GetValue(_gateway)!, // the validator has seen to it
                    parsed.GetValue(_netmask) ?? IPAddress.Parse("255.255.255.0"))
                : null,
        };
        ModemSession session = await ModemSession.OpenAsync(_options, parsed, context, cancellationToken)
            .ConfigureAwait(false);
        await using (session.ConfigureAwait(false))
        {
            await session.Modem.WiFi.JoinAsync(network, cancellationToken).ConfigureAwait(false);
            await WiFiFacts.ShowAsync(
                context,
                await WiFiFacts.ReadAsync(session.Modem, cancellationToken).ConfigureAwait(false),
                parsed.GetValue(_options.Json)).ConfigureAwait(false);
            return ExitCode.Ok;
        }
    }

    private static Option<IPAddress?> Address(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "ADDRESS",
        CustomParser = result =>
        {
            string text = result.Tokens.Count == 1 ? result.Tokens[0].Value : "";
            if (text.Count(c => c == '.') == 3 && IPAddress.TryParse(text, out IPAddress? address))
            {
                return address;
            }

            result.AddError($"{name} needs an IPv4 address, not '{text}'");
            return null;
        },
    };
}
