using System.Globalization;
using System.Text;
using ModemDriver.Dialects;
using ModemDriver.Dialects.EspAt;
using ModemDriver.Links;

namespace ModemDriver.Tests.Docs;

/// <summary>docs/dialects/esp-at.md says what the dialect says.</summary>
public sealed class EspAtPageTests
{
    private const string Page = "docs/dialects/esp-at.md";

    private static readonly string[] Versions =
    [
        "AT version:1.6.2.0(Apr 13 2018 11:10:59)",
        "AT version:1.7.4.0(May 11 2020 19:13:04)",
        "AT version:2.0.0.0(29f9b5c - Mar 12 2020 11:43:38)",
        "AT version:2.1.0.0(ded5b14 - Jul 24 2020 12:01:05)",
        "AT version:2.2.1.0(46d6c26 - ESP8266 - Aug  6 2021 06:50:15)",
        "AT version:2.3.0.0(1c3b4f2 - ESP8266 - Aug  4 2025 08:12:40)",
        "AT version:3.2.0.0(s-ec2dec2 - ESP32 - Jul 28 2023 07:05:28)",
    ];

    [Theory]
    [InlineData("links", nameof(LinkCapabilities.MaxLinks))]
    [InlineData("bytes in one send", nameof(LinkCapabilities.MaxSendBytes))]
    [InlineData("bytes in one fetch", nameof(LinkCapabilities.MaxFetchBytes))]
    [InlineData("passive receive", nameof(LinkCapabilities.IsPassive))]
    [InlineData("number by the module", nameof(LinkCapabilities.CanAssignNumbers))]
    public void The_numbers_of_each_firmware_are_those_of_the_code(string row, string property)
    {
        const string Header = "| | NonOS 1.6 | NonOS 1.7 | ESP-AT 2.0 | ESP-AT 2.1 | ESP-AT 2.2 | ESP-AT 2.3 | ESP-AT on ESP32 |";
        string[] cells = Assert.Single(MarkdownTable.Read(Page, Header), cells => cells[0] == row);

        Assert.Equal(Versions.Select(version => Text(Capability(version, property))), cells[1..]);
    }

    [Theory]
    [InlineData(1, "AT version:1.6.2.0(Apr 13 2018 11:10:59)")]
    [InlineData(2, "AT version:1.7.4.0(May 11 2020 19:13:04)")]
    [InlineData(3, "AT version:2.0.0.0(29f9b5c - Mar 12 2020 11:43:38)")]
    [InlineData(4, "AT version:2.1.0.0(ded5b14 - Jul 24 2020 12:01:05)")]
    [InlineData(4, "AT version:2.3.0.0(1c3b4f2 - ESP8266 - Aug  4 2025 08:12:40)")]
    public void The_bring_up_of_each_firmware_is_that_of_the_code(int column, string version)
    {
        const string Header = "| Command | NonOS 1.6 | NonOS 1.7 | ESP-AT 2.0 | ESP-AT from 2.1 | Needed | Why |";
        IEnumerable<string> onPage = MarkdownTable.Read(Page, Header)
            .Where(cells => cells[column] == "yes")
            .Select(cells => $"{cells[0]} {cells[5]}");

        Assert.Equal(
            Create(version).BringUp().Select(step => $"{Line(step)} {(step.IsRequired ? "yes" : "no")}"),
            onPage);
    }

    [Fact]
    public void The_features_of_each_firmware_are_those_of_the_code()
    {
        const string Header = "| Feature | NonOS 1.6 | NonOS 1.7 | ESP-AT 2.0 | ESP-AT 2.1 | ESP-AT 2.2 | ESP-AT 2.3 | ESP-AT 3.2 on ESP32 |";
        EspAtDialect[] dialects = [.. Versions.Select(Create)];

        IEnumerable<string> expected = Enum.GetValues<ModemFeature>().Select(
            feature => $"{feature} {string.Join(' ', dialects.Select(dialect => Text(dialect.Supports(feature))))}");

        Assert.Equal(expected, MarkdownTable.Read(Page, Header).Select(cells => string.Join(' ', cells)));
    }

    private static string Line(BringUpStep step) => Encoding.ASCII.GetString(step.Command.Line.Text);

    private static EspAtDialect Create(string version) => new(EspAtFirmware.Read([version])!); // it is one of these

    private static object Capability(string version, string property) =>
        typeof(LinkCapabilities).GetProperty(property)!.GetValue(Create(version).Links.Capabilities)!; // named above

    private static string Text(object value) =>
        value is bool isSo ? (isSo ? "yes" : "no") : Convert.ToString(value, CultureInfo.InvariantCulture)!;
}
