namespace ModemDriver.Tests.Framing;

/// <summary>Lines that firmware sends without their end.</summary>
public sealed class AtFramerUnendedTests
{
    private static readonly FramerSetup Setup = new()
    {
        Pushed = [Headers.OptionalLineEnd],
        Unended = ["CONNECT OK", "0, CONNECT OK"],
    };

    [Fact]
    public void Such_a_line_is_complete_with_its_last_byte() =>
        Setup.Finds("\r\nOK\r\n\r\nCONNECT OK", "line ", "line OK", "line ", "line CONNECT OK");

    [Fact]
    public void What_stands_behind_it_starts_a_line() =>
        Setup.Finds(
            "\r\n0, CONNECT OK+CIPRXGET: 1,0\r\n0, CONNECT OKOK\r\n",
            "line ", "line 0, CONNECT OK", "line +CIPRXGET: 1,0", "line 0, CONNECT OK", "line OK");

    [Fact]
    public void Its_end_when_it_comes_all_the_same_is_an_empty_line() =>
        Setup.Finds("\r\nCONNECT OK\r\nOK\r\n", "line ", "line CONNECT OK", "line ", "line OK");

    [Fact]
    public void A_line_that_only_begins_so_is_a_line() =>
        Setup.Finds(
            "CONNECT\r\n0, CLOSED\r\nCONNECT FAIL\r\n", "line CONNECT", "line 0, CLOSED", "line CONNECT FAIL");
}
