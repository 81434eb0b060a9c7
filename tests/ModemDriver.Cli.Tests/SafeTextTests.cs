using System.Globalization;
using ModemDriver.Cli.Output;
using Spectre.Console;
using Xunit;

namespace ModemDriver.Cli.Tests;

/// <summary>Names from the air on a terminal, in a table and in a document.</summary>
public sealed class SafeTextTests
{
    [Theory]
    [InlineData("Café Nord, gratis", "Café Nord, gratis")]
    [InlineData("カフェ 無料 🛜", "カフェ 無料 🛜")]
    [InlineData("[red]markup[/]", "[red]markup[/]")]
    [InlineData("\u001b[31mred\u0007", @"\x1b[31mred\x07")]
    [InlineData("\u009b31m", @"\x9b31m")]
    [InlineData("two\r\nlines", @"two\x0d\x0alines")]
    [InlineData("txt.\u202eexe", @"txt.\u{202e}exe")]
    [InlineData("a\u200bb\u2028c\ufeff", @"a\u{200b}b\u{2028}c\u{feff}")]
    [InlineData("\0", @"\x00")]
    public void What_a_terminal_would_act_upon_is_written_as_an_escape(string text, string shown) =>
        Assert.Equal(shown, SafeText.Show(text));

    [Fact]
    public void Markup_in_a_cell_is_text()
    {
        using var writer = new StringWriter(CultureInfo.InvariantCulture);
        Table table = Screen.NewTable("Network");
        table.AddRow(Screen.Cells("[red]x[/] [link=http://evil]"));

        Screen.For(writer).Write(table);

        Assert.Contains("[red]x[/] [link=http://evil]", writer.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_document_for_programs_holds_no_control_character_either()
    {
        ScannedReport[] reports = [new("\u001b[31m\u009b\u202e\u0007", "1b", "00:11:22:33:44:55", -50, 1, "Open", false)];

        string document = ToolJson.Print(reports, json => json.ScannedReportArray);

        Assert.DoesNotContain(document, c => char.IsControl(c) && c is not '\n');
        Assert.DoesNotContain("\u202e", document, StringComparison.Ordinal);
        Assert.Equal(
            reports[0].Ssid,
            System.Text.Json.JsonDocument.Parse(document).RootElement[0].GetProperty("ssid").GetString());
    }

    [Theory]
    [InlineData(-30, "####")]
    [InlineData(-55, "####")]
    [InlineData(-56, "###.")]
    [InlineData(-67, "###.")]
    [InlineData(-75, "##..")]
    [InlineData(-85, "#...")]
    [InlineData(-86, "....")]
    public void A_strength_has_its_bars(int dbm, string bars) => Assert.Equal(bars, SignalBars.Of(dbm));
}
