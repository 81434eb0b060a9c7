using System.CommandLine;

namespace ModemDriver.Cli.Verbs;

/// <summary><c>modem tcp</c>: standard input and output over a link.</summary>
internal sealed class TcpVerb(ToolContext context)
{
    private readonly SessionOptions _options = new();

    private readonly Argument<string> _host = new("HOST")
    {
        Description = "The other end, by name or address, as seen from the module's network.",
    };

    private readonly Argument<int> _tcpPort = new("TCPPORT")
    {
        Description = "Its TCP port, 1 to 65535.",
        CustomParser = result => CommonOptions.WholeNumber(result, "TCPPORT", 1, 65_535),
    };

    private readonly Option<TimeSpan?> _linger = CommonOptions.Seconds(
        "--linger", "Seconds of silence after the end of the input that end the run (2 unless given).");

    public Command Create()
    {
        var command = new Command("tcp", "Sends standard input over a link, and prints what comes back.")
        {
            _host,
            _tcpPort,
            _linger,
        };
        _options.AddTo(command);
        VerbRunner.Run(command, context, _options.Timeout, _options.Log, RunAsync);
        return command;
    }

    private Task<ExitCode> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        string host = parsed.GetRequiredValue(_host);
        int port = parsed.GetValue(_tcpPort);
        var piped = new PipedLink(context, _options, host, port, parsed.GetValue(_linger) ?? PipedLink.UsualLinger);
        return piped.RunAsync(
            parsed, async modem => await modem.ConnectAsync(host, port, cancellationToken).ConfigureAwait(false), cancellationToken);
    }
}
