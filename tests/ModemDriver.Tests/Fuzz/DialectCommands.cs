using System.Buffers;
using System.Collections;
using System.Net;
using System.Reflection;
using ModemDriver.Commands;
using ModemDriver.Dialects;
using ModemDriver.Framing;
using ModemDriver.Links;
using ModemDriver.Scheduling;
using ModemDriver.Services;
using ModemDriver.Tests.Channel;
using ModemDriver.Transport;

namespace ModemDriver.Tests.Fuzz;

/// <summary>
/// Every command that a dialect can make, found by walking through the interfaces of <see cref="Dialect"/>: a command that is
/// added later is among them without being listed.
/// </summary>
internal static class DialectCommands
{
    private static readonly HandPump Pump = new();
    private static readonly ModemLoop Loop = new(Pump, Pump);

    /// <summary>Makes them all anew; a command is used once.</summary>
    public static List<AtCommand> MakeAll(Dialect dialect)
    {
        List<AtCommand> made = [.. dialect.BringUp().Select(step => step.Command)];
        Take(dialect.NewReset(), made);
        Take(dialect.NewFactoryRestore(), made);
        foreach (object? part in Parts(dialect))
        {
            if (part is not null)
            {
                CallAll(part, made);
            }
        }

        return made;
    }

    private static object?[] Parts(Dialect dialect) =>
    [
        dialect.Links, dialect.Links?.Udp, dialect.Links?.Server, dialect.Links?.Transparent, dialect.WiFi, dialect.SoftAp,
        dialect.Cellular, dialect.PacketData, dialect.Services, dialect.Line,
    ];

    private static void CallAll(object part, List<AtCommand> made)
    {
        IEnumerable<MethodInfo> methods = part.GetType().GetInterfaces()
            .Where(type => type.Assembly == typeof(Dialect).Assembly)
            .SelectMany(type => type.GetMethods())
            .Where(method => !method.IsSpecialName && MakesCommands(method.ReturnType));
        foreach (MethodInfo method in methods)
        {
            foreach (bool isFirst in (bool[])[true, false])
            {
                object?[] arguments = [.. method.GetParameters().Select(parameter => Argument(parameter, isFirst))];
                try
                {
                    Take(method.Invoke(part, arguments), made);
                }
                catch (TargetInvocationException refused) when (refused.InnerException is NotSupportedException)
                {
                    // This firmware has no such command.
                }
            }
        }
    }

    private static bool MakesCommands(Type type) =>
        typeof(AtCommand).IsAssignableFrom(type)
        || (type.IsGenericType && typeof(IEnumerable).IsAssignableFrom(type)
            && (typeof(AtCommand).IsAssignableFrom(type.GenericTypeArguments[0]) || type.GenericTypeArguments[0] == typeof(SetupStep)));

    private static void Take(object? result, List<AtCommand> made)
    {
        switch (result)
        {
            case AtCommand command:
                made.Add(command);
                break;
            case IEnumerable<SetupStep> steps:
                made.AddRange(steps.Select(step => step.Command));
                break;
            case IEnumerable<AtCommand> commands:
                made.AddRange(commands);
                break;
        }
    }

    // Two of each kind, so that both modes are made, and both ways of what may be there or not.
    private static object? Argument(ParameterInfo parameter, bool isFirst)
    {
        Type type = parameter.ParameterType;
        Type bare = Nullable.GetUnderlyingType(type) ?? type;
        return bare switch
        {
            _ when bare == typeof(ConnectionMode) => isFirst ? ConnectionMode.Multiple : ConnectionMode.Single,
            _ when bare == typeof(bool) => isFirst,
            _ when bare != type => isFirst ? Argument(bare, parameter.Name) : null,
            _ => Argument(bare, parameter.Name),
        };
    }

    private static object Argument(Type type, string? name) => type switch
    {
        _ when type == typeof(int) => name == "port" ? 80 : name == "bitRate" ? 115_200 : 1,
        _ when type == typeof(string) => name switch
        {
            "address" => "10.0.0.2",
            "hardwareAddress" => "02:00:00:00:00:01",
            "operatorCode" => "46000",
            _ => "1234",
        },
        _ when type == typeof(TimeSpan) => TimeSpan.FromSeconds(10),
        _ when type.IsEnum => Enum.GetValues(type).GetValue(0)!, // every enum has a value
        _ when type == typeof(LinkRequest) => new LinkRequest("10.0.0.2", 80),
        _ when type == typeof(UdpRequest) => new UdpRequest("10.0.0.2", 80),
        _ when type == typeof(TransparentRequest) => new TransparentRequest("10.0.0.2", 80),
        _ when type == typeof(WiFiOptions) => new WiFiOptions("net", "password"),
        _ when type == typeof(SoftApOptions) => new SoftApOptions("net", "password"),
        _ when type == typeof(WiFiScanRequest) => new WiFiScanRequest(),
        _ when type == typeof(WiFiReconnect) => WiFiReconnect.Never,
        _ when type == typeof(WiFiCountry) => new WiFiCountry("CN", 1, 13),
        _ when type == typeof(StaticAddress) =>
            new StaticAddress(IPAddress.Parse("10.0.0.9"), IPAddress.Parse("10.0.0.1"), IPAddress.Parse("255.0.0.0")),
        _ when type == typeof(NetworkTimeOptions) => new NetworkTimeOptions(),
        _ when type == typeof(ApnOptions) => new ApnOptions("internet"),
        _ when type == typeof(LineSettings) => new LineSettings(8, 1, 0, 0),
        _ when type == typeof(SerialTransportOptions) => new SerialTransportOptions(),
        _ when type == typeof(CurrentOperator) => default(CurrentOperator)!, // a value, or told by the null
        _ when type == typeof(ReadOnlySequence<byte>) => new ReadOnlySequence<byte>("payload"u8.ToArray()),
        _ when type == typeof(IDataSink) => new NoSink(),
        _ when type == typeof(Link) => new Link(Loop, "peer", 1, 1024),
        _ when type == typeof(IReadOnlyList<int>) => new[] { 0, 1 },
        _ when type == typeof(IReadOnlyList<IPAddress>) => new[] { IPAddress.Parse("10.0.0.1") },
        _ => throw new NotSupportedException($"An argument of the type {type} is not known here; add one."),
    };

    private sealed class NoSink : IDataSink
    {
        public void OnData(ReadOnlySpan<byte> bytes)
        {
            // Whoever enters a data state here looks at no data.
        }
    }
}
