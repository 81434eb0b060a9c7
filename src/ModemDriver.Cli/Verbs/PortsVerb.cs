using System.CommandLine;
using ModemDriver.Cli.Output;
using ModemDriver.Transport;
using Spectre.Console;

namespace ModemDriver.Cli.Verbs;

/// <summary><c>modem ports</c>: the serial ports of this computer.</summary>
internal sealed class PortsVerb(ToolContext context)
{
    private readonly Option<bool> _json = CommonOptions.Json();

    public Command Create()
    {
        var command = new Command("ports", "Lists the serial ports of this computer.") { _json };
        VerbRunner.Run(command, context, timeout: null, log: null, RunAsync);
        return command;
    }

    private async Task<ExitCode> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        PortReport[] ports = [.. SerialPorts.List().Select(ToReport)];
        if (parsed.GetValue(_json))
        {
            await context.Out.WriteLineAsync(ToolJson.Print(ports, json => json.PortReportArray)).ConfigureAwait(false);
            return ExitCode.Ok;
        }

        if (ports.Length == 0)
        {
            await context.Error.WriteLineAsync(
                "There is no serial port. Plug a module in, or make one: modem simulate --pty /tmp/ttyModem")
                .ConfigureAwait(false);
            return ExitCode.Ok;
        }

        Table table = Screen.NewTable("Port", "Identity", "Description", "Serial number");
        foreach (PortReport port in ports)
        {
            table.AddRow(Screen.Cells(port.Name, port.Identity ?? port.ByIdPath, port.Description, port.SerialNumber));
        }

        Screen.For(context.Out).Write(table);
        return ExitCode.Ok;
    }

    private static PortReport ToReport(SerialPortInfo port) => new(
        port.Name,
        port.ByIdPath,
        port.UsbIdentity,
        port.Description,
        port.SerialNumber,
        port.UsbVendorId,
        port.UsbProductId,
        port.UsbInterface);
}
