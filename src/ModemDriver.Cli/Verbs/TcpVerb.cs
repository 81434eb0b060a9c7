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

    private readonly Option<bool> _tls = new("--module-tls")
    {
        Description = "TLS of the module, which must trust the server: by a root in its flash, and by its own clock.",
    };

    private readonly Option<bool> _insecure = new("--insecure")
    {
        Description = "With --module-tls: the server is not verified. Some firmware cannot do it otherwise.",
    };

    private readonly Option<int> _caSlot = new("--ca-slot")
    {
        Description = "With --module-tls: which of the module's roots must have signed the server, 0 to 255.",
        HelpName = "SLOT",
        DefaultValueFactory = _ => 0,
        CustomParser = result => CommonOptions.WholeNumber(result, "--ca-slot", 0, 255),
    };

    public Command Create()
    {
        var command = new Command("tcp", "Sends standard input over a link, and prints what comes back.")
        {
            _host,
            _tcpPort,
            _linger,
            _tls,
            _insecure,
            _caSlot,
        };
        command.Validators.Add(result =>
        {
            if (result.GetValue(_insecure) && !result.GetValue(_tls))
            {
                result.AddError("--insecure goes with --module-tls");
            }
        });
        _options.AddTo(command);
        VerbRunner.Run(command, context, _options.Timeout, _options.Log, RunAsync);
        return command;
    }

    private Task<ExitCode> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        string host = parsed.GetRequiredValue(_host);
        int port = parsed.GetValue(_tcpPort);
        var request = new LinkRequest(host, port)
        {
            ModuleTls = parsed.GetValue(_tls)
                ? new ModuleTlsOptions { VerifyServer = !parsed.GetValue(_insecure), AuthoritySlot = parsed.GetValue(_caSlot) }
                : null,
        };
        var piped = new PipedLink(context, _options, host, port, parsed.GetValue(_linger) ?? PipedLink.UsualLinger);
        return piped.RunAsync(
            parsed, async modem => await modem.ConnectAsync(request, cancellationToken).ConfigureAwait(false), cancellationToken);
    }
}
