using ModemDriver.Tests.Quirks;

namespace ModemDriver.Tests.Cellular;

/// <summary>Voice calls on the wire, byte by byte.</summary>
public sealed class CallTests
{
    private const string Number = "+12025550123";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory, EverySplit]
    public void A_call_is_dialled_listed_and_ended(Split split)
    {
        Dialogue d = CellularScenes.Online(split);
        Task dialling = d.Do(() => d.Modem.Calls.DialAsync(Number, Token));
        d.Exchange($"ATD{Number};");
        Assert.True(dialling.IsCompletedSuccessfully);

        Task<IReadOnlyList<VoiceCall>> list = d.Do(() => d.Modem.Calls.ListAsync(Token));
        d.Exchange("AT+CLCC", "\r\n+CLCC: 1,0,3,0,0,\"12025550123\",145\r\n+CLCC: 2,1,5,1,1\r\n\r\nOK\r\n");
        Assert.Equal(
            [
                new VoiceCall(1, false, VoiceCallStatus.Alerting, Number),
                new VoiceCall(2, true, VoiceCallStatus.Waiting, null) { IsVoice = false, IsConference = true },
            ],
            Dialogue.ResultOf(list));

        Task tones = d.Do(() => d.Modem.Calls.SendTonesAsync("12#", Token));
        d.Exchange("AT+VTS=\"12#\"");
        Assert.True(tones.IsCompletedSuccessfully);
        Task ending = d.Do(() => d.Modem.Calls.HangUpAsync(Token));
        d.Exchange("AT+CHUP", "\r\nERROR\r\n");
        d.Exchange("ATH");
        Assert.True(ending.IsCompletedSuccessfully);
        d.EndsWith(ModemState.Online);
    }

    // Nobody has asked which character set the module has; the form tells.
    [Theory]
    [InlineData("002B00310032003000320035", 145, "+12025")]
    [InlineData("003100310030", 129, "110")]
    [InlineData("0031", 129, "0031")]
    [InlineData("00313031", 129, "00313031")]
    [InlineData("12025550", 129, "12025550")]
    public void A_number_in_hexadecimal_is_known_by_its_form(string wire, int type, string expected)
    {
        Dialogue d = CellularScenes.Online(Split.Whole);
        List<CallRing> rings = [];
        d.Modem.Calls.Ringing += (_, ring) => rings.Add(ring);
        d.Say($"\r\n+CLIP: \"{wire}\",{type},,,,0\r\n");
        Task<IReadOnlyList<VoiceCall>> list = d.Do(() => d.Modem.Calls.ListAsync(Token));
        d.Exchange("AT+CLCC", $"\r\n+CLCC: 1,1,4,0,0,\"{wire}\",{type}\r\n\r\nOK\r\n");

        Assert.Equal(expected, Assert.Single(rings).Number);
        Assert.Equal(expected, Assert.Single(Dialogue.ResultOf(list)).Number);
    }

    [Theory]
    [InlineData("BUSY")]
    [InlineData("NO ANSWER")]
    [InlineData("NO CARRIER")]
    [InlineData("NO DIALTONE")]
    public void A_call_that_fails_at_once_says_how(string word)
    {
        Dialogue d = CellularScenes.Online(Split.Whole);
        Task dialling = d.Do(() => d.Modem.Calls.DialAsync(Number, Token));
        d.Exchange($"ATD{Number};", $"\r\n{word}\r\n");

        Assert.Equal(word, Dialogue.FailureOf<CommandFailedException>(dialling).Result.Text);
        d.EndsWith(ModemState.Online);
    }

    [Theory, EverySplit]
    public void A_ring_is_told_with_its_caller_and_the_end_of_it(Split split)
    {
        Dialogue d = CellularScenes.Online(split);
        List<CallRing> rings = [];
        List<CallEnd> ends = [];
        d.Modem.Calls.Ringing += (_, ring) => rings.Add(ring);
        d.Modem.Calls.Ended += (_, end) => ends.Add(end);
        Task listening = d.Do(() => d.Modem.Calls.ListenAsync(Token));
        d.Exchange("AT+CLIP=1");
        Assert.True(listening.IsCompletedSuccessfully);

        d.Say("\r\nRING\r\n\r\n+CLIP: \"12025550123\",145,,,,0\r\n");
        d.Say("\r\n+CRING: VOICE\r\n\r\n+CLIP: \"\",128,,,,1\r\n");
        d.Say("\r\nRING\r\n");
        Assert.Equal(2, rings.Count);
        d.Pass(0.6);
        d.Say("\r\nNO CARRIER\r\n");

        Assert.Equal([new CallRing(Number, false), new CallRing(null, true), new CallRing(null, false)], rings);
        Assert.Equal([CallEnd.HungUp], ends);
        d.EndsWith(ModemState.Online);
    }

    [Fact]
    public void Without_the_word_for_the_caller_a_ring_is_told_at_once()
    {
        Dialogue d = CellularScenes.Online(Split.Whole);
        List<CallRing> rings = [];
        d.Modem.Calls.Ringing += (_, ring) => rings.Add(ring);

        d.Say("\r\nRING\r\n");

        Assert.Equal([new CallRing(null, false)], rings);
    }

    [Theory]
    [InlineData("")]
    [InlineData("+")]
    [InlineData("1;2")]
    [InlineData("12\r")]
    [InlineData("nobody")]
    public void What_is_no_number_is_refused_before_anything_is_sent(string number)
    {
        Dialogue d = CellularScenes.Online(Split.Whole);

        Assert.ThrowsAny<ArgumentException>(() => { _ = d.Modem.Calls.DialAsync(number, Token); });
        Assert.ThrowsAny<ArgumentException>(() => { _ = d.Modem.Calls.SendTonesAsync("E", Token); });
        d.EndsWith(ModemState.Online);
    }
}
