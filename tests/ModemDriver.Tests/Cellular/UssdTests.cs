using ModemDriver.Tests.Quirks;

namespace ModemDriver.Tests.Cellular;

/// <summary>The dialogue by codes on the wire, byte by byte.</summary>
public sealed class UssdTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory, EverySplit]
    public void A_menu_of_several_lines_is_answered(Split split)
    {
        Dialogue d = CellularScenes.Online(split);
        Task<UssdReply> menu = Send(d, "*100#", "AT+CUSD=1,\"*100#\",15");
        d.Say("\r\n+CUSD: 1,\"1 Balance\n2 \"Bonus\"!\r\n\r\nOther\",15\r\n");
        Assert.Equal((UssdStatus.AnswerExpected, "1 Balance\n2 \"Bonus\"!\nOther"), Of(menu));

        Task<UssdReply> balance = Send(d, "1", "AT+CUSD=1,\"1\",15");
        d.Say("\r\n+CUSD: 0,\"Balance 4.20\",15\r\n");
        Assert.Equal((UssdStatus.Done, "Balance 4.20"), Of(balance));
        d.EndsWith(ModemState.Online);
    }

    [Theory]
    [InlineData("GSM", "+CUSD: 0,\"00310020004D4F60\",72", "1 M\u4f60")]
    [InlineData("GSM", "+CUSD: 0,\"a\0b\x02\",15", "a@b$")]
    [InlineData("IRA", "+CUSD: 0,\"a@b$\",15", "a@b$")]
    [InlineData("UCS2", "+CUSD: 0,\"0031\",15", "1")]
    [InlineData("IRA", "+CUSD: 0,\"00310\",72", "00310")]
    [InlineData("IRA", "+CUSD: 0,\"1234\"", "1234")]
    [InlineData("IRA", "+CUSD:2", null)]
    [InlineData("IRA", "+CUSD: 4", null)]
    public void A_text_is_read_by_its_scheme_and_the_character_set(string set, string line, string? expected)
    {
        Dialogue d = CellularScenes.Online(Split.Whole);
        string sent = set == "UCS2" ? "002A0031003000300023" : "*100#";
        Task<UssdReply> reply = Send(d, "*100#", $"AT+CUSD=1,\"{sent}\",15", set);
        d.Say($"\r\n{line}\r\n");

        Assert.Equal(expected, Of(reply).Text);
        d.EndsWith(ModemState.Online);
    }

    [Theory]
    [InlineData("@", "AT+CUSD=1,\"0040\",72")]
    [InlineData("\u4f60", "AT+CUSD=1,\"4F60\",72")]
    public void A_text_that_differs_between_alphabets_goes_in_hexadecimal(string text, string line)
    {
        Dialogue d = CellularScenes.Online(Split.Whole);
        Task<UssdReply> reply = Send(d, text, line);
        d.Say("\r\n+CUSD: 0\r\n");

        Assert.Equal((UssdStatus.Done, null), Of(reply));
        d.EndsWith(ModemState.Online);
    }

    [Fact]
    public void A_text_in_hexadecimal_longer_than_any_message_is_read_and_breaks_nothing()
    {
        Dialogue d = CellularScenes.Online(Split.Whole);
        Task<UssdReply> reply = Send(d, "*100#", "AT+CUSD=1,\"*100#\",15");
        d.Say($"\r\n+CUSD: 0,\"{string.Concat(Enumerable.Repeat("0041", 300))}\",72\r\n");

        Assert.Equal(new string('A', 300), Of(reply).Text);
        d.EndsWith(ModemState.Online);
    }

    // Blanks around it are no digits either: with them an odd number of digits was one of four.
    [Theory]
    [InlineData(" 041", " 041")]
    [InlineData("  41", "  41")]
    public void Digits_that_make_no_characters_are_shown_as_they_came(string wire, string expected)
    {
        Dialogue d = CellularScenes.Online(Split.Whole);
        Task<UssdReply> reply = Send(d, "*100#", "AT+CUSD=1,\"*100#\",15");
        d.Say($"\r\n+CUSD: 0,\"{wire}\",72\r\n");

        Assert.Equal(expected, Of(reply).Text);
        d.EndsWith(ModemState.Online);
    }

    [Fact]
    public void Half_a_surrogate_pair_is_refused_and_nothing_is_sent()
    {
        Dialogue d = CellularScenes.Online(Split.Whole);

        Assert.Throws<ArgumentException>(() => { _ = d.Modem.Ussd.SendAsync("*1\ud83d#", Token); });
        d.EndsWith(ModemState.Online);
    }

    [Fact]
    public void A_text_without_an_end_swallows_no_answer()
    {
        Dialogue d = CellularScenes.Online(Split.Whole);
        Task<UssdReply> reply = Send(d, "*100#", "AT+CUSD=1,\"*100#\",15");
        d.Say("\r\n+CUSD: 0,\"cut sho\r\n");
        Task other = d.Do(() => d.Modem.Cellular.SetAutomaticClockAsync(true, Token));
        d.Hear("AT+CTZU=1");
        d.Say("\r\nOK\r\n");

        Assert.True(other.IsCompletedSuccessfully, $"{other.Exception}");
        Assert.False(reply.IsCompleted);
        d.Say("\r\n+CUSD: 0,\"whole\",15\r\n");
        Assert.Equal((UssdStatus.Done, "whole"), Of(reply));
    }

    [Fact]
    public void A_network_that_says_nothing_ends_the_call_and_the_dialogue()
    {
        Dialogue d = CellularScenes.Online(Split.Whole);
        Task<UssdReply> reply = Send(d, "*100#", "AT+CUSD=1,\"*100#\",15");
        d.Pass(60);
        d.Exchange("AT+CUSD=2");

        Assert.Contains("CUSD", Dialogue.FailureOf<CommandTimeoutException>(reply).Command, StringComparison.Ordinal);
        d.EndsWith(ModemState.Online);
    }

    [Fact]
    public void What_the_network_begins_is_told_and_one_code_is_on_its_way_at_a_time()
    {
        Dialogue d = CellularScenes.Online(Split.Whole);
        List<UssdReply> told = [];
        d.Modem.Ussd.Received += (_, reply) => told.Add(reply);
        Task listening = d.Do(() => d.Modem.Ussd.ListenAsync(Token));
        AskSet(d, "IRA");
        d.Exchange("AT+CUSD=1");
        Assert.True(listening.IsCompletedSuccessfully);
        d.Say("\r\n+CUSD: 0,\"Bill paid\",15\r\n");
        Assert.Equal([new UssdReply(UssdStatus.Done, "Bill paid")], told);

        Task<UssdReply> first = Send(d, "*1#", "AT+CUSD=1,\"*1#\",15");
        Task<UssdReply> second = d.Do(() => d.Modem.Ussd.SendAsync("*2#", Token));
        Dialogue.FailureOf<InvalidOperationException>(second);
        d.Say("\r\n+CUSD: 2\r\n");
        Assert.Equal((UssdStatus.EndedByNetwork, null), Of(first));
        Assert.Single(told);
    }

    [Fact]
    public void What_the_network_begins_is_read_in_the_set_in_force()
    {
        Dialogue d = CellularScenes.Online(Split.Whole);
        List<UssdReply> told = [];
        d.Modem.Ussd.Received += (_, reply) => told.Add(reply);
        d.Do(() => d.Modem.Ussd.ListenAsync(Token));
        AskSet(d, "UCS2");
        d.Exchange("AT+CUSD=1");
        d.Say("\r\n+CUSD: 0,\"00420069006C006C\",15\r\n");

        Assert.Equal([new UssdReply(UssdStatus.Done, "Bill")], told);
    }

    // The phonebook would set another set, in which the answer then came.
    [Fact]
    public void The_phonebook_waits_for_the_answer_of_the_network_before_it_sets_another_set()
    {
        Dialogue d = CellularScenes.Online(Split.Whole);
        Task<UssdReply> reply = Send(d, "*100#", "AT+CUSD=1,\"*100#\",15", "GSM");
        Task found = d.Do(() => d.Modem.Phonebook.FindAsync("\u4f60", Token));
        d.HearNothing();
        d.Say("\r\n+CUSD: 0,\"5 \u0002\",15\r\n");
        Assert.Equal("5 $", Of(reply).Text);

        AskSet(d, "GSM");
        d.Exchange("AT+CSCS=\"UCS2\"");
        Task<UssdReply> second = d.Do(() => d.Modem.Ussd.SendAsync("*1#", Token));
        d.Exchange("AT+CPBF=\"4F60\"");
        d.Exchange("AT+CSCS=\"GSM\"");
        Assert.True(found.IsCompletedSuccessfully);
        AskSet(d, "GSM");
        d.Exchange("AT+CUSD=1,\"*1#\",15");
        d.Say("\r\n+CUSD: 0\r\n");
        Assert.Equal(UssdStatus.Done, Of(second).Status);
        d.EndsWith(ModemState.Online);
    }

    private static void AskSet(Dialogue d, string set) => d.Exchange("AT+CSCS?", $"\r\n+CSCS: \"{set}\"\r\n\r\nOK\r\n");

    private static (UssdStatus Status, string? Text) Of(Task<UssdReply> reply) =>
        (Dialogue.ResultOf(reply).Status, Dialogue.ResultOf(reply).Text);

    private static Task<UssdReply> Send(Dialogue d, string text, string line, string set = "IRA")
    {
        Task<UssdReply> reply = d.Do(() => d.Modem.Ussd.SendAsync(text, Token));
        d.Exchange("AT+CSCS?", $"\r\n+CSCS: \"{set}\"\r\n\r\nOK\r\n");
        d.Exchange(line);
        return reply;
    }
}
