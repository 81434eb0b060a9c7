using System.CommandLine;
using System.CommandLine.Invocation;
using ModemDriver.Cli.Verbs;
using ModemDriver.Cli.Verbs.Cellular;
using ModemDriver.Cli.Verbs.Mqtt;
using ModemDriver.Cli.Verbs.Status;
using ModemDriver.Cli.Verbs.WiFi;

namespace ModemDriver.Cli;

/// <summary>The <c>modem</c> tool: its verbs, and the way from arguments to an exit code.</summary>
internal static class ModemTool
{
    public static async Task<ExitCode> RunAsync(
        IReadOnlyList<string> arguments, ToolContext context, CancellationToken cancellationToken)
    {
        ParseResult parsed = CreateRoot(context).Parse(arguments);
        if (parsed.Action is ParseErrorAction)
        {
            return await UsageError.WriteAsync(parsed, context.Error).ConfigureAwait(false);
        }

        var invocation = new InvocationConfiguration
        {
            Output = context.Out,
            Error = context.Error,
            // Both are ours: Program turns signals into the token, VerbRunner turns exceptions into sentences.
            ProcessTerminationTimeout = null,
            EnableDefaultExceptionHandler = false,
        };
        return (ExitCode)await parsed.InvokeAsync(invocation, cancellationToken).ConfigureAwait(false);
    }

    private static RootCommand CreateRoot(ToolContext context)
    {
        var root = new RootCommand("Drives AT-command modules on a serial line, and simulates them.")
        {
            new PortsVerb(context).Create(),
            new InfoVerb(context).Create(),
            new ModemStatusVerb(context).Create(),
            new AtVerb(context).Create(),
            new TcpVerb(context).Create(),
            new ListenVerb(context).Create(),
            new UdpVerb(context).Create(),
            new TransparentVerb(context).Create(),
            new HttpVerb(context).Create(),
            new MqttVerb(context).Create(),
            new WiFiVerb(context).Create(),
            new SimVerb(context).Create(),
            new RegisterVerb(context).Create(),
            new OperatorsVerb(context).Create(),
            new SignalVerb(context).Create(),
            new ApnVerb(context).Create(),
            new SmsVerb(context).Create(),
            new UssdVerb(context).Create(),
            new FtpVerb(context).Create(),
            new CallVerb(context).Create(),
            new PhonebookVerb(context).Create(),
            new NetcardVerb(context).Create(),
            new LocationVerb(context).Create(),
            new BatteryVerb(context).Create(),
            new PingVerb(context).Create(),
            new TimeVerb(context).Create(),
            new BaudVerb(context).Create(),
            new RestartVerb(context).Create(),
            new RestoreVerb(context).Create(),
            new DemoVerb(context).Create(),
            new SimulateVerb(context).Create(),
        };
        HelpWithExitCodes.Install(root);
        return root;
    }
}
