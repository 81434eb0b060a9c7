using System.CommandLine;
using System.Globalization;
using System.Net;
using Microsoft.Extensions.Logging;
using ModemDriver.Cli.Demo;
using ModemDriver.Simulator;

namespace ModemDriver.Cli.Verbs;

/// <summary><c>modem demo</c>: what the driver is for, step by step, against the simulator or a real module.</summary>
internal sealed class DemoVerb(ToolContext context)
{
    private const string MqttTourName = "mqtt";
    private const string ServicesTourName = "services";
    private const string ServicesModule = "air780";

    private readonly SessionOptions _options = new(portRequired: false);

    private readonly Option<bool> _serialPort = new("--serialport")
    {
        Description = "Opens the port through System.IO.Ports, the slower back end that every platform has.",
    };

    private readonly Option<BrokerAddress?> _broker = new("--broker")
    {
        Description = "An MQTT broker without sign-in to use instead of the built-in one.",
        HelpName = "HOST:PORT",
        CustomParser = result =>
        {
            string text = result.Tokens[0].Value;
            int colon = text.LastIndexOf(':');
            if (colon > 0
                && int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int port)
                && port is >= 1 and <= 65_535)
            {
                return new BrokerAddress(text[..colon], port);
            }

            result.AddError($"--broker needs HOST:PORT, not '{text}'");
            return null;
        },
    };

    private readonly Option<IPAddress?> _hostAddress = new("--host-address")
    {
        Description = "This computer's address in the module's network; found by itself where the network is plain.",
        HelpName = "ADDRESS",
        CustomParser = result =>
        {
            if (IPAddress.TryParse(result.Tokens[0].Value, out IPAddress? address))
            {
                return address;
            }

            result.AddError($"--host-address needs an IP address, not '{result.Tokens[0].Value}'");
            return null;
        },
    };

    private readonly Option<string?> _tour = new("--tour")
    {
        Description = "Another walk: esp-at shows what a Wi-Fi module with ESP-AT can do, from scan to transparent mode; mqtt "
            + "shows messages that wait while there is no network, and arrive when there is one again; services shows what a "
            + "cellular module does by itself, from short messages to FTP and its place.",
        HelpName = "NAME",
    };

    private readonly Option<string> _module = new("--module")
    {
        Description = "Which module is simulated; modem simulate --help lists them.",
        HelpName = "NAME",
        DefaultValueFactory = _ => PersonalityCatalog.Default,
    };

    public Command Create()
    {
        var command = new Command(
            "demo",
            "Shows what the driver does: links, HTTP, HTTPS, MQTT, and the recovery from a reset. Without --port against "
            + "a simulated module on a pseudo-terminal; with it against a real one. Every byte is compared.")
        {
            _serialPort, _broker, _hostAddress, _tour, _module,
        };
        _tour.AcceptOnlyFromAmong("esp-at", MqttTourName, ServicesTourName);
        _module.AcceptOnlyFromAmong([.. PersonalityCatalog.Names]);
        _options.AddTo(command);
        command.Validators.Add(result =>
        {
            if (result.GetValue(_tour) == MqttTourName && result.GetResult(_options.Port) is not null)
            {
                result.AddError("--tour mqtt switches the network off, so it is for the simulated module: leave out --port");
            }

            if (result.GetValue(_tour) == ServicesTourName && result.GetResult(_options.Port) is not null)
            {
                result.AddError("--tour services needs the simulated network's services: leave out --port");
            }
        });
        VerbRunner.Run(command, context, _options.Timeout, _options.Log, RunAsync);
        return command;
    }

    private async Task<ExitCode> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        DemoTarget target = ChooseTarget(parsed);
        await using (target.ConfigureAwait(false))
        {
            using ILoggerFactory loggers = _options.CreateLoggerFactory(parsed, context);
            ModemOptions options = _options.ToModemOptions(parsed, context, loggers);
            bool quiet = parsed.GetValue(_options.Json);
            if (parsed.GetValue(_tour) == MqttTourName)
            {
                return await RunAsync(new MqttTour(context, target, options, quiet), cancellationToken).ConfigureAwait(false);
            }

            if (parsed.GetValue(_tour) == ServicesTourName)
            {
                return await RunAsync(new ServicesTour(context, target, options, quiet), cancellationToken).ConfigureAwait(false);
            }

            if (parsed.GetValue(_tour) is not null)
            {
                return await TourAsync(parsed, new Tour(context, target, options, quiet), cancellationToken).ConfigureAwait(false);
            }

            var demonstration = new Demonstration(context, target, options, quiet);
            await using (demonstration.ConfigureAwait(false))
            {
                return await demonstration.RunAsync(
                    parsed.GetValue(_hostAddress), parsed.GetValue(_broker), cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private async Task<ExitCode> TourAsync(ParseResult parsed, Tour tour, CancellationToken cancellationToken)
    {
        await using (tour.ConfigureAwait(false))
        {
            return await tour.RunAsync(parsed.GetValue(_hostAddress), cancellationToken).ConfigureAwait(false);
        }
    }

    private static async Task<ExitCode> RunAsync(ModuleTour tour, CancellationToken cancellationToken)
    {
        await using (tour.ConfigureAwait(false))
        {
            return await tour.RunAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    private DemoTarget ChooseTarget(ParseResult parsed)
    {
        string prefix = parsed.GetValue(_serialPort) ? "serialport:" : "";
        return _options.PortName(parsed) is string port
            ? DemoTarget.Real(prefix + port, _options.WiFi(parsed, context), null)
            : DemoTarget.Simulate(
                prefix,
                parsed.GetValue(_tour) == ServicesTourName && parsed.GetResult(_module) is null or { Implicit: true }
                    ? ServicesModule
                    : parsed.GetRequiredValue(_module));
    }
}
