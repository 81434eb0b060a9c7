using System.Collections;
using System.Globalization;
using System.Reflection;
using ModemDriver.Mqtt;
using ModemDriver.Transport;

namespace ModemDriver.Docs.Tests;

/// <summary>docs/options.md has every option with its default.</summary>
public sealed class OptionsPageTests
{
    private static readonly string Page = new MarkdownPages(MarkdownPages.FindRepository()).Read("docs/options.md");

    public static TheoryData<Type> OptionTypes() =>
    [
        typeof(ModemOptions), typeof(RecoveryOptions), typeof(SerialTransportOptions), typeof(WiFiOptions),
        typeof(CellularOptions), typeof(ApnOptions),
        typeof(LinkRequest), typeof(TransparentRequest), typeof(ModuleTlsOptions), typeof(UdpRequest), typeof(ListenRequest), typeof(ModemHttpOptions), typeof(WiFiScanRequest),
        typeof(SoftApOptions), typeof(NetworkTimeOptions), typeof(ManagedMqttOptions), typeof(MqttOutboxOptions),
        typeof(MqttReconnectOptions), typeof(ManagedTcpOptions), typeof(FtpOptions), typeof(ModuleMqttOptions),
    ];

    [Theory]
    [MemberData(nameof(OptionTypes))]
    public void Every_option_has_a_row_with_its_default(Type type)
    {
        object defaults = Defaults(type);
        HashSet<string> positional =
            [.. type.GetConstructors().SelectMany(constructor => constructor.GetParameters()).Select(p => p.Name!)];
        IEnumerable<string> options = type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(property => property.CanWrite && !positional.Contains(property.Name))
            .Select(property => $"`{property.Name}`: {Text(property.GetValue(defaults))}");

        Assert.Equal(options, Rows(type.Name));
    }

    [Fact]
    public void Every_public_record_of_options_is_on_the_page()
    {
        IEnumerable<Type> records = typeof(Modem).Assembly.GetExportedTypes()
            .Concat(typeof(ManagedMqttOptions).Assembly.GetExportedTypes())
            .Where(type => type.Name.EndsWith("Options", StringComparison.Ordinal));

        Assert.DoesNotContain(records, type => !Page.Contains($"\n## {type.Name}\n", StringComparison.Ordinal));
    }

    private static object Defaults(Type type) =>
        type == typeof(WiFiOptions) ? new WiFiOptions("name", null)
        : type == typeof(ApnOptions) ? new ApnOptions("name")
        : type == typeof(FtpOptions) ? new FtpOptions("host")
        : type == typeof(ModuleMqttOptions) ? new ModuleMqttOptions("host", "id")
        : type == typeof(SoftApOptions) ? new SoftApOptions("name", null)
        : type == typeof(LinkRequest) ? new LinkRequest("host", 80)
        : type == typeof(TransparentRequest) ? new TransparentRequest("host", 80)
        : type == typeof(UdpRequest) ? new UdpRequest("host", 80)
        : type == typeof(ListenRequest) ? new ListenRequest(80)
        : type == typeof(ManagedMqttOptions)
            ? new ManagedMqttOptions(MqttStreamSource.ForTcp("host"), MqttSignIn.Anonymous("id"))
        : Activator.CreateInstance(type)!; // the others have a constructor without parameters

    private static IEnumerable<string> Rows(string section)
    {
        int start = Page.IndexOf($"\n## {section}\n", StringComparison.Ordinal);
        int end = Page.IndexOf("\n## ", start + 1, StringComparison.Ordinal);
        return (end < 0 ? Page[start..] : Page[start..end]).Split('\n')
            .Where(line => line.StartsWith("| `", StringComparison.Ordinal))
            .Select(line => line.Split('|'))
            .Select(cells => $"{cells[1].Trim()}: {cells[2].Trim()}");
    }

    private static string Text(object? value) => value switch
    {
        null => "null",
        string text => text,
        RecoveryOptions or SerialTransportOptions or CellularOptions or MqttOutboxOptions or MqttReconnectOptions =>
            $"[{value.GetType().Name}](#{value.GetType().Name.ToLowerInvariant()})",
        IEnumerable list => string.Join(", ", list.Cast<object>().Select(Text)),
        ReadOnlyMemory<byte> bytes => $"{bytes.Length} bytes",
        IFormattable formattable => formattable.ToString(null, CultureInfo.InvariantCulture),
        bool => value.ToString()!,
        _ => value.GetType().Name,
    };
}
