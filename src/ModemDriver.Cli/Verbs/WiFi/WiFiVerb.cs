using System.CommandLine;

namespace ModemDriver.Cli.Verbs.WiFi;

/// <summary><c>modem wifi</c>: the radio of a module.</summary>
internal sealed class WiFiVerb(ToolContext context)
{
    public Command Create() => new("wifi", "The module's radio: scan, join, leave, be an access point.")
    {
        new ScanVerb(context).Create(),
        new JoinVerb(context).Create(),
        new StatusVerb(context).Create(),
        new SoftApVerb(context).Create(),
        new LeaveVerb(context).Create(),
    };
}
