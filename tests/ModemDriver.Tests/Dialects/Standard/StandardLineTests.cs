using System.Globalization;
using System.Text;
using ModemDriver.Commands;
using ModemDriver.Dialects.Standard;
using ModemDriver.Protocol;

namespace ModemDriver.Tests.Dialects.Standard;

/// <summary>Answers by the standard and the ways in which modules differ from it, one line at a time.</summary>
public sealed class StandardLineTests
{
    private static readonly StandardCellularCommands Commands = new();

    [Theory]
    [InlineData("+CSQ: 20,99", "-73 - - - - -")]
    [InlineData("+CSQ: 0,0", "-113 - - - - -")]
    [InlineData("+CSQ: 31,99", "-51 - - - - -")]
    [InlineData("+CSQ: 26,0", "-61 - - - - -")]
    [InlineData("+CSQ: 99,99", "- - - - - -")]
    [InlineData("+CSQ:150,99", "- -66 - - - -")]
    [InlineData("+CSQ: 199,99", "- - - - - -")]
    [InlineData("+CSQ: 45,99", "- - - - - -")]
    [InlineData("+CSQ: x", "- - - - - -")]
    [InlineData("+CESQ: 99,99,255,255,20,52", "- - - -10 -89 -")]
    [InlineData("+CESQ: 99,99,255,255,20,80", "- - - -10 -61 -")]
    [InlineData("+CESQ: 99,99,255,255,22,48", "- - - -9 -93 -")]
    [InlineData("+CESQ: 16,0,255,255,255,255", "-95 - - - - -")]
    [InlineData("+CESQ:10,6,255,255,255,255", "-101 - - - - -")]
    [InlineData("+CESQ: 99,99,40,30,255,255", "- -81 -9.5 - - -")]
    [InlineData("+CESQ: 99,99,255,255,255,255,70,80,60", "- - - -8.5 -77 6.5")]
    [InlineData("+CESQ: 99,99,255,255,255,255,255,255,255", "- - - - - -")]
    [InlineData("+CESQ: 99,99,255,255,35,98", "- - - - - -")]
    public void A_signal_is_in_dBm_and_dB_and_unknown_stays_unknown(string line, string expected)
    {
        QueryCommand<SignalQuality> command = Commands.ReadSignal()[line.Contains("CESQ", StringComparison.Ordinal) ? 0 : 1];

        Assert.True(Take(command, line));
        SignalQuality s = command.Answer;
        Assert.Equal(expected, Join(s.RssiDbm, s.RscpDbm, s.EcNoDb, s.RsrqDb, s.RsrpDbm, s.SinrDb));
    }

    [Theory]
    [InlineData("898604A11123C0012345", "898604A11123C0012345")]
    [InlineData("+CCID: 8986012345678901234F", "8986012345678901234")]
    [InlineData("+ICCID: \"89860123456789012345\"", "89860123456789012345")]
    [InlineData("+ICCID:898604a11123c0012345", "898604A11123C0012345")]
    [InlineData("98681032547698103254", "89860123456789012345")]
    [InlineData("+CCID: none", null)]
    public void The_number_of_a_card_has_many_forms(string line, string? expected)
    {
        QueryCommand<string?> command = Commands.ReadIccid()[0];

        Assert.True(Take(command, line));
        Assert.Equal(expected, command.Answer);
    }

    [Theory]
    [InlineData("AT+CGSN", "861234567890123", "861234567890123")]
    [InlineData("AT+CGSN", "+CGSN: \"861234567890123\"", "861234567890123")]
    [InlineData("AT+CGSN", "IMEI: 861234567890123", "861234567890123")]
    [InlineData("AT+CIMI", "460001234567890", "460001234567890")]
    [InlineData("AT+CIMI", "+CIMI: 460001234567890", "460001234567890")]
    public void Module_and_subscriber_are_told_with_or_without_a_prefix(string question, string line, string expected)
    {
        QueryCommand<string?> command = question == "AT+CGSN" ? Commands.ReadImei() : Commands.ReadImsi();

        Assert.Equal(question, Encoding.ASCII.GetString(command.Line.Text));
        Assert.True(Take(command, line));
        Assert.Equal(expected, command.Answer);
    }

