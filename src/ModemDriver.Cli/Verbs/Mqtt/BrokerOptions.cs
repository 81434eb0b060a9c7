using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using ModemDriver.Mqtt;

namespace ModemDriver.Cli.Verbs.Mqtt;

/// <summary>The options about one broker, and what is made of them. A bridge has two sets, told apart by a prefix.</summary>
internal sealed class BrokerOptions
{
    private readonly ToolContext _context;
    private readonly string _role;
    private readonly string _prefix;
    private readonly string _variable;
    private readonly Option<BrokerAt?> _broker;
    private readonly Option<bool> _tls;
    private readonly Option<string?> _trusted;
    private readonly Option<bool> _insecure;
    private readonly Option<string?> _certificate;
    private readonly Option<string?> _key;
    private readonly Option<string?> _clientId;
    private readonly Option<string?> _user;
    private readonly Option<string?> _password;
    private readonly Option<bool>? _onModule;
    private readonly PresetOptions _preset;

    /// <summary>Makes the options.</summary>
    /// <param name="context">The environment, for passwords and secrets.</param>
    /// <param name="role">What the client is for: a part of its identifier, so that verbs do not push each other out.</param>
    /// <param name="brokerName">The option that names the broker.</param>
    /// <param name="brokerText">Its description.</param>
    /// <param name="prefix">What the names of the others begin with; empty or ending in a hyphen.</param>
    /// <param name="mayBeOnModule">Whether the client inside the module may do it.</param>
    public BrokerOptions(
        ToolContext context, string role, string brokerName, string brokerText, string prefix = "", bool mayBeOnModule = false)
    {
        _context = context;
        _role = role;
        _prefix = prefix;
        _variable = "MODEM_MQTT_" + prefix.ToUpperInvariant().Replace('-', '_') + "PASSWORD";
        _broker = BrokerAt.Option(brokerName, brokerText);
        _tls = new($"--{prefix}tls") { Description = "TLS, on this computer; the usual port is then 8883." };
        _trusted = Text("cacert", "FILE", "A file of certificates in PEM form to trust instead of the system's.");
        _insecure = new($"--{prefix}insecure")
        {
            Description = "Takes any certificate. For tests only: anyone on the way can read and change what is sent.",
        };
        _certificate = Text("cert", "FILE", "A client certificate in PEM form.");
        _key = Text("cert-key", "FILE", "Its private key in PEM form; without it, the key is in the file of --cert.");
        _clientId = Text("client-id", "NAME", "The client identifier; without it, one of this computer and outbox.");
        _user = Text("user", "NAME", $"The user name. Its password is best in the environment variable {_variable}.");
        _password = Text("broker-password", "SECRET", $"That password; better in {_variable}.");
        _onModule = mayBeOnModule
            ? new("--on-module") { Description = "The client inside the module does it, where it has one; --tls is then the module's." }
            : null;
        _preset = new PresetOptions(prefix);
    }

    public void AddTo(Command command)
    {
        Option[] all = [_broker, _tls, _trusted, _insecure, _certificate, _key, _clientId, _user, _password];
        foreach (Option option in all)
        {
            command.Options.Add(option);
        }

        if (_onModule is not null)
        {
            command.Options.Add(_onModule);
        }

        _preset.AddTo(command);
        command.Validators.Add(Check);
    }

    /// <summary>The broker's name for people: <c>host:port</c>.</summary>
    public string NameOf(ParseResult parsed) =>
        string.Create(CultureInfo.InvariantCulture, $"{At(parsed).Host}:{At(parsed).PortFor(parsed.GetValue(_tls))}");

    /// <summary>Who the user says the client is; <see langword="null"/> where the tool makes an identifier.</summary>
    public string? GivenName(ParseResult parsed) => parsed.GetValue(_clientId) ?? _preset.NameOf(parsed);

    /// <summary>Whether the user says who the client is, while the command line is being checked.</summary>
    public bool HasGivenName(CommandResult result) =>
        result.GetResult(_clientId) is not null || _preset.IsGiven(result);

    /// <summary>Where connections come from: a modem's links, or this computer's own.</summary>
    public MqttStreamSource ToSource(ParseResult parsed, Modem? modem)
    {
        if (modem is not null && _onModule is not null && parsed.GetValue(_onModule))
        {
            bool isSecure = parsed.GetValue(_tls);
            return MqttStreamSource.ForModule(
                modem, At(parsed).Host, At(parsed).PortFor(isSecure), isSecure ? ToModuleTls(parsed) : null);
        }

        SslClientAuthenticationOptions? tls = ToTls(parsed);
        BrokerAt at = At(parsed);
        int port = at.PortFor(tls is not null);
        return modem is null
            ? MqttStreamSource.ForTcp(at.Host, port, tls)
            : MqttStreamSource.ForModem(modem, at.Host, port, tls);
    }

