using ModemDriver.Tests.Quirks;

namespace ModemDriver.Tests.Cellular;

/// <summary>A wrong PIN in the options costs one try, ever: whatever the module tells, whenever the program ends.</summary>
public sealed class PinTests : IDisposable
{
    private const string Wants = "\r\n+CPIN: SIM PIN\r\n\r\nOK\r\n";
    private const string Iccid = "\r\n+ICCID: 898604A11123C0012345\r\n\r\nOK\r\n";
    private const string Wrong = "\r\n+CME ERROR: 16\r\n";

    private readonly string _folder = Directory.CreateTempSubdirectory("modemdriver-pin-").FullName;

    private string Record => Path.Combine(_folder, "sub", "refused-pins");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [EverySplit("\r\nOK\r\n\r\n+CPIN: READY\r\n"), EverySplit("\r\n+CPIN: READY\r\n\r\nOK\r\n")]
    public void A_right_PIN_is_given_once_and_leaves_nothing_behind(Split split, string answer)
    {
        Dialogue d = Open(split);
        Task online = Ask(d, Tries(3));
        d.Exchange("AT+CPIN=\"4711\"", answer);
        d.Exchange("AT+CPIN?", CellularScenes.Ready);
        d.Register();
        d.Activate();

        Assert.True(online.IsCompletedSuccessfully, $"{online.Exception}");
        Assert.Empty(File.ReadAllLines(Record));
    }

    [Theory]
    [EverySplit(false), EverySplit(true)]
    public void A_wrong_PIN_costs_one_try_over_ten_restarts_of_the_program(Split split, bool tellsTries)
    {
        int given = 0;
        for (int i = 0; i < 10; i++)
        {
            Dialogue d = Open(split);
            Task online = Ask(d, tellsTries ? Tries(3 - given) : CellularScenes.Refused);
            if (d.Wire.Unheard > 0)
            {
                given++;
                d.Exchange("AT+CPIN=\"4711\"", Wrong);
                d.Exchange("AT+CPINR", tellsTries ? Tries(2) : CellularScenes.Refused);
                Assert.Equal(SimFailure.PinRefused, Dialogue.FailureOf<SimException>(online).Reason);
            }
            else
            {
                SimException withheld = Dialogue.FailureOf<SimException>(online);
                Assert.Equal((SimFailure.PinWithheld, tellsTries ? 2 : (int?)null), (withheld.Reason, withheld.TriesLeft));
            }

            d.EndsWith(ModemState.Locked);
        }

        Assert.Equal(1, given);
    }

    [Theory, EverySplit]
    public void A_refused_PIN_stays_withheld_after_a_right_one_elsewhere_has_given_the_tries_back(Split split)
    {
        Dialogue first = Open(split);
        Ask(first, Tries(3));
        first.Exchange("AT+CPIN=\"4711\"", Wrong);
        first.Exchange("AT+CPINR", Tries(2));

        Dialogue second = Open(split);
        Task online = Ask(second, Tries(3));

        Assert.Equal(SimFailure.PinWithheld, Dialogue.FailureOf<SimException>(online).Reason);
        second.EndsWith(ModemState.Locked);
    }

    [Theory, EverySplit]
    public void A_program_that_ends_before_the_answer_has_used_its_one_try(Split split)
    {
        Dialogue first = Open(split);
        Ask(first, CellularScenes.Refused);
        first.Hear("AT+CPIN=\"4711\"");

        Dialogue second = Open(split);
        Task online = Ask(second, CellularScenes.Refused);

        Assert.Equal(SimFailure.PinWithheld, Dialogue.FailureOf<SimException>(online).Reason);
        second.EndsWith(ModemState.Locked);
    }

    [Theory, EverySplit]
    public void A_try_that_somebody_else_has_lost_withholds_the_PIN(Split split)
    {
        Dialogue d = Open(split);
        Task online = Ask(d, Tries(2));

        SimException withheld = Dialogue.FailureOf<SimException>(online);
        Assert.Equal((SimFailure.PinWithheld, 2), (withheld.Reason, withheld.TriesLeft));
        d.EndsWith(ModemState.Locked);
    }

