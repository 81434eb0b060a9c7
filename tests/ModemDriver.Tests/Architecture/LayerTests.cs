using System.Reflection;
using System.Runtime.CompilerServices;
using ModemDriver.Transport;

namespace ModemDriver.Tests.Architecture;

/// <summary>Which part of the driver may name which other in the signatures of its members.</summary>
public sealed class LayerTests
{
    private const string Root = "";

    // Clients -> Modem -> Lifecycle -> Dialects -> { Links, WiFi, Messaging, Services } -> Channel -> Framing. Commands stand beside Channel
    // and use Framing. Dialects implement what Links and WiFi own (docs/decisions/0008). The types of the root are the exceptions, the
    // options and the modem itself: all may use the former; the modem is for Clients alone.
    private static readonly Dictionary<string, string[]> Allowed = new(StringComparer.Ordinal)
    {
        ["Framing"] = [],
        ["Protocol"] = [],
        ["Transport"] = [Root, "Diagnostics"],
        ["Scheduling"] = [Root, "Diagnostics"],
        ["Diagnostics"] = [Root, "Framing", "Protocol", "Transport"],
        ["Commands"] = [Root, "Framing", "Protocol", "Diagnostics"],
        ["Channel"] = [Root, "Commands", "Framing", "Protocol", "Transport", "Scheduling", "Diagnostics"],
        ["WiFi"] = [Root, "Commands", "Framing", "Protocol", "Diagnostics"],
        ["Cellular"] = [Root, "Commands", "Framing", "Protocol", "Diagnostics"],
        ["Messaging"] = [Root, "Commands", "Framing", "Protocol", "Diagnostics"],
        ["Services"] = [Root, "Commands", "Framing", "Protocol", "Transport", "Diagnostics"],
        ["Lifecycle"] =
        [
            Root, "Dialects", "Links", "WiFi", "Cellular", "Messaging", "Services", "Channel", "Commands", "Framing", "Protocol", "Transport",
            "Scheduling", "Diagnostics",
        ],
        ["Links"] = [Root, "Channel", "Commands", "Framing", "Protocol", "Transport", "Scheduling", "Diagnostics"],
        ["Dialects"] =
        [
            Root, "Links", "WiFi", "Cellular", "Messaging", "Services", "Channel", "Commands", "Framing", "Protocol", "Transport", "Scheduling",
            "Diagnostics",
        ],
        ["Clients"] = [Root, "Links", "Protocol", "Transport", "Scheduling", "Diagnostics"],
        [Root] =
        [
            "Lifecycle", "Links", "Dialects", "WiFi", "Cellular", "Messaging", "Services", "Channel", "Commands", "Framing", "Protocol", "Transport", "Scheduling",
            "Diagnostics",
        ],
    };

    private static readonly Assembly Driver = typeof(ITransport).Assembly;

    [Fact]
    public void No_arrow_points_upwards()
    {
        List<string> breaches = [.. OwnTypes().SelectMany(Breaches).Distinct().Order(StringComparer.Ordinal)];

        Assert.True(breaches.Count == 0, string.Join('\n', breaches));
    }

    [Fact]
    public void Every_part_of_the_driver_has_its_place_in_the_table() =>
        Assert.DoesNotContain(OwnTypes().Select(PartOf).Distinct(), part => !Allowed.ContainsKey(part));

    [Fact]
    public void The_test_sees_an_arrow_through_base_types_generics_arrays_and_private_members()
    {
        IEnumerable<Type> named = NamedBy(typeof(Sample));

        Assert.Contains(typeof(ITransport), named);
        Assert.Contains(typeof(ITransportSink), named);
        Assert.Contains(typeof(TransportFailure), named);
    }

    private static IEnumerable<string> Breaches(Type type)
    {
        string from = PartOf(type);
        foreach (Type named in NamedBy(type))
        {
            string to = PartOf(named);
            bool modemFromBelow = named.FullName == "ModemDriver.Modem" && from is not (Root or "Clients");
            if (to != from && (!Allowed[from].Contains(to) || modemFromBelow))
            {
                yield return $"{type.FullName} names {named.FullName}";
            }
        }
    }

    private static IEnumerable<Type> OwnTypes() =>
        Driver.GetTypes().Where(type => IsOwn(type) && !IsGenerated(type));

    private static bool IsOwn(Type type) =>
        type.Assembly == Driver && type.Namespace?.StartsWith("ModemDriver", StringComparison.Ordinal) == true;

    private static bool IsGenerated(Type? type)
    {
        for (; type is not null; type = type.DeclaringType)
        {
            if (type.Name.Contains('<', StringComparison.Ordinal) || type.IsDefined(typeof(CompilerGeneratedAttribute), false))
            {
                return true;
            }
        }

        return false;
    }

    // ModemDriver.Links.Sub is part of Links; ModemDriver alone is the root.
    private static string PartOf(Type type) =>
        type.Namespace!.Split('.') is { Length: > 1 } parts ? parts[1] : Root; // own types have a namespace

    private static HashSet<Type> NamedBy(Type type)
    {
        const BindingFlags All = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance
            | BindingFlags.Static | BindingFlags.DeclaredOnly;
        HashSet<Type> named = [];
        Add(type.BaseType);
        Array.ForEach(type.GetInterfaces(), Add);
        foreach (FieldInfo field in type.GetFields(All))
        {
            Add(field.FieldType);
        }

        foreach (MethodBase method in type.GetMethods(All).Concat<MethodBase>(type.GetConstructors(All)))
        {
            Add((method as MethodInfo)?.ReturnType);
            Array.ForEach(method.GetParameters(), parameter => Add(parameter.ParameterType));
        }

        return named;

        void Add(Type? found)
        {
            if (found is null)
            {
                return;
            }

            if (found.HasElementType)
            {
                Add(found.GetElementType());
            }

            if (found.IsGenericType)
            {
                Array.ForEach(found.GetGenericArguments(), Add);
            }

            if (IsOwn(found) && !IsGenerated(found))
            {
                named.Add(found);
            }
        }
    }

    private sealed class Sample : List<ITransport>
    {
        private readonly Func<Task<ITransportSink[]>> _field = () => Task.FromResult(Array.Empty<ITransportSink>());

        private static void Take(ref TransportFailure failure) => failure = TransportFailure.Other;

        public override string ToString()
        {
            TransportFailure failure = TransportFailure.Gone;
            Take(ref failure);
            return $"{_field} {failure}";
        }
    }
}
