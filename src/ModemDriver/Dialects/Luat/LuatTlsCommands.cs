using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using ModemDriver.Commands;
using ModemDriver.Framing;
using ModemDriver.Links;
using ModemDriver.Protocol;

namespace ModemDriver.Dialects.Luat;

/// <summary>TLS of the vendor's AT firmware, as a client. The vendor's AT manual: AT+CIPSSL, AT+SSLCFG, AT+FSWRITE.</summary>
/// <remarks>
/// What a module has been told stays until it is told otherwise, so it is remembered what that was: the next link on the
/// number neither repeats it nor inherits it. Certificates are files; a slot is a number in their names.
/// </remarks>
internal sealed class LuatTlsCommands(bool hasServerName)
{
    // "negotiatetimeout" has 10 to 300 s; it must end before the opening is given up.
    private const int HandshakeSeconds = 60;

    // Nothing below TLS 1.2.
    private const int Version12 = 3;

    private static readonly TimeSpan SettingLimit = TimeSpan.FromSeconds(5);
    private const int WriteSeconds = 15;

    private readonly Dictionary<string, string> _told = [];
    private bool _isOn;

    /// <summary>The file of a root.</summary>
    public static string AuthorityFile(int slot) => Name("ca", slot, "crt");

    /// <summary>What goes before the opening of a link without TLS.</summary>
    public IReadOnlyList<SetupStep> PrepareWithout() => _isOn ? [Switch(isOn: false)] : [];

    /// <summary>What goes before the opening of a link with TLS.</summary>
    /// <exception cref="ArgumentException">This firmware cannot do what is asked for.</exception>
    public IReadOnlyList<SetupStep> Prepare(int context, string host, ModuleTlsOptions options) =>
        [.. PrepareContext(context, host, options), Switch(isOn: true)];

    /// <summary>What goes before the opening of a connection with TLS that is no link.</summary>
    /// <exception cref="ArgumentException">This firmware cannot do what is asked for.</exception>
    public IReadOnlyList<SetupStep> PrepareContext(int context, string host, ModuleTlsOptions options)
    {
        Check(options, host);
        var steps = new List<SetupStep>();
        if (options.AuthorityPem is { } authority)
        {
            Write(steps, AuthorityFile(options.AuthoritySlot), authority, isSecret: false);
        }

        var client = options.ClientSlot;
        if (client is { } slot && options.ClientCertificate is { } own)
        {
            Write(steps, Name("client", slot, "crt"), own.CertificatePem, isSecret: false);
            Write(steps, Name("client", slot, "key"), own.KeyPem, isSecret: true);
        }

        Tell(steps, "sslversion", context, line => line.Number(Version12), "3");
        var level = client is not null ? 2 : options.VerifyServer ? 1 : 0;
        Tell(steps, "seclevel", context, line => line.Number(level), level.ToString(CultureInfo.InvariantCulture));
        if (options.VerifyServer)
        {
            TellText(steps, "cacert", context, AuthorityFile(options.AuthoritySlot));

            // Without it a certificate that is out of date is good; the module has its time from the network.
            Tell(steps, "ignorelocaltime", context, line => line.Number(0), "0");
        }

        if (client is { } number)
        {
            TellText(steps, "clientcert", context, Name("client", number, "crt"));
            TellText(steps, "clientkey", context, Name("client", number, "key"));
        }

        if (hasServerName)
        {
            TellText(steps, "hostname", context, options.NameToAskFor(host) ?? string.Empty);
        }

        Tell(steps, "negotiatetimeout", context, line => line.Number(HandshakeSeconds), "60", isRequired: false);
        return steps;
    }

    private void Check(ModuleTlsOptions options, string host)
    {
        if (options.ClientSlot is not null && !options.VerifyServer)
        {
            throw new ArgumentException(
                $"{nameof(options.ClientCertificateSlot)}: this module shows its certificate only to a server that it verifies.",
                nameof(options));
        }

        if (options.ExpectedName is { } name && (!hasServerName || name != options.NameToAskFor(host)))
        {
            throw new ArgumentException(
                $"{nameof(options.ExpectedName)}: this module expects the name that it asks for.", nameof(options));
        }
    }

