using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace ModemDriver.Cli.Output;

/// <summary>Output for programs. Names are camel case; what is not known is <see langword="null"/>, never left out.</summary>
[JsonSerializable(typeof(PortReport[]))]
[JsonSerializable(typeof(InfoReport))]
[JsonSerializable(typeof(StatusReport))]
[JsonSerializable(typeof(StateChangeReport))]
[JsonSerializable(typeof(RungReport))]
[JsonSerializable(typeof(CommandReport[]))]
[JsonSerializable(typeof(HttpReport))]
[JsonSerializable(typeof(TransferReport))]
[JsonSerializable(typeof(ScannedReport[]))]
[JsonSerializable(typeof(WiFiReport))]
[JsonSerializable(typeof(LeaveReport))]
[JsonSerializable(typeof(SoftApReport))]
[JsonSerializable(typeof(SimReport))]
[JsonSerializable(typeof(RegistrationReport))]
[JsonSerializable(typeof(OperatorReport[]))]
[JsonSerializable(typeof(SignalReport))]
[JsonSerializable(typeof(ApnReport))]
[JsonSerializable(typeof(SmsReport))]
[JsonSerializable(typeof(UssdReport[]))]
[JsonSerializable(typeof(FtpEntryReport[]))]
[JsonSerializable(typeof(FtpTransferReport))]
[JsonSerializable(typeof(NetworkCardReport))]
[JsonSerializable(typeof(BatteryReport))]
[JsonSerializable(typeof(LocationReport))]
[JsonSerializable(typeof(CallReport))]
[JsonSerializable(typeof(DialReport))]
[JsonSerializable(typeof(VoiceCallReport[]))]
[JsonSerializable(typeof(EntryReport[]))]
[JsonSerializable(typeof(StoredSmsReport[]))]
[JsonSerializable(typeof(SmsPartReport[]))]
[JsonSerializable(typeof(PingReport))]
[JsonSerializable(typeof(TimeReport))]
[JsonSerializable(typeof(BaudReport))]
[JsonSerializable(typeof(RestartReport))]
[JsonSerializable(typeof(ListenReport))]
[JsonSerializable(typeof(UdpReport))]
[JsonSerializable(typeof(SimulatorReport))]
[JsonSerializable(typeof(DemoReport))]
[JsonSerializable(typeof(PublishReport))]
[JsonSerializable(typeof(ReceivedReport))]
[JsonSerializable(typeof(OutboxReport[]))]
[JsonSerializable(typeof(BridgeReport))]
internal sealed partial class ToolJson : JsonSerializerContext
{
    private static readonly ToolJson Readable = new(Settings(isIndented: true));
    private static readonly ToolJson OneLine = new(Settings(isIndented: false));

    public static string Print<T>(T value, Func<ToolJson, JsonTypeInfo<T>> type) =>
        SafeText.Document(JsonSerializer.Serialize(value, type(Readable)));

    /// <summary>A document on a line of its own, for a stream of them.</summary>
    public static string PrintLine<T>(T value, Func<ToolJson, JsonTypeInfo<T>> type) =>
        SafeText.Document(JsonSerializer.Serialize(value, type(OneLine)));

    private static JsonSerializerOptions Settings(bool isIndented) => new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        WriteIndented = isIndented,
        // Quotes and umlauts as they are: this goes to a terminal or a program, not into a web page.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };
}
