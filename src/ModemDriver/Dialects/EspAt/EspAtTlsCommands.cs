using ModemDriver.Commands;
using ModemDriver.Framing;
using ModemDriver.Links;
using ModemDriver.Protocol;

namespace ModemDriver.Dialects.EspAt;

/// <summary>TLS of AT firmware, as a client. ESP-AT user guide, TCP/IP AT Commands.</summary>
/// <remarks>
/// What a module has been told of a number stays until it is told otherwise, so it is remembered what that was: the next
/// link on the number neither repeats it nor inherits it. At first that is not known, and so it is asked for.
/// </remarks>
internal sealed class EspAtTlsCommands(EspAtFirmware firmware)
{
    private static readonly TimeSpan SettingLimit = TimeSpan.FromSeconds(3);

    private readonly Dictionary<(string Command, int Id), string> _told = [];

    /// <summary>How many TLS links there may be: the ESP8266 has the memory for one.</summary>
    public int MaxLinks => firmware.IsEsp32 ? 5 : 1;

    /// <summary>What goes before the opening.</summary>
    public IReadOnlyList<SetupStep> Prepare(ConnectionMode mode, int linkId, string host, ModuleTlsOptions options)
    {
        if (firmware.Generation == EspAtGeneration.NonOs)
        {
            // Long chains of certificates do not fit into the 2048 bytes that it has of itself.
            var size = new EspAtTlsSettingCommand(NewLine("AT+CIPSSLSIZE=").Number(4096).Build(), SettingLimit);
            return [new SetupStep(size, IsRequired: false)];
        }

        if (!EspAtFeatures.Has(firmware, ModemFeature.ModuleTlsVerification))
        {
            return [];
        }

        var number = new EspAtTlsNumber(linkId, mode == ConnectionMode.Multiple);
        var steps = new List<SetupStep> { new(new EspAtAskTlsPolicyCommand(number, EspAtTlsPolicy.Of(options), SettingLimit)) };
        TellName(steps, number, "CIPSSLCSNI", options.NameToAskFor(host));
        if (options.VerifyServer && options.PreSharedKey is null)
        {
            TellName(steps, number, "CIPSSLCCN", options.NameToExpect(host));
        }

        TellProtocols(steps, number, options.ApplicationProtocols);
        TellKey(steps, number, options.PreSharedKey);
        return steps;
    }

    // "name"; empty for none.
    private void TellName(List<SetupStep> steps, EspAtTlsNumber number, string command, string? name) => Tell(
        steps,
        number,
        command,
        name ?? string.Empty,
        line => line.Text(name ?? string.Empty, nameof(ModuleTlsOptions.ServerName)));

    // <count>[,"protocol"...]; 0 clears.
    private void TellProtocols(List<SetupStep> steps, EspAtTlsNumber number, IReadOnlyList<string> protocols) => Tell(
        steps,
        number,
        "CIPSSLCALPN",
        string.Join('\n', protocols),
        line =>
        {
            line.Number(protocols.Count);
            foreach (var protocol in protocols)
            {
                line.Text(protocol, nameof(ModuleTlsOptions.ApplicationProtocols));
            }
        });

    // "key","hint"
    private void TellKey(List<SetupStep> steps, EspAtTlsNumber number, ModuleTlsPreSharedKey? key) => Tell(
        steps,
        number,
        "CIPSSLCPSK",
        key is null ? string.Empty : $"{key.Key}\n{key.Hint}",
        line => line
            .Secret(key?.Key ?? string.Empty, nameof(ModuleTlsOptions.PreSharedKey))
            .Text(key?.Hint ?? string.Empty, nameof(ModuleTlsOptions.PreSharedKey)));

    private void Tell(
        List<SetupStep> steps, EspAtTlsNumber number, string name, string value, Action<CommandLineBuilder> write)
    {
        var told = _told.GetValueOrDefault((name, number.Id));
        if (told == value)
        {
            return;
        }

        var line = NewLine($"AT+{name}=").NumberIf(number.OnWire);
        write(line);
        void Remember() => _told[(name, number.Id)] = value;
        var setting = new EspAtTlsSettingCommand(line.Build(), SettingLimit) { Done = Remember };
        steps.Add(told is null && value.Length == 0
            ? new SetupStep(
                new EspAtAskTlsSettingCommand(name, number, setting, SettingLimit) { Unset = Remember }, IsRequired: false)
            : new SetupStep(setting));
    }