    // AT+CIPSSL=1: every TCP link that is opened from now on is encrypted.
    private SetupStep Switch(bool isOn) => new(new LuatStackCommand(
        new CommandLineBuilder("AT+CIPSSL=").Number(isOn ? 1 : 0).Build(),
        SettingLimit,
        isSet => _isOn = isSet ? isOn : _isOn));

    private void TellText(List<SetupStep> steps, string key, int context, string value)
    {
        if (value.Length > 0 || _told.ContainsKey(KeyOf(key, context)))
        {
            Tell(
                steps,
                key,
                context,
                line => value.Length > 0 ? line.Text(value, nameof(ModuleTlsOptions.ServerName)) : line.Empty(),
                value);
        }
    }

    // AT+SSLCFG="<key>",<context>,<value>       a comma without a value erases
    private void Tell(
        List<SetupStep> steps,
        string key,
        int context,
        Func<CommandLineBuilder, CommandLineBuilder> add,
        string value,
        bool isRequired = true)
    {
        var name = KeyOf(key, context);
        if (_told.GetValueOrDefault(name) == value)
        {
            return;
        }

        var line = add(new CommandLineBuilder("AT+SSLCFG=").Text(key, "key").Number(context)).Build();
        steps.Add(new SetupStep(new LuatStackCommand(line, SettingLimit, isSet => Remember(isSet, name, value)), isRequired));
    }

    // The file is made anew; that there was none before is no mistake.
    private void Write(List<SetupStep> steps, string file, string pem, bool isSecret)
    {
        var bytes = Encoding.ASCII.GetBytes(pem.ReplaceLineEndings("\r\n"));
        var hash = Convert.ToHexString(SHA256.HashData(bytes));
        if (_told.GetValueOrDefault(file) == hash)
        {
            return;
        }

        steps.Add(new SetupStep(
            new SimpleCommand(new CommandLineBuilder("AT+FSDEL=").Text(file, "file").Build(), SettingLimit),
            IsRequired: false));
        steps.Add(new SetupStep(
            new SimpleCommand(new CommandLineBuilder("AT+FSCREATE=").Text(file, "file").Build(), SettingLimit)));
        steps.Add(new SetupStep(new LuatWriteFileCommand(
            new CommandLineBuilder("AT+FSWRITE=").Text(file, "file").Number(0).Number(bytes.Length).Number(WriteSeconds).Build(),
            TimeSpan.FromSeconds(WriteSeconds + 5),
            new CommandPayload(new ReadOnlySequence<byte>(bytes), isSecret),
            isWritten => Remember(isWritten, file, hash))));
    }

    private void Remember(bool isTold, string name, string value)
    {
        if (isTold)
        {
            _told[name] = value;
        }
    }

    private static string KeyOf(string key, int context) => string.Create(CultureInfo.InvariantCulture, $"{context} {key}");

    private static string Name(string what, int slot, string ending) =>
        string.Create(CultureInfo.InvariantCulture, $"{what}{slot}.{ending}");
}

/// <summary><c>AT+FSWRITE</c>: prompt, exact count, OK; or <c>TimeOut</c> when the bytes came too slowly.</summary>
internal sealed class LuatWriteFileCommand(CommandLine line, TimeSpan timeLimit, CommandPayload payload, Action<bool> done)
    : AtCommand(line, timeLimit)
{
    private static readonly ResultCode[] Codes = [new("TimeOut", ResultVerdict.Failure)];

    /// <inheritdoc/>
    public override IReadOnlyList<ResultCode> OwnResults => Codes;

    /// <inheritdoc/>
    public override bool MayPrompt => true;

    /// <inheritdoc/>
    public override CommandPayload? Payload => payload;

    /// <inheritdoc/>
    public override void OnFinal(in FinalResult result) => done(result.IsSuccess);
}