    [Theory, EverySplit]
    public void Without_a_place_to_remember_a_refusal_the_PIN_is_not_used(Split split)
    {
        File.WriteAllText(Path.Combine(_folder, "sub"), "a file where the folder should be");
        Dialogue d = Open(split);
        Task online = Ask(d, CellularScenes.Refused);

        Assert.Equal(SimFailure.PinWithheld, Dialogue.FailureOf<SimException>(online).Reason);
        d.EndsWith(ModemState.Locked);
    }

    [Theory]
    [EverySplit("\r\n+CME ERROR: 14\r\n"), EverySplit("\r\n+CME ERROR: 3\r\n")]
    public void A_card_that_is_busy_or_not_asked_has_not_looked_at_the_PIN(Split split, string answer)
    {
        Dialogue first = Open(split);
        Task busy = Ask(first, Tries(3));
        first.Exchange("AT+CPIN=\"4711\"", answer);
        first.Exchange("AT+CPINR", Tries(3));
        Assert.Equal(SimFailure.NotReady, Dialogue.FailureOf<SimException>(busy).Reason);

        Dialogue second = Open(split);
        Ask(second, Tries(3));
        second.Hear("AT+CPIN=\"4711\"");
    }

    [Theory, EverySplit]
    public void A_PIN_of_the_owners_own_is_given_whatever_was_refused_and_unlocks_the_modem(Split split)
    {
        Dialogue d = Open(split, pin: null);
        Task online = Ask(d, Tries(2), asksForCard: false);
        Assert.Equal(SimFailure.PinRequired, Dialogue.FailureOf<SimException>(online).Reason);

        Task unlocking = d.Do(() => d.Modem.Cellular.UnlockAsync("4711"));
        d.Exchange("AT+CPIN?", Wants);
        d.Exchange("AT+CPINR", Tries(2));
        TellCard(d);
        d.Exchange("AT+CPIN=\"4711\"", "\r\nOK\r\n");
        d.Exchange("AT+CPIN?", Wants);
        d.Pass(0.5);
        d.Exchange("AT+CPIN?", CellularScenes.Ready);

        Assert.True(unlocking.IsCompletedSuccessfully, $"{unlocking.Exception}");
        d.EndsWith(ModemState.Ready);
    }

    [Theory, EverySplit]
    public void The_last_try_is_used_with_leave_only(Split split)
    {
        Dialogue d = Open(split);
        Task unlocking = d.Do(() => d.Modem.Cellular.UnlockAsync("4711"));
        d.Exchange("AT+CPIN?", Wants);
        d.Exchange("AT+CPINR", Tries(1));
        SimException withheld = Dialogue.FailureOf<SimException>(unlocking);
        Assert.Equal((SimFailure.PinWithheld, 1), (withheld.Reason, withheld.TriesLeft));

        Task last = d.Do(() => d.Modem.Cellular.UnlockAsync("4711", mayUseLastTry: true));
        d.Exchange("AT+CPIN?", Wants);
        d.Exchange("AT+CPINR", Tries(1));
        TellCard(d);
        d.Exchange("AT+CPIN=\"4711\"", "\r\n+CME ERROR: 12\r\n");
        d.Exchange("AT+CPINR", Tries(0));
        SimException blocked = Dialogue.FailureOf<SimException>(last);
        Assert.Equal((SimFailure.PukRequired, 10), (blocked.Reason, blocked.TriesLeft));
    }

