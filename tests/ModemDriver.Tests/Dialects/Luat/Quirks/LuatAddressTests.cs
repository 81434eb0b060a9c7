using ModemDriver.Tests.Quirks;

namespace ModemDriver.Tests.Dialects.Luat.Quirks;

/// <summary>How the module's IP stack gets its address, loses it, and gets it back.</summary>
public sealed class LuatAddressTests
{
    [Theory, EverySplit("10.74.100.63"), EverySplit("010.083.172.111")]
    [Trait("Quirk", "L6")]
    [Trait("Quirk", "L14")]
    public void The_address_ends_its_answer_without_an_OK_and_its_zeros_are_no_octal(Split split, string address)
    {
        Dialogue d = Ready(split, out Task online);
        LuatScenes.Attach(d);
        d.Exchange("AT+CIPSHUT", "\r\nSHUT OK\r\n");
        d.Exchange("AT+CSTT");
        d.Exchange("AT+CIICR");
        d.Exchange("AT+CIFSR", $"\r\n{address}\r\n");
        d.Exchange("AT+CIFSR", $"\r\n{address}\r\n");

        Assert.True(online.IsCompletedSuccessfully, $"{online.Exception}");
        LuatScenes.Works(d);
    }

    [Theory, EverySplit("SHUT OK"), EverySplit("OK")]
    [Trait("Quirk", "L10")]
    [Trait("Quirk", "L13")]
    public void Shutting_ends_with_words_of_its_own_or_with_OK_and_goes_before_every_activation(Split split, string words)
    {
        Dialogue d = Ready(split, out Task online);
        LuatScenes.Attach(d);
        d.Exchange("AT+CIPSHUT", $"\r\n{words}\r\n");
        LuatScenes.GetAddress(d);
        d.Exchange("AT+CIFSR", "\r\n10.74.100.63\r\n");

        Assert.True(online.IsCompletedSuccessfully);
    }

    [Theory, EverySplit("\r\n+PDP: DEACT\r\n\r\n+CME ERROR: 65535\r\n"), EverySplit("\r\nERROR\r\n")]
    [Trait("Quirk", "L19")]
    public void An_activation_that_fails_is_told_by_name(Split split, string answer)
    {
        Dialogue d = Ready(split, out Task online);
        LuatScenes.Attach(d);
        d.Exchange("AT+CIPSHUT", "\r\nSHUT OK\r\n");
        d.Exchange("AT+CSTT");
        d.Exchange("AT+CIICR", answer);

        Assert.Equal(
            NetworkJoinFailure.ActivationFailed, Dialogue.FailureOf<NetworkJoinException>(online).Reason);
        Assert.Equal(ModemState.Ready, d.Modem.State);
        LuatScenes.Works(d);
    }

    [Theory, EverySplit("+PDP DEACT"), EverySplit("+PDP: DEACT"), EverySplit("+PDP:DEACT")]
    [Trait("Quirk", "L13")]
    public void An_address_that_the_network_takes_back_is_got_again_behind_a_shutting(Split split, string words)
    {
        Dialogue d = LuatScenes.Online(split);
        LinkStream link = LuatScenes.Connected(d);
        d.Say($"\r\n{words}\r\n");
        Assert.Equal(LinkFailure.PacketDataLost, d.ReadFailure(link).Reason);
        Assert.Equal(ModemState.Recovering, d.Modem.State);
        d.Miss();
    }

    [Theory, EverySplit("\r\n5, CLOSED\r\n\r\n+PDP DEACT\r\n"), EverySplit("\r\n+PDP DEACT\r\n\r\n5, CLOSED\r\n"),
     EverySplit("\r\n+CGEV: NW PDN DEACT 1\r\n\r\n+PDP DEACT\r\n")]
    [Trait("Quirk", "L13")]
    public void The_links_of_a_lost_address_are_told_before_it_behind_it_or_not(Split split, string words)
    {
        Dialogue d = LuatScenes.Online(split);
        LuatScenes.Connected(d);
        d.Say(words);
        Assert.Equal(ModemState.Recovering, d.Modem.State);
        d.Miss();
    }

    [Theory, EverySplit]
    public void A_change_of_the_mode_brings_the_address_back(Split split)
    {
        Dialogue d = LuatScenes.Online(split);
        Task changing = d.Do(() => d.Modem.SetConnectionModeAsync(ConnectionMode.Single));
        d.Exchange("AT+CIPSHUT", "\r\n+CGEV: ME PDN DEACT 1\r\n\r\nSHUT OK\r\n");
        d.Exchange("AT+CIPMUX=0");
        LuatScenes.GetAddress(d);

        Assert.True(changing.IsCompletedSuccessfully, $"{changing.Exception}");
        LuatScenes.ConnectedSingle(d);
        d.EndsWith(ModemState.Online, "0 Open " + LuatScenes.Peer);
    }

    [Theory, EverySplit]
    public void A_change_of_the_mode_that_loses_the_address_begins_a_recovery(Split split)
    {
        Dialogue d = LuatScenes.Online(split);
        Task changing = d.Do(() => d.Modem.SetConnectionModeAsync(ConnectionMode.Single));
        d.Exchange("AT+CIPSHUT", "\r\nSHUT OK\r\n");
        d.Exchange("AT+CIPMUX=0");
        d.Exchange("AT+CSTT");
        d.Exchange("AT+CIICR", "\r\nERROR\r\n");

        Assert.Contains("AT+CIICR", Dialogue.FailureOf<CommandFailedException>(changing).Message, StringComparison.Ordinal);
        Assert.Equal(ModemState.Recovering, d.Modem.State);
        d.Miss();
    }

    [Theory, EverySplit]
    [Trait("Quirk", "L10")]
    public void The_list_of_links_ends_behind_its_OK(Split split)
    {
        Dialogue d = LuatScenes.Online(split);
        LinkStream link = LuatScenes.Connected(d);
        d.Say("\r\nTCP ERROR:14\r\n");
        d.Hear("AT+CIPSTATUS");
        d.Say("\r\nOK\r\n");
        Task<CommandResponse> next = d.Send("AT+CSQ");
        d.HearNothing();
        d.Say(LuatScenes.Status("IP PROCESSING", 5)["\r\nOK\r\n".Length..]);
        d.Exchange("AT+CSQ", "\r\n+CSQ: 26,0\r\n\r\nOK\r\n");

        Assert.Equal(["+CSQ: 26,0"], Dialogue.ResultOf(next).Lines);
        Assert.Equal(LinkState.Open, link.Info.State);
    }

    private static Dialogue Ready(Split split, out Task online)
    {
        Dialogue d = new(split);
        LuatScenes.FindModule(d);
        LuatScenes.BringUp(d);
        d.Exchange("AT+CIPMUX=1");
        online = d.Do(() => d.Modem.GoOnlineAsync());
        return d;
    }
}
