using System.Text;
using ModemDriver.Dialects;
using ModemDriver.Dialects.Luat;

namespace ModemDriver.Tests.Docs;

/// <summary>docs/dialects/luat.md says what the dialect says.</summary>
public sealed class LuatPageTests
{
    private const string Page = "docs/dialects/luat.md";

    private static readonly string[] Firmware =
    [
        "AirM2M_720SL_V545_LTE_AT",
        "AirM2M_720U_V301849_LTE_AT",
        "AirM2M_780E_V1121_LTE_AT",
        "AirM2M_780E_V1169_LTE_AT",
        "AirM2M_780EP_V1010_LTE_AT",
        "AirM2M_780EQ_V1005_LTE_AT",
    ];

    [Fact]
    public void The_features_of_each_firmware_are_those_of_the_code()
    {
        const string Header = "| Feature | ASR | 8910 | EC618 V1121 | EC618 V1169 | EC718 | EC716 |";
        Dialect[] dialects = [.. Firmware.Select(Create)];
        IEnumerable<string> expected = Enum.GetValues<ModemFeature>().Select(
            feature => $"{feature} {string.Join(' ', dialects.Select(dialect => dialect.Supports(feature) ? "yes" : "no"))}");

        Assert.Equal(expected, MarkdownTable.Read(Page, Header).Select(cells => string.Join(' ', cells)));
    }

    [Theory]
    [InlineData(1, "AirM2M_720SL_V545_LTE_AT")]
    [InlineData(1, "AirM2M_720U_V301849_LTE_AT")]
    [InlineData(2, "AirM2M_780E_V1169_LTE_AT")]
    [InlineData(2, "AirM2M_780EP_V1010_LTE_AT")]
    [InlineData(3, "AirM2M_780EQ_V1005_LTE_AT")]
    public void The_bring_up_of_each_firmware_is_that_of_the_code(int column, string version)
    {
        const string Header = "| Command | ASR, 8910 | EC618, EC718 | EC716 | Why |";

        Assert.Equal(
            Create(version).BringUp().Select(step => Encoding.ASCII.GetString(step.Command.Line.Text)),
            MarkdownTable.Read(Page, Header).Where(cells => cells[column] == "yes").Select(cells => cells[0]));
    }

    [Fact]
    public void The_states_of_the_IP_stack_with_one_link_are_those_of_the_code() =>
        Assert.Equal(
            LuatIpStates.Single.Select(Text),
            MarkdownTable.Read(Page, "| State (one link) | Event | Next |").Select(cells => string.Join(' ', cells)));

    [Fact]
    public void The_states_of_the_IP_stack_with_several_links_are_those_of_the_code() =>
        Assert.Equal(
            LuatIpStates.Multiple.Select(Text),
            MarkdownTable.Read(Page, "| State (several links) | Event | Next |").Select(cells => string.Join(' ', cells)));

    private static string Text(LuatIpTransition row) => $"{row.From} {row.Event} {row.To}";

    private static LuatDialect Create(string version) => new(LuatFirmware.Read([version])!); // it is one of these
}