    private static CommandLineBuilder NewLine(string command) =>
        new(command, QuotingRule.Backslash, EspAtDialect.MaxCommandLine);
}

/// <summary>The number of a link, which is on the wire in multiple mode only.</summary>
internal readonly record struct EspAtTlsNumber(int Id, bool IsMultiple)
{
    /// <summary>The number as the commands have it.</summary>
    public int? OnWire => IsMultiple ? Id : null;
}

/// <summary>Who proves what: 0 nobody, 1 we, 2 the server, 3 both; and the slots of the certificates.</summary>
internal readonly record struct EspAtTlsPolicy(int Verification, int ClientSlot, int AuthoritySlot)
{
    /// <summary>The policy of a user's options. Slots that do not matter are 0.</summary>
    public static EspAtTlsPolicy Of(ModuleTlsOptions options)
    {
        var verifies = options.VerifyServer && options.PreSharedKey is null;
        return new EspAtTlsPolicy(
            (options.ClientCertificateSlot is null ? 0 : 1) + (verifies ? 2 : 0),
            options.ClientCertificateSlot ?? 0,
            verifies ? options.AuthoritySlot : 0);
    }

    /// <summary>Whether a module that is set to another policy does the same.</summary>
    public bool IsMetBy(EspAtTlsPolicy other) =>
        Verification == other.Verification
        && ((Verification & 1) == 0 || ClientSlot == other.ClientSlot)
        && ((Verification & 2) == 0 || AuthoritySlot == other.AuthoritySlot);
}

/// <summary><c>AT+CIPSSLCCONF?</c>: kept in the flash, so it is written only when it differs.</summary>
internal sealed class EspAtAskTlsPolicyCommand(EspAtTlsNumber number, EspAtTlsPolicy wanted, TimeSpan timeLimit)
    : AskSettingCommand(CommandLineBuilder.Raw("AT+CIPSSLCCONF?"), timeLimit)
{
    private EspAtTlsPolicy? _policy;

    /// <inheritdoc/>
    public override AtCommand? Change => _policy is { } policy && wanted.IsMetBy(policy)
        ? null
        : new EspAtTlsSettingCommand(
            new CommandLineBuilder("AT+CIPSSLCCONF=")
                .NumberIf(number.OnWire)
                .Number(wanted.Verification)
                .NumberIf(wanted.Verification == 0 ? null : wanted.ClientSlot)
                .NumberIf(wanted.Verification == 0 ? null : wanted.AuthoritySlot)
                .Build(),
            TimeLimit);

    // +CIPSSLCCONF:<id>,<verification>,<client slot>,<authority slot>      one line for each number
    /// <inheritdoc/>
    public override bool OnLine(ReadOnlySpan<byte> line)
    {
        if (!line.StartsWith("+CIPSSLCCONF:"u8))
        {
            return false;
        }

        var reader = new FieldReader(line["+CIPSSLCCONF:".Length..]);
        if (reader.TryReadInt(out var id) && id == number.Id && reader.TryReadInt(out var verification)
            && reader.TryReadInt(out var client) && reader.TryReadInt(out var authority))
        {
            _policy = new EspAtTlsPolicy(verification, client, authority);
        }

        return true;
    }
}

/// <summary>A setting of TLS, and the words with which it is refused.</summary>
internal sealed class EspAtTlsSettingCommand(CommandLine line, TimeSpan timeLimit) : AtCommand(line, timeLimit)
{
    private readonly List<string> _remarks = [];

    /// <summary>Told of its success.</summary>
    public Action? Done { get; init; }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Remarks => _remarks;

    // NO CERT FOUND      NO PRVT_KEY FOUND      NO CA FOUND      must close ssl link
    /// <inheritdoc/>
    public override bool OnLine(ReadOnlySpan<byte> line)
    {
        var isOurs = (line.StartsWith("NO "u8) && line.EndsWith(" FOUND"u8)) || line.SequenceEqual("must close ssl link"u8);
        if (isOurs)
        {
            _remarks.Add(AtText.Latin1(line));
        }

        return isOurs;
    }

    /// <inheritdoc/>
    public override void OnFinal(in FinalResult result)
    {
        if (result.IsSuccess)
        {
            Done?.Invoke();
        }
    }
}
