using System.Diagnostics.CodeAnalysis;
using ModemDriver.Cellular;
using ModemDriver.Commands;
using ModemDriver.Framing;

namespace ModemDriver.Dialects.Standard;

/// <summary>Card, registration and radio by the standard; a vendor overrides what its modules do otherwise.</summary>
/// <remarks>TS 27.007; the time limits are the longest that manuals of modules give, and a margin.</remarks>
[SuppressMessage("Performance", "CA1852", Justification = "Dialects of vendors are built on it.")]
internal class StandardCellularCommands : ICellularCommands
{
    /// <summary>Questions to the module itself.</summary>
    protected static readonly TimeSpan QueryLimit = TimeSpan.FromSeconds(5);

    /// <summary>What goes to the card.</summary>
    protected static readonly TimeSpan SimLimit = TimeSpan.FromSeconds(15);

    // A module that is busy with the network has been seen to take its time for it.
    private static readonly TimeSpan OperatorLimit = TimeSpan.FromSeconds(15);

    // Vendors give 15 s; up to 85 s have been seen.
    private static readonly TimeSpan RadioLimit = TimeSpan.FromSeconds(90);

    // Vendors give 75 to 180 s.
    private static readonly TimeSpan NetworkLimit = TimeSpan.FromSeconds(180);

    // Asked again and again, where modems are watched.
    private static readonly CommandLine ExtendedSignalLine = Line("AT+CESQ");
    private static readonly CommandLine SignalQualityLine = Line("AT+CSQ");

    /// <inheritdoc/>
    public virtual QueryCommand<SimState> ReadSim() => new(Line("AT+CPIN?"), QueryLimit, SimState.Unknown, TakeSim);

    // A vendor's own way comes first or instead; modules that have none are asked in vain, which costs nothing.
    /// <inheritdoc/>
    public virtual IReadOnlyList<QueryCommand<SimTries?>> ReadTries() =>
        [new(Line("AT+CPINR"), QueryLimit, null, SimTriesLine.Take)];

    /// <inheritdoc/>
    public virtual AtCommand EnterPin(string pin) =>
        new SimpleCommand(new CommandLineBuilder("AT+CPIN=").Secret(pin, nameof(pin)).Build(), SimLimit);

    /// <inheritdoc/>
    public virtual AtCommand EnterPuk(string puk, string newPin) => new SimpleCommand(
        new CommandLineBuilder("AT+CPIN=").Secret(puk, nameof(puk)).Secret(newPin, nameof(newPin)).Build(), SimLimit);

    /// <inheritdoc/>
    public virtual AtCommand SetPinEnabled(bool isEnabled, string pin) => new SimpleCommand(
        new CommandLineBuilder("AT+CLCK=")
            .Text("SC", "facility").Number(isEnabled ? 1 : 0).Secret(pin, nameof(pin)).Build(),
        SimLimit);

    /// <inheritdoc/>
    public virtual QueryCommand<bool?> ReadPinEnabled() =>
        new(Line("AT+CLCK=\"SC\",2"), SimLimit, null, TakeFlag("+CLCK"u8.ToArray()));

    /// <inheritdoc/>
    public virtual AtCommand ChangePin(string pin, string newPin) => new SimpleCommand(
        new CommandLineBuilder("AT+CPWD=")
            .Text("SC", "facility").Secret(pin, nameof(pin)).Secret(newPin, nameof(newPin)).Build(),
        SimLimit);

    /// <inheritdoc/>
    public virtual IReadOnlyList<QueryCommand<string?>> ReadIccid() =>
        [Bare("AT+CCID", IccidLine.Take), Bare("AT+ICCID", IccidLine.Take)];

    /// <inheritdoc/>
    public virtual QueryCommand<string?> ReadImsi() => Bare("AT+CIMI", IdentityLine.TakeImsi);

    /// <inheritdoc/>
    public virtual QueryCommand<string?> ReadImei() => Bare("AT+CGSN", IdentityLine.TakeImei);

    /// <inheritdoc/>
    public virtual IReadOnlyList<ReadRegistrationCommand> ReadRegistration() =>
    [
        new StandardReadRegistration("+CEREG", QueryLimit),
        new StandardReadRegistration("+CGREG", QueryLimit),
        new StandardReadRegistration("+CREG", QueryLimit),
    ];

    /// <inheritdoc/>
    public virtual QueryCommand<bool?> ReadAttached() =>
        new(Line("AT+CGATT?"), QueryLimit, null, TakeFlag("+CGATT"u8.ToArray()));

    /// <inheritdoc/>
    public virtual AtCommand SetAttached(bool isAttached) =>
        new SimpleCommand(isAttached ? "AT+CGATT=1" : "AT+CGATT=0", NetworkLimit);

    /// <inheritdoc/>
    public virtual QueryCommand<RadioState> ReadRadio() =>
        new(Line("AT+CFUN?"), QueryLimit, RadioState.Unknown, TakeRadio);

    /// <inheritdoc/>
    public virtual AtCommand SetRadio(RadioState state) => new SimpleCommand(
        state switch
        {
            RadioState.Full => "AT+CFUN=1",
            RadioState.Flight => "AT+CFUN=4",
            _ => "AT+CFUN=0",
        },
        RadioLimit);

