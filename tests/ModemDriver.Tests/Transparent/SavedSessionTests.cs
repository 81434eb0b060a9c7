using ModemDriver.Tests.Quirks;

namespace ModemDriver.Tests.Transparent;

/// <summary>A module that goes into its data state when it starts.</summary>
public sealed class SavedSessionTests
{
    [Theory, EverySplit]
    public void It_is_made_and_unmade_on_request(Split split)
    {
        Dialogue d = Dialogue.Online(split);
        TransparentRequest request = new("10.0.0.2", 80) { KeepAliveSeconds = 60 };
        Task saving = d.Do(() => d.Modem.SaveTransparentLinkAsync(request));
        d.Exchange("AT+SAVETRANSLINK=1,\"10.0.0.2\",80,\"TCP\",60");
        Assert.True(saving.IsCompletedSuccessfully);

        saving = d.Do(() => d.Modem.SaveTransparentLinkAsync(
            new TransparentRequest("a\"b", 5000) { Protocol = TransparentProtocol.Udp, LocalPort = 5001 }));
        d.Exchange("AT+SAVETRANSLINK=1,\"a\\\"b\",5000,\"UDP\",5001");
        Assert.True(saving.IsCompletedSuccessfully);

        saving = d.Do(() => d.Modem.ClearSavedTransparentLinkAsync());
        d.Exchange("AT+SAVETRANSLINK=0", "\r\nERROR\r\n");
        Assert.Equal("AT+SAVETRANSLINK=0", Dialogue.FailureOf<CommandFailedException>(saving).Command);
        d.EndsWith(ModemState.Online);
    }
}
