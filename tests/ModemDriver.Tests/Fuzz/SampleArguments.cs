using System.Buffers;
using System.Net;
using System.Reflection;
using ModemDriver.Framing;
using ModemDriver.Links;
using ModemDriver.Messaging;
using ModemDriver.Scheduling;
using ModemDriver.Services;
using ModemDriver.Tests.Channel;
using ModemDriver.Transport;

namespace ModemDriver.Tests.Fuzz;

/// <summary>Something for every parameter of the methods that make commands.</summary>
/// <param name="texts">Gives a text for a parameter of that name; null: one that its method takes.</param>
internal sealed class SampleArguments(Func<string?, string?>? texts = null)
{
    private readonly ModemLoop _loop = NewLoop();

    /// <summary>
    /// Two of each kind, so that both modes are made, and both ways of what may be there or not.
    /// </summary>
    public object? Get(ParameterInfo parameter, bool isFirst)
    {
        Type type = parameter.ParameterType;
        Type bare = Nullable.GetUnderlyingType(type) ?? type;
        return bare switch
        {
            _ when bare == typeof(ConnectionMode) => isFirst ? ConnectionMode.Multiple : ConnectionMode.Single,
            _ when bare == typeof(bool) => isFirst,
            _ when bare != type => isFirst ? Get(bare, parameter.Name) : null,
            _ when parameter.Name == "characterSet" => isFirst ? "UCS2" : "GSM",
            _ => Get(bare, parameter.Name),
        };
    }

    private string Text(string? name) => texts?.Invoke(name) ?? name switch
    {
        "host" => "10.0.0.2",
        "address" => "10.0.0.2",
        "hardwareAddress" => "02:00:00:00:00:01",
        "operatorCode" => "46000",
        "ssid" => "net",
        "password" => "password",
        "apn" => "internet",
        _ => "1234",
    };

    private object Get(Type type, string? name) => type switch
    {
        _ when type == typeof(int) => name switch { "port" => 80, "bitRate" => 115_200, "maxBytes" => 1460, _ => 1 },
        _ when type == typeof(long) => 1L,
        _ when type == typeof(string) => Text(name),
        _ when type == typeof(TimeSpan) => TimeSpan.FromSeconds(10),
        _ when type.IsEnum => Enum.GetValues(type).GetValue(0)!, // every enum has a value
        _ when type == typeof(LinkRequest) => new LinkRequest(Text("host"), 80),
        _ when type == typeof(UdpRequest) => new UdpRequest(Text("host"), 80),
        _ when type == typeof(TransparentRequest) => new TransparentRequest(Text("host"), 80),
        _ when type == typeof(WiFiOptions) => new WiFiOptions(Text("ssid"), Text("password")),
        _ when type == typeof(SoftApOptions) => new SoftApOptions(Text("ssid"), Text("password")),
        _ when type == typeof(WiFiScanRequest) => new WiFiScanRequest(),
        _ when type == typeof(WiFiReconnect) => WiFiReconnect.Never,
        _ when type == typeof(WiFiCountry) => new WiFiCountry("CN", 1, 13),
        _ when type == typeof(StaticAddress) =>
            new StaticAddress(IPAddress.Parse("10.0.0.9"), IPAddress.Parse("10.0.0.1"), IPAddress.Parse("255.0.0.0")),
        _ when type == typeof(NetworkTimeOptions) => new NetworkTimeOptions(),
        _ when type == typeof(ApnOptions) => new ApnOptions(Text("apn")),
        _ when type == typeof(ModuleHttpRequest) => new ModuleHttpRequest("http://10.0.0.2/") { Headers = [Text("header")] },
        _ when type == typeof(FtpOptions) => new FtpOptions(Text("host")) { User = Text("user"), Password = Text("password") },
        _ when type == typeof(ModuleMqttOptions) =>
            new ModuleMqttOptions(Text("host"), Text("client")) { User = Text("user"), Password = Text("password") },
        _ when type == typeof(ReadOnlyMemory<byte>) => new ReadOnlyMemory<byte>("payload"u8.ToArray()),
        _ when type == typeof(LineSettings) => new LineSettings(8, 1, 0, 0),
        _ when type == typeof(SerialTransportOptions) => new SerialTransportOptions(),
        _ when type == typeof(CurrentOperator) => new CurrentOperator(OperatorSelectionMode.Unknown, null, null, null),
        _ when type == typeof(ReadOnlySequence<byte>) => new ReadOnlySequence<byte>("payload"u8.ToArray()),
        _ when type == typeof(IDataSink) => new NoSink(),
        _ when type == typeof(Link) => new Link(_loop, "peer", 1, 1024),
        _ when type == typeof(IReadOnlyList<int>) => new[] { 0, 1 },
        _ when type == typeof(IReadOnlyList<IPAddress>) => new[] { IPAddress.Parse("10.0.0.1") },
        _ when type == typeof(SubmitPdu) => new SubmitPdu(null, "+491701234567", MessageSplitter.Split("hello", null, null, 1, false)![0]),
        _ => throw new NotSupportedException($"An argument of the type {type} is not known here; add one."),
    };

    private static ModemLoop NewLoop()
    {
        HandPump pump = new();
        return new ModemLoop(pump, pump);
    }

    private sealed class NoSink : IDataSink
    {
        public void OnData(ReadOnlySpan<byte> bytes)
        {
            // Whoever enters a data state here looks at no data.
        }
    }
}
