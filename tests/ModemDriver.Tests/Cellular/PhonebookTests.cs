using ModemDriver.Tests.Quirks;

namespace ModemDriver.Tests.Cellular;

/// <summary>The phonebook on the wire, byte by byte.</summary>
public sealed class PhonebookTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory, EverySplit]
    public void All_entries_are_read(Split split)
    {
        Dialogue d = CellularScenes.Online(split);
        Task<IReadOnlyList<PhonebookEntry>> read = d.Do(() => d.Modem.Phonebook.ReadAsync(Token));
        AskSet(d, "IRA");
        d.Exchange("AT+CPBR=?", "\r\n+CPBR: (1-250),20,14\r\n\r\nOK\r\n");
        d.Exchange(
            "AT+CPBR=1,250",
            "\r\n+CPBR: 1,\"12025550123\",145,\"Ann, at home\"\r\n+CPBR: 7,\"110\",129,\"\"\r\n\r\nOK\r\n");

        Assert.Equal(
            [new PhonebookEntry(1, "+12025550123", "Ann, at home"), new PhonebookEntry(7, "110", "")],
            Dialogue.ResultOf(read));
        d.EndsWith(ModemState.Online);
    }

    [Fact]
    public void In_UCS2_numbers_and_names_are_hexadecimal()
    {
        Dialogue d = CellularScenes.Online(Split.Whole);
        Task<IReadOnlyList<PhonebookEntry>> found = d.Do(() => d.Modem.Phonebook.FindAsync("\u4f60", Token));
        AskSet(d, "UCS2");
        d.Exchange("AT+CPBF=\"4F60\"", "\r\n+CPBF: 2,\"002B0031\",145,\"4F60597D\"\r\n\r\nOK\r\n");

        Assert.Equal([new PhonebookEntry(2, "+1", "\u4f60\u597d")], Dialogue.ResultOf(found));
    }

    [Fact]
    public void A_name_that_needs_it_is_written_in_UCS2_and_the_set_is_set_back_also_when_it_was_refused()
    {
        Dialogue d = CellularScenes.Online(Split.Whole);
        Task written = d.Do(() => d.Modem.Phonebook.WriteAsync("+12", "J\u00f6rg", cancellationToken: Token));
        AskSet(d, "GSM");
        d.Exchange("AT+CSCS=\"UCS2\"");
        d.Exchange("AT+CPBW=,\"002B00310032\",145,\"004A00F600720067\"", "\r\n+CME ERROR: 24\r\n");
        d.Exchange("AT+CSCS=\"GSM\"");

        Assert.Equal(24, Dialogue.FailureOf<CommandFailedException>(written).CmeError?.Code);
        d.EndsWith(ModemState.Online);
    }

    [Theory]
    [InlineData("UCS2", "1234", "1234")]
    [InlineData("UCS2", "0031", "1")]
    [InlineData("UCS2", "003100320033", "123")]
    [InlineData("UCS2", "12025550", "12025550")]
    [InlineData("IRA", "003100320033", "003100320033")]
    public void A_number_is_read_in_hexadecimal_only_where_it_is(string set, string wire, string expected)
    {
        Dialogue d = CellularScenes.Online(Split.Whole);
        Task<IReadOnlyList<PhonebookEntry>> found = d.Do(() => d.Modem.Phonebook.FindAsync("A", Token));
        AskSet(d, set);
        d.Exchange(
            set == "UCS2" ? "AT+CPBF=\"0041\"" : "AT+CPBF=\"A\"",
            $"\r\n+CPBF: 2,\"{wire}\",129,\"0041\"\r\n\r\nOK\r\n");

        Assert.Equal(expected, Assert.Single(Dialogue.ResultOf(found)).Number);
    }

    [Fact]
    public void A_set_that_could_not_be_set_back_is_with_the_next_use_and_the_result_is_not_lost()
    {
        Dialogue d = CellularScenes.Online(Split.Whole);
        Task written = d.Do(() => d.Modem.Phonebook.WriteAsync("+12", "J\u00f6rg", cancellationToken: Token));
        AskSet(d, "GSM");
        d.Exchange("AT+CSCS=\"UCS2\"");
        d.Exchange("AT+CPBW=,\"002B00310032\",145,\"004A00F600720067\"");
        d.Exchange("AT+CSCS=\"GSM\"", "\r\n+CME ERROR: 14\r\n");
        Assert.True(written.IsCompletedSuccessfully, $"{written.Exception}");

        Task<IReadOnlyList<PhonebookEntry>> found = d.Do(() => d.Modem.Phonebook.FindAsync("A", Token));
        AskSet(d, "UCS2");
        d.Exchange("AT+CPBF=\"0041\"");
        d.Exchange("AT+CSCS=\"GSM\"");
        Assert.Empty(Dialogue.ResultOf(found));
        d.EndsWith(ModemState.Online);
    }

    [Fact]
    public void Half_a_surrogate_pair_is_refused_and_nothing_is_sent()
    {
        Dialogue d = CellularScenes.Online(Split.Whole);

        Assert.Throws<ArgumentException>(
            () => { _ = d.Modem.Phonebook.WriteAsync("+12", "J\ud83d", cancellationToken: Token); });
        Assert.Throws<ArgumentException>(() => { _ = d.Modem.Phonebook.FindAsync("J\ud83d", Token); });
        d.EndsWith(ModemState.Online);
    }

    [Fact]
    public void A_plain_name_needs_no_other_set_and_an_entry_is_deleted_by_its_place()
    {
        Dialogue d = CellularScenes.Online(Split.Whole);
        Task written = d.Do(() => d.Modem.Phonebook.WriteAsync("110", "Police", 3, Token));
        AskSet(d, "GSM");
        d.Exchange("AT+CPBW=3,\"110\",129,\"Police\"");
        Assert.True(written.IsCompletedSuccessfully);

        Task deleted = d.Do(() => d.Modem.Phonebook.DeleteAsync(3, Token));
        d.Exchange("AT+CPBW=3");
        Assert.True(deleted.IsCompletedSuccessfully);
        d.EndsWith(ModemState.Online);
    }

    [Fact]
    public void A_name_that_nobody_has_finds_nothing()
    {
        Dialogue d = CellularScenes.Online(Split.Whole);
        Task<IReadOnlyList<PhonebookEntry>> found = d.Do(() => d.Modem.Phonebook.FindAsync("Zoe", Token));
        AskSet(d, "IRA");
        d.Exchange("AT+CPBF=\"Zoe\"", "\r\n+CME ERROR: 22\r\n");

        Assert.Empty(Dialogue.ResultOf(found));
    }

    private static void AskSet(Dialogue d, string set) =>
        d.Exchange("AT+CSCS?", $"\r\n+CSCS: \"{set}\"\r\n\r\nOK\r\n");
}