    [Theory, EverySplit]
    public void A_PUK_unblocks_the_card_and_a_refused_one_tells_what_is_left(Split split)
    {
        Dialogue d = Open(split);
        Task refused = d.Do(() => d.Modem.Cellular.UnblockAsync("12345678", "4711"));
        d.Exchange("AT+CPIN?", "\r\n+CPIN: SIM PUK\r\n\r\nOK\r\n");
        d.Exchange("AT+CPIN=\"12345678\",\"4711\"", Wrong);
        d.Exchange("AT+CPINR", "\r\n+CPINR: \"SIM PIN\",0\r\n+CPINR: \"SIM PUK\",9\r\n\r\nOK\r\n");
        SimException failure = Dialogue.FailureOf<SimException>(refused);
        Assert.Equal((SimFailure.PukRefused, 9), (failure.Reason, failure.TriesLeft));
        Assert.DoesNotContain("12345678", failure.ToString(), StringComparison.Ordinal);

        Task unblocking = d.Do(() => d.Modem.Cellular.UnblockAsync("87654321", "4711"));
        d.Exchange("AT+CPIN?", "\r\n+CPIN: SIM PUK\r\n\r\nOK\r\n");
        d.Exchange("AT+CPIN=\"87654321\",\"4711\"", "\r\nOK\r\n");
        TellCard(d);
        d.Exchange("AT+CPIN?", CellularScenes.Ready);
        Assert.True(unblocking.IsCompletedSuccessfully, $"{unblocking.Exception}");
    }

    [Theory, EverySplit]
    public void A_card_that_wants_no_PIN_is_given_none(Split split)
    {
        Dialogue d = Open(split);
        Task unlocking = d.Do(() => d.Modem.Cellular.UnlockAsync("4711"));
        d.Exchange("AT+CPIN?", CellularScenes.Ready);
        d.Exchange("AT+CPIN?", CellularScenes.Ready);

        Assert.True(unlocking.IsCompletedSuccessfully, $"{unlocking.Exception}");
        Assert.False(File.Exists(Record));
    }

    [Fact]
    public void Neither_options_nor_their_mistakes_tell_a_PIN()
    {
        CellularOptions options = new() { Pin = "471142", Apn = new ApnOptions("iot") { Password = "topaz" } };
        ModemOptions wrong = new() { Cellular = options with { Pin = "47114242x" } };

        string text = $"{options} {new ModemOptions { Cellular = options }} {Assert.Throws<ArgumentException>(wrong.Validate)}";

        Assert.DoesNotContain("4711", text, StringComparison.Ordinal);
        Assert.DoesNotContain("topaz", text, StringComparison.Ordinal);
    }

    [Fact]
    public void The_file_holds_neither_PIN_nor_card_and_is_its_owners_alone()
    {
        Dialogue d = Open(Split.Whole);
        Ask(d, CellularScenes.Refused);
        d.Exchange("AT+CPIN=\"4711\"", Wrong);

        string text = File.ReadAllText(Record);
        Assert.DoesNotContain("4711", text, StringComparison.Ordinal);
        Assert.DoesNotContain("898604", text, StringComparison.Ordinal);
        Assert.Single(File.ReadAllLines(Record));
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Record));
        }
    }

    private static string Tries(int left) =>
        $"\r\n+CPINR: SIM PIN,{left},3\r\n+CPINR: SIM PUK,10,10\r\n\r\nOK\r\n";

    private static void TellCard(Dialogue d)
    {
        d.Exchange("AT+CCID", "\r\nERROR\r\n");
        d.Exchange("AT+ICCID", Iccid);
    }

    // Up to the question whether the PIN is given.
    private static Task Ask(Dialogue d, string tries, bool asksForCard = true)
    {
        Task online = d.Do(() => d.Modem.GoOnlineAsync());
        d.Exchange("AT+CFUN?", "\r\n+CFUN: 1\r\n\r\nOK\r\n");
        d.Exchange("AT+CPIN?", Wants);
        d.Exchange("AT+CPINR", tries);
        if (asksForCard)
        {
            TellCard(d);
        }

        return online;
    }

    private Dialogue Open(Split split, string? pin = "4711") =>
        CellularScenes.Open(split, options => options with { Pin = pin, PinRecordPath = Record });
}
