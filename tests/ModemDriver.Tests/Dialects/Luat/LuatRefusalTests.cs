using ModemDriver.Tests.Quirks;

namespace ModemDriver.Tests.Dialects.Luat;

/// <summary>What these modules cannot do is refused by name, with the firmware, before a byte is sent.</summary>
public sealed class LuatRefusalTests
{
    [Theory, EverySplit]
    public void A_session_that_the_module_is_to_open_by_itself(Split split)
    {
        Dialogue d = LuatScenes.Online(split);

        IsNamed(ModemFeature.SavedTransparentLink, d, () => d.Modem.SaveTransparentLinkAsync(new TransparentRequest("10.0.0.2", 80)));
        IsNamed(ModemFeature.SavedTransparentLink, d, () => d.Modem.ClearSavedTransparentLinkAsync());
        LuatScenes.Works(d);
    }

    [Theory, EverySplit]
    public void A_datagram_to_others_than_the_peer_of_the_link(Split split)
    {
        Dialogue d = LuatScenes.OnlinePush(split);
        IsNamed(ModemFeature.UdpAnyPeer, d, () => d.Modem.OpenUdpAsync(new UdpRequest("0.0.0.0", 5000) { LocalPort = 5000 }));
        IsNamed(
            ModemFeature.UdpAnyPeer,
            d,
            () => d.Modem.OpenUdpAsync(new UdpRequest("10.0.0.2", 80) { PeerMode = UdpPeerMode.LastSender, LocalPort = 5000 }));

        Task<UdpLink> opening = d.Do(() => d.Modem.OpenUdpAsync(new UdpRequest("10.0.0.2", 80)));
        d.Exchange("AT+CIPSTART=5,\"UDP\",\"10.0.0.2\",80");
        d.Say("\r\n5, CONNECT OK\r\n");
        UdpLink link = Dialogue.ResultOf(opening);
        IsNamed(ModemFeature.UdpAnyPeer, d, () => link.SendToAsync("x"u8.ToArray(), "10.0.0.3", 80));
        IsNamed(ModemFeature.UdpAnyPeer, d, () => link.SendToAsync("x"u8.ToArray(), "10.0.0.2", 81));
        Task sending = d.Do(() => link.SendToAsync("x"u8.ToArray(), "10.0.0.2", 80));
        d.Exchange("AT+CIPSEND=5,1", "\r\n> ");
        d.HearBytes("x");
        d.Say("\r\nDATA ACCEPT:5,1\r\n");
        Assert.True(sending.IsCompletedSuccessfully, $"{sending.Exception}");
    }

    [Theory, EverySplit]
    public void Transparent_mode_and_TLS_of_a_chip_that_has_neither(Split split)
    {
        Dialogue d = LuatScenes.Online(split, LuatScenes.V1005);

        IsNamed(ModemFeature.TransparentMode, d, () => d.Modem.OpenTransparentAsync("10.0.0.2", 80), LuatScenes.V1005);
        IsNamed(
            ModemFeature.ModuleTls,
            d,
            () => d.Modem.ConnectAsync(new LinkRequest("10.0.0.2", 443) { ModuleTls = new ModuleTlsOptions() }),
            LuatScenes.V1005);
        IsNamed(ModemFeature.TcpServer, d, () => d.Modem.ListenAsync(80), LuatScenes.V1005);
        LuatScenes.Works(d);
    }

    private static void IsNamed(ModemFeature feature, Dialogue d, Func<Task> call, string firmware = LuatScenes.V1169)
    {
        Assert.False(d.Modem.Supports(feature));
        FeatureNotSupportedException refused = Dialogue.FailureOf<FeatureNotSupportedException>(d.Do(call));

        Assert.Equal(feature, refused.Feature);
        Assert.Contains($"Luat {firmware} does not support {feature}", refused.Message, StringComparison.Ordinal);
        d.HearNothing();
    }
}
