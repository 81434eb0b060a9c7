using System.CommandLine;
using ModemDriver.Cli.Output;

namespace ModemDriver.Cli.Verbs;

/// <summary><c>modem http get</c>: a resource by HTTP or HTTPS over a link.</summary>
internal sealed class HttpVerb(ToolContext context)
{
    private readonly SessionOptions _options = new();

    private readonly Argument<Uri> _url = new("URL")
    {
        Description = "http:// or https://, with a host that the module's network can reach.",
        CustomParser = result =>
        {
            string text = result.Tokens[0].Value;
            if (Uri.TryCreate(text, UriKind.Absolute, out Uri? url) && url.Scheme is "http" or "https")
            {
                return url;
            }

            result.AddError($"URL must begin with http:// or https://, not '{text}'");
            return null;
        },
    };

    private readonly Option<string> _output = new("--output", "-o")
    {
        Description = "The file to write; - is standard output.",
        HelpName = "FILE",
        DefaultValueFactory = _ => "-",
    };

    private readonly Option<string?> _trusted = new("--cacert")
    {
        Description = "A file of certificates in PEM form to trust instead of the system's.",
        HelpName = "FILE",
    };

    private readonly Option<bool> _insecure = new("--insecure")
    {
        Description = "Takes any certificate. For tests only: anyone on the way can read and change what is sent.",
    };

    private readonly Option<bool> _onModule = new("--on-module")
    {
        Description = "Has the module's own HTTP client do it, where it has one: http:// alone, and small answers.",
    };

    public Command Create()
    {
        var get = new Command("get", "Fetches a resource and writes it as it comes, so its size does not matter.")
        {
            _url,
            _output,
            _trusted,
            _insecure,
            _onModule,
        };
        get.Validators.Add(result =>
        {
            if (result.GetValue(_onModule) && result.GetValue(_url)?.Scheme == "https")
            {
                result.AddError("--on-module goes without https://: its TLS runs on this computer");
            }
        });
        _options.AddTo(get);
        VerbRunner.Run(get, context, _options.Timeout, _options.Log, GetAsync);
        return new Command("http", "HTTP and HTTPS over a link; TLS runs on this computer.") { get };
    }

    private async Task<ExitCode> GetAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        TlsTrust trust = TlsTrust.Load(parsed.GetValue(_trusted), parsed.GetValue(_insecure));
        ModemSession session = await ModemSession.OpenOnlineAsync(_options, parsed, context, cancellationToken)
            .ConfigureAwait(false);
        await using (session.ConfigureAwait(false))
        {
            if (parsed.GetValue(_onModule))
            {
                return await GetOnModuleAsync(session.Modem, parsed, cancellationToken).ConfigureAwait(false);
            }

            using SocketsHttpHandler handler = trust.CreateHandler(session.Modem);
            bool json = parsed.GetValue(_options.Json);
            var download = new HttpDownload(handler, context, showProgress: context.IsErrorTerminal && !json);
            string file = parsed.GetRequiredValue(_output);
            HttpReport report = await download.RunAsync(
                parsed.GetRequiredValue(_url), file, cancellationToken).ConfigureAwait(false);
            if (json)
            {
                // Beside the body when that goes to a file, else out of its way.
                TextWriter writer = file == "-" ? context.Error : context.Out;
                await writer.WriteLineAsync(ToolJson.Print(report, type => type.HttpReport)).ConfigureAwait(false);
            }
        }

        return ExitCode.Ok;
    }

    private async Task<ExitCode> GetOnModuleAsync(Modem modem, ParseResult parsed, CancellationToken cancellationToken)
    {
        long started = context.Time.GetTimestamp();
        Uri url = parsed.GetRequiredValue(_url);
        ModuleHttpResponse response = await modem.Board.SendHttpAsync(new ModuleHttpRequest(url.AbsoluteUri), cancellationToken)
            .ConfigureAwait(false);
        if (response.Status is < 200 or > 299)
        {
            throw new ToolException(ExitCode.Refused, $"The server answered {response.Status}; nothing was written.");
        }

        string file = parsed.GetRequiredValue(_output);
        Stream target = file == "-" ? context.OpenOutput() : new FileStream(file, FileMode.Create);
        await using (target.ConfigureAwait(false))
        {
            await target.WriteAsync(response.Body, cancellationToken).ConfigureAwait(false);
        }

        if (parsed.GetValue(_options.Json))
        {
            var report = new HttpReport(
                url.ToString(), response.Status, null, response.Body.Length, context.Time.GetElapsedTime(started).TotalSeconds);
            TextWriter writer = file == "-" ? context.Error : context.Out;
            await writer.WriteLineAsync(ToolJson.Print(report, type => type.HttpReport)).ConfigureAwait(false);
        }

        return ExitCode.Ok;
    }
}