    /// <inheritdoc/>
    public virtual IReadOnlyList<QueryCommand<SignalQuality>> ReadSignal() =>
    [
        new(ExtendedSignalLine, QueryLimit, new SignalQuality(), SignalLine.TakeCesq),
        new(SignalQualityLine, QueryLimit, new SignalQuality(), SignalLine.TakeCsq),
    ];

    /// <inheritdoc/>
    public virtual IReadOnlyList<AtCommand> AskForSignalReport() => [];

    /// <inheritdoc/>
    public virtual ListOperatorsCommand ListOperators(TimeSpan timeLimit) => new StandardListOperators(timeLimit);

    /// <inheritdoc/>
    public virtual AtCommand NameOperatorsBy(bool isCode) =>
        new SimpleCommand(isCode ? "AT+COPS=3,2" : "AT+COPS=3,0", QueryLimit);

    /// <inheritdoc/>
    public virtual QueryCommand<CurrentOperator> ReadOperator(CurrentOperator known) =>
        new(Line("AT+COPS?"), OperatorLimit, known, OperatorLine.TakeCurrent);

    // AT+COPS=1,2,"<code>"[,<AcT>]: that one and no other. AT+COPS=0: the module chooses. TS 27.007 section 7.3.
    /// <inheritdoc/>
    public virtual AtCommand SelectOperator(string? operatorCode, AccessTechnology? technology) =>
        operatorCode is null
            ? Prefer(null, technology)
            : new SimpleCommand(
                new CommandLineBuilder("AT+COPS=")
                    .Number(1).Number(2).Text(operatorCode, nameof(operatorCode)).NumberIf((long?)technology).Build(),
                NetworkLimit);

    /// <inheritdoc/>
    public virtual IReadOnlyList<QueryCommand<List<PdpContext>>> ReadContexts() =>
    [
        new(Line("AT+CGDCONT?"), QueryLimit, [], ContextLine.TakeDefinition),
        new(Line("AT+CGACT?"), QueryLimit, [], ContextLine.TakeState),
        new(Line("AT+CGPADDR"), QueryLimit, [], ContextLine.TakeAddress),
    ];

    /// <inheritdoc/>
    public virtual QueryCommand<ModuleTime?> ReadClock() => new(Line("AT+CCLK?"), QueryLimit, null, ClockLine.Take);

    /// <inheritdoc/>
    public virtual QueryCommand<BatteryStatus?> ReadBattery() => new(Line("AT+CBC"), QueryLimit, null, BatteryLine.Take);

    /// <inheritdoc/>
    public virtual AtCommand SetAutomaticClock(bool isAutomatic) =>
        new SimpleCommand(isAutomatic ? "AT+CTZU=1" : "AT+CTZU=0", QueryLimit);

    // AT+COPS=4,2,"<code>"[,<AcT>]: that one, and another where it is not found. AT+COPS=0,,,<AcT>: any, of a technology.
    // TS 27.007 section 7.3.
    /// <inheritdoc/>
    public virtual AtCommand Prefer(string? operatorCode, AccessTechnology? technology)
    {
        if (operatorCode is null && technology is null)
        {
            return new SimpleCommand("AT+COPS=0", NetworkLimit);
        }

        var line = operatorCode is null
            ? new CommandLineBuilder("AT+COPS=").Number(0).Empty().Empty()
            : new CommandLineBuilder("AT+COPS=").Number(4).Number(2).Text(operatorCode, nameof(operatorCode));
        return new SimpleCommand(line.NumberIf((long?)technology).Build(), NetworkLimit);
    }

    /// <summary>A command line without parameters of a caller.</summary>
    protected static CommandLine Line(string line) => CommandLineBuilder.Raw(line);

    /// <summary>A question whose answer by the standard has no prefix.</summary>
    protected static QueryCommand<string?> Bare(string line, AnswerParser<string?> parse) =>
        new(Line(line), SimLimit, null, parse) { TakesBareLines = true };

    // +CPIN: <code>
    private static bool TakeSim(ReadOnlySpan<byte> line, ref SimState answer)
    {
        if (!StandardFields.TryStrip(line, "+CPIN"u8, out var code))
        {
            return false;
        }

        answer = SimLine.StateOf(code);
        return true;
    }

    // +CFUN: <fun>
    private static bool TakeRadio(ReadOnlySpan<byte> line, ref RadioState answer)
    {
        if (!StandardFields.TryStrip(line, "+CFUN"u8, out var fields))
        {
            return false;
        }

        answer = StandardFields.FirstNumber(fields) switch
        {
            0 => RadioState.Minimum,
            1 => RadioState.Full,
            4 => RadioState.Flight,
            _ => RadioState.Unknown,
        };
        return true;
    }

    // +CGATT: <state>      +CLCK: <status>[,<class>]
    private static AnswerParser<bool?> TakeFlag(byte[] name) => (ReadOnlySpan<byte> line, ref bool? answer) =>
    {
        if (!StandardFields.TryStrip(line, name, out var fields))
        {
            return false;
        }

        answer ??= StandardFields.FirstNumber(fields) switch
        {
            0 => false,
            1 => true,
            _ => null,
        };
        return true;
    };
}