    [Theory]
    [InlineData("+COPS: 0,2,\"46001\",7", "Automatic 46001 - Lte")]
    [InlineData("+COPS: 1,0,\"CHN-UNICOM\"", "Manual - CHN-UNICOM -")]
    [InlineData("+COPS: 0,0,\"4E2D56FD79FB52A8\",7", "Automatic - 中国移动 Lte")]
    [InlineData("+COPS: 0,2,\"00340036003000300031\",7", "Automatic 46001 - Lte")]
    [InlineData("+COPS:0", "Automatic - - -")]
    [InlineData("+COPS: 2", "Deregistered - - -")]
    public void The_operator_is_told_by_code_or_name(string line, string expected)
    {
        QueryCommand<CurrentOperator> command =
            Commands.ReadOperator(new CurrentOperator(OperatorSelectionMode.Unknown, null, null, null));

        Assert.True(Take(command, line));
        CurrentOperator o = command.Answer;
        Assert.Equal(expected, $"{o.Mode} {o.Code ?? "-"} {o.Name ?? "-"} {o.Technology?.ToString() ?? "-"}");
    }

    [Theory]
    [InlineData(
        "26201 Current Telekom.de/TDG Lte, 26202 Available Vodafone.de/Voda -",
        "+COPS: (2,\"Telekom.de\",\"TDG\",\"26201\",7),(1,\"Vodafone.de\",\"Voda\",\"26202\"),,(0,1,2,3,4),(0,1,2)")]
    [InlineData(
        "26201 Forbidden -/- Gsm, 310260 Unknown T(US)/- -",
        "+COPS:(3,,\"\",26201,0), (0, \"T(US)\",\"\",\"310260\"),,)")]
    [InlineData(
        "26201 Current A/a Lte, 26202 Available B/b Edge, 26203 Available C/c -",
        "+COPS: (2,\"A\",\"a\",\"26201\",7)",
        "+COPS: (1,\"B\",\"b\",\"26202\",3),",
        ",(1,\"C\",\"c\",\"26203\"),2)")]
    [InlineData(
        "26201 Available O2/- Lte",
        "+COPS: (1,\"O2\",\"unknown\",\"00320036003200300031\",7),(1,\"no code\",\"\",\"\",7)")]
    [InlineData("", "+COPS: ,,(0,1,2,3,4),(0,1,2)")]
    public void A_list_of_operators_comes_in_many_forms(string expected, params string[] lines)
    {
        StandardListOperators command = new(TimeSpan.FromMinutes(3));

        Assert.All(lines, line => Assert.True(command.OnLine(Encoding.Latin1.GetBytes(line))));
        Assert.Equal(expected, string.Join(", ", command.Found.Select(o =>
            $"{o.Code} {o.Status} {o.LongName ?? "-"}/{(o.ShortName is null or "unknown" ? "-" : o.ShortName)} {o.Technology?.ToString() ?? "-"}")));
    }

    [Theory]
    [InlineData("+CCLK: \"26/07/01,08:00:06+32\"", "2026-07-01T08:00:06 08:00:00")]
    [InlineData("+CCLK:26/07/01,08:00:06-20", "2026-07-01T08:00:06 -05:00:00")]
    [InlineData("+CCLK: \"2026/07/01,08:00:06+ 32\"", "2026-07-01T08:00:06 08:00:00")]
    [InlineData("+CCLK: \"26/07/01,08:00:06\"", "2026-07-01T08:00:06 -")]
    [InlineData("+CCLK: \"80/01/06,00:00:12+00\"", "-")]
    [InlineData("+CCLK: \"70/01/01,00:00:12+00\"", "-")]
    [InlineData("+CCLK: \"04/01/01,00:00:12+00\"", "-")]
    [InlineData("+CCLK: \"\"", "-")]
    public void A_clock_that_was_never_set_is_none(string line, string expected)
    {
        QueryCommand<ModuleTime?> command = Commands.ReadClock();

        Assert.True(Take(command, line));
        Assert.Equal(
            expected,
            command.Answer is { } time
                ? $"{time.LocalTime.ToString("s", CultureInfo.InvariantCulture)} {time.UtcOffset?.ToString("c") ?? "-"}"
                : "-");
    }

