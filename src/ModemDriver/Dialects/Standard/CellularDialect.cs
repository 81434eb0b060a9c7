using ModemDriver.Cellular;
using ModemDriver.Channel;
using ModemDriver.Commands;
using ModemDriver.Messaging;
using ModemDriver.Protocol;

namespace ModemDriver.Dialects.Standard;

/// <summary>What cellular modules have in common; a vendor's dialect is built on it.</summary>
/// <remarks>TS 27.007 and V.250.</remarks>
internal abstract class CellularDialect : Dialect
{
    private static readonly TimeSpan SettingLimit = TimeSpan.FromSeconds(5);

    /// <summary>
    /// The start of lines that hold PINs and passwords, beyond those that are masked for every module.
    /// </summary>
    public static IReadOnlyList<string> StandardSecrets { get; } = ["AT+CSIM="];

    private static readonly ChannelRules Standard = new() { SecretPrefixes = StandardSecrets };

    /// <inheritdoc/>
    public override ChannelRules Rules => Standard;

    /// <inheritdoc/>
    public override ICellularCommands Cellular { get; } = new StandardCellularCommands();

    /// <inheritdoc/>
    public override IMessageCommands? Messages { get; } = new StandardMessageCommands();

    /// <inheritdoc/>
    public override IMessageCommands? TextMessages { get; } = new StandardTextMessageCommands();

    /// <inheritdoc/>
    public override IUssdCommands? Ussd { get; } = new StandardUssdCommands();

    /// <inheritdoc/>
    public override ICallCommands? Calls { get; } = new StandardCallCommands();

    /// <inheritdoc/>
    public override IPhonebookCommands? Phonebook { get; } = new StandardPhonebookCommands();

    /// <summary>The number of the context that the IP stack uses; null where it is not known, and any counts.</summary>
    protected virtual int? ContextId => null;

    // Errors as numbers, then what makes the module tell by itself what changes. Each may be missing.
    /// <inheritdoc/>
    public override IReadOnlyList<BringUpStep> BringUp() =>
    [
        Step("AT+CMEE=1"),
        Step("AT+CREG=2"),
        Step("AT+CGREG=2"),
        Step("AT+CEREG=2"),
        Step("AT+CGEREP=2,1"),
    ];

    /// <inheritdoc/>
    public override ModuleNotice ReadNotice(ReadOnlySpan<byte> line) => StandardNotices.Read(line, ContextId);

    /// <inheritdoc/>
    public override CellularReport ReadCellularReport(ReadOnlySpan<byte> line) => StandardNotices.ReadReport(line);

    // The command of the standard that starts a module anew; the OK may be lost.
    /// <inheritdoc/>
    public override AtCommand? NewReset() => new SimpleCommand("AT+CFUN=1,1", TimeSpan.FromSeconds(20));

    /// <inheritdoc/>
    public override bool Supports(ModemFeature feature) => feature switch
    {
        ModemFeature.Cellular or ModemFeature.OperatorSelection or ModemFeature.SignalQuality
            or ModemFeature.RadioSwitch or ModemFeature.ModuleClock or ModemFeature.Battery => true,
        ModemFeature.PacketData => PacketData is not null,
        ModemFeature.Sms => Messages is not null,
        ModemFeature.Ussd => Ussd is not null,
        ModemFeature.VoiceCalls => Calls is not null,
        ModemFeature.Phonebook => Phonebook is not null,
        _ => false,
    };

    /// <summary>A step that a module may refuse.</summary>
    protected static BringUpStep Step(string line, bool isRequired = false) =>
        new(new SimpleCommand(line, SettingLimit), isRequired);
}
