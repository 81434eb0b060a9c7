using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using ModemDriver.Transport;

namespace ModemDriver.Tests.Architecture;

/// <summary>Rules that the compiler and the analyzers do not know.</summary>
public sealed partial class SourceRuleTests
{
    private const BindingFlags AllDeclared = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static
        | BindingFlags.Instance | BindingFlags.DeclaredOnly;

    private static readonly string[] WithoutVendors =
        ["src/ModemDriver", "src/ModemDriver.Simulator", "src/ModemDriver.Mqtt"];

    [Fact]
    public void Only_the_Linux_serial_transport_calls_the_C_library() =>
        Assert.Equal(
            ["src/ModemDriver/Transport/LinuxSerialTransport.Native.cs"],
            DriverFilesWith(NativeImport()));

    [Fact]
    public void Only_the_serial_transport_names_SerialPort() =>
        Assert.Equal(
            ["src/ModemDriver/Transport/SerialTransport.cs"],
            DriverFilesWith(SystemSerialPort()));

    [Fact]
    public void Vendors_are_named_in_dialects_and_personalities_alone()
    {
        string[] breaches = [.. WithoutVendors
            .SelectMany(SourceTree.CSharpFiles)
            .Where(path => !path.Contains("/Dialects/", StringComparison.Ordinal)
                && !path.Contains("/Personalities/", StringComparison.Ordinal))
            .SelectMany(path => Vendor().Matches(SourceTree.ReadWithoutComments(path)).Select(found => $"{path}: {found.Value}"))];

        Assert.True(breaches.Length == 0, string.Join('\n', breaches));
    }

    [Fact]
    public void The_driver_and_the_simulator_do_not_know_each_other()
    {
        Assert.DoesNotContain(
            typeof(ITransport).Assembly.GetReferencedAssemblies(),
            name => name.Name!.StartsWith("ModemDriver", StringComparison.Ordinal)); // a reference has a name
        Assert.Empty(ProjectReferences("src/ModemDriver/ModemDriver.csproj"));
        Assert.Empty(ProjectReferences("src/ModemDriver.Simulator/ModemDriver.Simulator.csproj"));
    }

    [Fact]
    public void Every_log_message_has_a_number_of_its_own_from_the_list()
    {
        Type[] types = typeof(ITransport).Assembly.GetTypes();
        int[] listed = [.. types.Where(type => type.FullName == "ModemDriver.Diagnostics.EventIds")
            .SelectMany(type => type.GetFields(BindingFlags.Public | BindingFlags.Static))
            .Select(field => (int)field.GetRawConstantValue()!)]; // a constant has a value
        int[] used = [.. types
            .SelectMany(type => type.GetMethods(AllDeclared))
            .SelectMany(method => method.GetCustomAttributesData())
            .Where(attribute => attribute.AttributeType.Name == "LoggerMessageAttribute")
            .Select(EventIdOf)];

        Assert.Equal(listed.Length, listed.Distinct().Count());
        Assert.Equal(used.Length, used.Distinct().Count());
        Assert.Equal(listed.Order(), used.Order());
        Assert.All(listed, number => Assert.InRange(number, 1001, 7999));
    }

    [Theory]
    [InlineData(@"\bTODO\b|\bFIXME\b|\bHACK\b", "work that is left over")]
    [InlineData(@"catch\s*(\([^)]*\))?\s*(when\s*\([^{]*\))?\s*\{\s*\}", "an exception swallowed without a reason")]
    [InlineData(@"#region|#if\b", "regions and conditional code")]
    [InlineData(@"\basync\s+void\b", "async void")]
    [InlineData(@"\b(class|struct|interface|record|enum)\s+\w*(Helper|Manager|Util|Utils|Utilities)\b", "a name that says nothing")]
    public void Sources_are_free_of(string pattern, string what)
    {
        Regex banned = new(pattern, RegexOptions.CultureInvariant);
        string[] breaches = [.. SourceTree.CSharpFiles("src").Where(path => banned.IsMatch(SourceTree.Read(path)))];

        Assert.True(breaches.Length == 0, $"{what}: {string.Join(", ", breaches)}");
    }

    [Theory]
    [InlineData("tests")]
    [InlineData("src")]
    public void Nothing_sleeps(string folder)
    {
        // The one file that paces bytes in real time is the simulator's.
        string[] breaches = [.. SourceTree.CSharpFiles(folder)
            .Where(path => !path.StartsWith("src/ModemDriver.Simulator/", StringComparison.Ordinal))
            .Where(path => Sleep().IsMatch(SourceTree.WithoutCommentsAndStrings(SourceTree.Read(path))))];

        Assert.True(breaches.Length == 0, string.Join('\n', breaches));
    }

    [Fact]
    public void The_stripper_of_comments_keeps_code_and_knows_strings()
    {
        const string Text = "a(\"// no comment\"); // a comment \"with quotes\"\nb('\"'); /* two\nlines */ c(@\"x\"\"//\");";

        Assert.Equal("a(\"// no comment\");  \nb('\"');   c(@\"x\"\"//\");", SourceTree.WithoutComments(Text));
        Assert.Equal("a(\"\");  \nb(\"\");   c(\"\");", SourceTree.WithoutCommentsAndStrings(Text));
    }

    private static string[] DriverFilesWith(Regex pattern) =>
        [.. SourceTree.CSharpFiles("src/ModemDriver")
            .Where(path => pattern.IsMatch(SourceTree.WithoutCommentsAndStrings(SourceTree.Read(path))))];

    private static string[] ProjectReferences(string project) =>
        [.. XDocument.Parse(SourceTree.Read(project)).Descendants("ProjectReference")
            .Select(reference => reference.Attribute("Include")?.Value ?? "?")];

    private static int EventIdOf(CustomAttributeData attribute) =>
        attribute.ConstructorArguments.Select(argument => argument.Value)
            .Concat(attribute.NamedArguments.Where(argument => argument.MemberName == "EventId").Select(argument => argument.TypedValue.Value))
            .OfType<int>()
            .First(value => value > 100); // the other whole number is the level

    [GeneratedRegex(@"\b(LibraryImport|DllImport|NativeLibrary)\b")]
    private static partial Regex NativeImport();

    [GeneratedRegex(@"\bSystem\.IO\.Ports\b|\bSerialPort\b")]
    private static partial Regex SystemSerialPort();

    [GeneratedRegex(@"Quectel|Luat|SIMCom|Espressif|ESP-?AT|ESP-?8266|ESP-?32|Air[78]\d\d|SIM[78]\d{2,3}|EC2\d|BG9\d|Fibocom|u-?blox|Telit|Neoway|Huawei", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Vendor();

    [GeneratedRegex(@"\bThread\.Sleep\s*\(|\bTask\.Delay\s*\(\s*(\d|TimeSpan)[^,]*\)")]
    private static partial Regex Sleep();
}