    [Theory]
    [InlineData("+CME ERROR: 10", 10, "SIM not inserted", CmeReason.SimNotInserted)]
    [InlineData("+CME ERROR:10", 10, "SIM not inserted", CmeReason.SimNotInserted)]
    [InlineData("+CME ERROR: sim-not-INSERTED", 10, "SIM not inserted", CmeReason.SimNotInserted)]
    [InlineData("+CME ERROR: 515", 515, "please wait, initialisation or processing in progress", CmeReason.Busy)]
    [InlineData("+CME ERROR: 107", 107, "GPRS/PS services not allowed", CmeReason.NetworkRejected)]
    [InlineData("+CME ERROR: 65535", 65535, "code 65535", CmeReason.Other)]
    [InlineData("+CME ERROR: Gerät defekt", null, "Gerät defekt", CmeReason.Other)]
    [InlineData("+CME ERROR:", null, "no reason", CmeReason.Other)]
    public void An_error_has_a_reason_by_number_or_words(string text, int? code, string words, CmeReason reason) =>
        Assert.Equal(new CmeError(code, words, reason), CmeError.Read(text));

    [Theory]
    [InlineData("+CMS ERROR: 310", 310, "SIM not inserted", CmsReason.SimNotInserted)]
    [InlineData("+CMS ERROR:500", 500, "unknown error", CmsReason.Other)]
    [InlineData("+CMS ERROR: 38", 38, "network out of order", CmsReason.NetworkRejected)]
    [InlineData("+CMS ERROR: 604", 604, "code 604", CmsReason.Other)]
    [InlineData("+CMS ERROR: memory full", null, "memory full", CmsReason.Other)]
    public void An_error_of_a_message_has_one_too(string text, int? code, string words, CmsReason reason) =>
        Assert.Equal(new CmsError(code, words, reason), CmsError.Read(text));

    [Theory]
    [InlineData("ERROR")]
    [InlineData("+CMS ERROR: 500")]
    public void Other_results_are_no_such_error(string text) => Assert.Null(CmeError.Read(text));

    [Theory]
    [InlineData("+CPIN: READY", "SimChanged")]
    [InlineData("+CPIN: SIM REMOVED", "SimRemoved")]
    [InlineData("+CPIN: SIM REMOVED 0", "SimRemoved")]
    [InlineData("+CPIN: NOT INSERTED", "SimRemoved")]
    [InlineData("+CREG:0", "RegistrationChanged")]
    [InlineData("+CEREG: 1,\"1F00\",\"079D903\",7", "RegistrationChanged")]
    [InlineData("+CGEV: NW PDN DEACT 1", "PacketDataLost")]
    [InlineData("+CGEV: NW PDN DEACT 5", "Known")]
    [InlineData("+CGEV: NW DETACH", "PacketDataLost")]
    [InlineData("+CGEV: ME DETACH", "PacketDataLost")]
    [InlineData("+CGEV: NW DEACT \"IP\",\"10.1.2.3\",1", "PacketDataLost")]
    [InlineData("+CGEV: NW DEACT 1,2,0", "Known")]
    [InlineData("+CGEV: ME PDN ACT 1,0", "Known")]
    [InlineData("+CGEV: EPS PDN ACT 1", "Known")]
    [InlineData("+NITZ: 24/07/23,08:35:01+32,0", "Known")]
    [InlineData("+CTZV: \"+32\"", "Known")]
    [InlineData("RING", "Known")]
    [InlineData("+COPS: 0", "None")]
    [InlineData("hello", "None")]
    public void A_URC_means_something_or_nothing(string line, string expected) =>
        Assert.Equal(expected, StandardNotices.Read(Encoding.Latin1.GetBytes(line), contextId: 1).Kind.ToString());

    [Theory]
    [InlineData("+CGPADDR: 1,\"10.64.64.2\"", "10.64.64.2")]
    [InlineData("+CGPADDR: 1,10.64.64.2", "10.64.64.2")]
    [InlineData("+CGPADDR:1,\"10.64.64.2\",\"32.1.13.184.0.0.0.0.0.0.0.0.0.0.0.1\"", "10.64.64.2")]
    [InlineData("+CGPADDR: 1,\"0.0.0.0\"", null)]
    [InlineData("+CGPADDR: 1", null)]
    [InlineData("+CGPADDR: 2,\"10.64.64.2\"", null)]
    public void An_address_is_that_of_the_context(string line, string? expected)
    {
        var command = new StandardPacketData().ReadAddress();

        Assert.True(command.OnLine(Encoding.Latin1.GetBytes(line)));
        Assert.Equal(expected, command.Answer?.ToString());
    }

    private static bool Take(AtCommand command, string line) => command.OnLine(Encoding.Latin1.GetBytes(line));

    private static string Join(params double?[] figures) =>
        string.Join(' ', figures.Select(figure => figure?.ToString(CultureInfo.InvariantCulture) ?? "-"));
}
