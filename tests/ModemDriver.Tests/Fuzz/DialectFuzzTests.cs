using System.Text;
using CsCheck;
using ModemDriver.Diagnostics;
using ModemDriver.Dialects;
using ModemDriver.Protocol;
using ModemDriver.Tests.Review;

namespace ModemDriver.Tests.Fuzz;

/// <summary>Whatever a module says: parsers take it or leave it, and nothing is thrown on the loop.</summary>
public sealed class DialectFuzzTests
{
    public static TheoryData<string, string> Modules() => new()
    {
        { "AT+GMR", "AT version:1.6.2.0(Apr 13 2018 11:10:59)" },
        { "AT+GMR", "AT version:1.7.4.0(May 11 2020 19:13:04)" },
        { "AT+GMR", "AT version:2.2.1.0(46d6c26 - ESP8266 - Aug  6 2021 06:50:15)" },
        { "AT+GMR", "AT version:3.2.0.0(s-ec4f9a2 - ESP32 - Apr 10 2024 05:40:12)" },
        { "ATI", "AirM2M_780E_V1169_LTE_AT" },
        { "ATI", "AirM2M_720U_V301849_LTE_AT" },
        { "AT+CGMI", "Some Maker" },
        { "ATI", "Some Modem 3000" },
    };

    [Theory]
    [MemberData(nameof(Modules))]
    public void No_line_makes_a_parser_throw(string question, string answer)
    {
        Dialect dialect = Find(question, answer);
        Assert.True(
            DialectCommands.MakeAll(dialect).Count > 20 || dialect.Identity.Dialect == "generic (V.250)",
            $"only {DialectCommands.MakeAll(dialect).Count} commands");
        Assert.True(WireLines.Count > 200, $"only {WireLines.Count} lines");

        WireLines.Any.Array[1, 40].Sample(
            lines => DialectAnswers.Give(dialect, lines),
            iter: 150,
            threads: 1);
    }

    [Fact]
    public void No_answer_to_who_it_is_makes_a_recogniser_throw() =>
        WireLines.Any.Select(Encoding.Latin1.GetString).Array[0, 4].Sample(
            lines => Assert.Contains(DialectCatalog.All, recogniser => recogniser.Recognise(lines) is not null),
            iter: 5000,
            threads: 1);

    [Fact]
    public void Error_tables_and_displays_take_any_text()
    {
        Redaction redaction = new(DialectCatalog.WhileUnknown.SecretPrefixes);
        WireLines.Any.Sample(
            line =>
            {
                string text = Encoding.Latin1.GetString(line);
                CmeError? module = CmeError.Read("+CME ERROR:" + text);
                CmsError? message = CmsError.Read("+CMS ERROR:" + text);

                Assert.False(string.IsNullOrEmpty(module?.ToString()));
                Assert.False(string.IsNullOrEmpty(message?.ToString()));
                Assert.DoesNotContain(redaction.Display(line), char.IsControl);
                Assert.NotNull(Urc.FromLine(text, isKnown: true));
            },
            iter: 20_000,
            threads: 1);
    }

    [Fact]
    public async Task A_modem_that_is_online_outlives_any_noise_and_comes_back()
    {
        RunnerRig rig = new(new RecoveryOptions());
        await rig.GoOnlineAsync();
        Gen<string> noise = WireLines.Any.Array[1, 30].Select(
            lines => string.Concat(lines.Select(line => Encoding.Latin1.GetString(line) + "\r\n")));

        noise.Sample(
            text =>
            {
                rig.Say(text);
                for (int i = 0; i < 300 && rig.Runner.State != ModemState.Online; i++)
                {
                    rig.Pass(TimeSpan.FromSeconds(1));
                }

                Assert.Equal(ModemState.Online, rig.Runner.State);
            },
            iter: 100,
            threads: 1);
    }

    private static Dialect Find(string question, string answer) =>
        DialectCatalog.All.Where(recogniser => recogniser.Question == question)
            .Select(recogniser => recogniser.Recognise([answer]))
            .First(dialect => dialect is not null)!; // the last one takes whatever answers
}
