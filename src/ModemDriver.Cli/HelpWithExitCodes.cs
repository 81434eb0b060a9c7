using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace ModemDriver.Cli;

/// <summary>The usual help, and below it what the exit codes mean and where secrets come from.</summary>
internal sealed class HelpWithExitCodes(HelpAction usual) : SynchronousCommandLineAction
{
    private const string Epilogue = """
        Exit codes:
          0    done
          1    the module, the network or the other end said no
          2    the command line is wrong
          3    the port cannot be opened: missing, busy, no rights
          4    the module does not answer
          5    a time limit ran out
          130  cancelled (Ctrl-C)

        Data goes to standard output, everything else to standard error. The Wi-Fi password is best given in the
        environment variable MODEM_WIFI_PASSWORD, where other users of this computer cannot see it; that of a broker in
        MODEM_MQTT_PASSWORD.
        """;

    /// <summary>Help never fails, whatever else stands on the command line.</summary>
    public override bool ClearsParseErrors => true;

    public static void Install(RootCommand root)
    {
        foreach (HelpOption option in root.Options.OfType<HelpOption>())
        {
            if (option.Action is HelpAction usual)
            {
                option.Action = new HelpWithExitCodes(usual);
            }
        }
    }

    public override int Invoke(ParseResult parseResult)
    {
        int result = usual.Invoke(parseResult);
        parseResult.InvocationConfiguration.Output.WriteLine(Epilogue);
        return result;
    }
}
