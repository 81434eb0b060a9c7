using System.CommandLine;

namespace ModemDriver.Cli.Verbs;

/// <summary><c>modem transparent</c>: standard input and output over a transparent session.</summary>
internal sealed class TransparentVerb(ToolContext context)
{
    private readonly SessionOptions _options = new();

    private readonly Argument<string> _host = new("HOST")
    {
        Description = "The other end, by name or address, as seen from the module's network.",
    };

    private readonly Argument<int> _peerPort = new("PEERPORT")
    {
        Description = "Its port, 1 to 65535.",
        CustomParser = result => CommonOptions.WholeNumber(result, "PEERPORT", 1, 65_535),
    };

    private readonly Option<bool> _udp = new("--udp")
    {
        Description = "UDP instead of TCP. Each pause of the input ends a datagram.",
    };

    private readonly Option<bool> _tls = new("--module-tls")
    {
        Description = "TLS of the module instead of plain TCP, as it is configured there; it may check no certificate.",
    };

    private readonly Option<TimeSpan?> _linger = CommonOptions.Seconds(
        "--linger", "Seconds of silence after the end of the input that end the run (2 unless given).");

    private readonly Option<TimeSpan?> _guard = CommonOptions.Seconds(
        "--guard", "Seconds of silence before the escape sequence, 0.05 to 10 (what the module needs unless given).");

    public Command Create()
    {
        var command = new Command(
            "transparent",
            "Sends standard input through the module's transparent mode, and prints what comes back. The line carries "
            + "the bytes alone; the module does not say when the peer closes, so the run ends by silence.")
        {
            _host,
            _peerPort,
            _udp,
            _tls,
            _linger,
            _guard,
        };
        command.Validators.Add(result =>
        {
            if (result.GetValue(_udp) && result.GetValue(_tls))
            {
                result.AddError("--udp and --module-tls exclude each other.");
            }
        });
        _options.AddTo(command);
        VerbRunner.Run(command, context, _options.Timeout, _options.Log, RunAsync);
        return command;
    }

    private Task<ExitCode> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var request = new TransparentRequest(parsed.GetRequiredValue(_host), parsed.GetValue(_peerPort))
        {
            Protocol = parsed.GetValue(_udp) ? TransparentProtocol.Udp
                : parsed.GetValue(_tls) ? TransparentProtocol.Tls : TransparentProtocol.Tcp,
            EscapeGuard = parsed.GetValue(_guard),
        };
        var piped = new PipedLink(
            context, _options, request.Host, request.Port, parsed.GetValue(_linger) ?? PipedLink.UsualLinger);
        return piped.RunAsync(
            parsed,
            async modem => await modem.OpenTransparentAsync(request, cancellationToken).ConfigureAwait(false),
            cancellationToken);
    }
}