    /// <summary>Who the client is.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="outbox">What tells this client from others of the computer.</param>
    public MqttSignIn ToSignIn(ParseResult parsed, string outbox)
    {
        if (_preset.IsGiven(parsed))
        {
            return _preset.ToSignIn(parsed, _context, parsed.GetValue(_tls));
        }

        string id = parsed.GetValue(_clientId) ?? DefaultClientId(outbox);
        return parsed.GetValue(_user) is string user
            ? MqttSignIn.Password(id, user, parsed.GetValue(_password) ?? _context.Variable(_variable) ?? "")
            : MqttSignIn.Anonymous(id);
    }

    // MQTT 3.1.1 promises 23 letters and digits. The same for every run with the same outbox: the session is the broker's
    // half of it. Another outbox, another client: two with one identifier would push each other out.
    private string DefaultClientId(string outbox)
    {
        byte[] digest = SHA256.HashData(Encoding.UTF8.GetBytes($"{Environment.MachineName}\n{outbox}"));
        return $"modem{_role}{Convert.ToHexStringLower(digest.AsSpan(0, 5))}";
    }

    // Without the option there is a platform, which has a broker of its own: checked.
    private BrokerAt At(ParseResult parsed) =>
        parsed.GetValue(_broker) ?? new BrokerAt(_preset.HostOf(parsed, _context, parsed.GetValue(_tls)), null);

    private SslClientAuthenticationOptions? ToTls(ParseResult parsed)
    {
        if (!parsed.GetValue(_tls))
        {
            return null;
        }

        TlsTrust trust = TlsTrust.Load(parsed.GetValue(_trusted), parsed.GetValue(_insecure));
        SslClientAuthenticationOptions options = trust.ToClientOptions();
        if (parsed.GetValue(_certificate) is string file)
        {
            options.ClientCertificates = [LoadCertificate(file, parsed.GetValue(_key))];
        }

        return options;
    }

    private ModuleTlsOptions ToModuleTls(ParseResult parsed)
    {
        string? file = parsed.GetValue(_trusted);
        try
        {
            return new ModuleTlsOptions
            {
                VerifyServer = !parsed.GetValue(_insecure),
                AuthorityPem = file is null ? null : File.ReadAllText(file),
            };
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new ToolException(ExitCode.Usage, $"{_trusted.Name} {file} cannot be read: {exception.Message}", exception);
        }
    }

    private X509Certificate2 LoadCertificate(string file, string? key)
    {
        try
        {
            return X509Certificate2.CreateFromPemFile(file, key);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException
                                              or CryptographicException or ArgumentException)
        {
            throw new ToolException(
                ExitCode.Usage, $"--{_prefix}cert {file} cannot be read: {exception.Message}", exception);
        }
    }

    private void CheckOnModule(CommandResult result)
    {
        if (_onModule is null || !result.GetValue(_onModule))
        {
            return;
        }

        if (result.GetValue<bool>("--direct"))
        {
            result.AddError($"{_onModule.Name} goes with --port");
        }

        if (result.GetValue<string>("--protocol") == "5")
        {
            result.AddError($"{_onModule.Name} speaks MQTT 3.1.1 only");
        }

        if (result.GetResult(_certificate) is not null)
        {
            result.AddError($"{_certificate.Name} is for TLS on this computer, and {_onModule.Name} has the module do it");
        }
    }

    private void Check(CommandResult result)
    {
        CheckOnModule(result);
        _preset.Check(result, _clientId, _user);
        if (result.GetResult(_broker) is null && !_preset.IsGiven(result))
        {
            result.AddError($"Name the broker with {_broker.Name}, or a platform with --{_prefix}preset");
        }

        if (!result.GetValue(_tls))
        {
            foreach (Option option in new Option[] { _trusted, _insecure, _certificate })
            {
                if (result.GetResult(option) is not null)
                {
                    result.AddError($"{option.Name} goes with {_tls.Name}");
                }
            }
        }

        if (result.GetResult(_key) is not null && result.GetResult(_certificate) is null)
        {
            result.AddError($"{_key.Name} goes with {_certificate.Name}");
        }

        if (result.GetResult(_password) is not null && result.GetResult(_user) is null)
        {
            result.AddError($"{_password.Name} goes with {_user.Name}");
        }
    }

    private Option<string?> Text(string name, string help, string description) => new($"--{_prefix}{name}")
    {
        Description = description,
        HelpName = help,
    };
}
