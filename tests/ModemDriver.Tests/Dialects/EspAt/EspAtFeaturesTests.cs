using ModemDriver.Dialects.EspAt;
using ModemDriver.Dialects.Standard;
using ModemDriver.Tests.Review;

namespace ModemDriver.Tests.Dialects.EspAt;

/// <summary>What AT firmware can do, and what happens when it cannot.</summary>
public sealed class EspAtFeaturesTests
{
    [Fact]
    public void Every_feature_has_one_row() =>
        Assert.Equal(Enum.GetValues<ModemFeature>(), EspAtFeatures.Table.Select(row => row.Feature));

    [Theory]
    [InlineData(ModemFeature.LongSend, "AT version:2.4.0.0(s-4c6eb5e - ESP32C3 - May 20 2022 03:12:58)", true)]
    [InlineData(ModemFeature.LongSend, "AT version:2.4.0.0(s-4c6eb5e - ESP8266 - May 20 2022 03:12:58)", false)]
    [InlineData(ModemFeature.LongSend, "AT version:2.3.0.0(s-4c6eb5e - ESP32 - May 20 2022 03:12:58)", false)]
    [InlineData(ModemFeature.ReceiveModePerLink, "AT version:3.3.0.0(s-9068de7 - ESP32C6 - May  9 2024 12:00:51)", true)]
    [InlineData(ModemFeature.ReceiveModePerLink, "AT version:4.0.0.0(s-3e8e6b7 - ESP32C6 - Dec 29 2023 12:00:51)", true)]
    [InlineData(ModemFeature.ReceiveModePerLink, "AT version:3.2.0.0(s-ec2dec2 - ESP32 - Jul 28 2023 07:05:28)", false)]
    [InlineData(ModemFeature.SoftApDisconnect, "AT version:1.7.6.0(May 24 2022 09:00:31)", false)]
    [InlineData(ModemFeature.WiFiCountry, "AT version:1.7.6.0(May 24 2022 09:00:31)", true)]
    [InlineData(ModemFeature.WiFiCountry, "AT version:2.0.0.0(29f9b5c - Mar 12 2020 11:43:38)", false)]
    [InlineData(ModemFeature.PassiveReceive, "AT version:0.40.0.0(Aug  8 2015 14:45:58)", false)]
    public void A_feature_depends_on_family_version_and_chip(ModemFeature feature, string version, bool has) =>
        Assert.Equal(has, new EspAtDialect(EspAtFirmware.Read([version])!).Supports(feature)); // it is one of these

    [Fact]
    public void Of_a_module_that_is_not_known_nothing_is_assumed() =>
        Assert.DoesNotContain(Enum.GetValues<ModemFeature>(), new PlainDialect([]).Supports);

    [Fact]
    public async Task What_the_firmware_cannot_do_is_refused_by_name_before_a_byte_is_sent()
    {
        RunnerRig rig = new();
        rig.Module.Answer = static line => line == "AT+GMR" ? "AT version:1.6.2.0(Apr 13 2018 11:10:59)\r\n\r\nOK\r\n"
            : line == "AT+CWJAP_CUR?" ? "+CWJAP_CUR:\"net\",\"00:11:22:33:44:55\",1,-50\r\n\r\nOK\r\n" : null;
        await rig.GoOnlineAsync();
        rig.Module.Sent.Clear();
        LinkRequest request = new("10.0.0.9", 7) { Allocation = LinkIdAllocation.ModuleAssigned };

        Task opening = rig.Start(() => rig.Runner.OpenLinkAsync(request, CancellationToken.None));

        FeatureNotSupportedException refused =
            await Assert.ThrowsAsync<FeatureNotSupportedException>(() => rig.FinishAsync(opening));
        Assert.Equal(ModemFeature.ModuleAssignedLinkId, refused.Feature);
        Assert.Equal("ESP8266 NonOS AT 1.6.2.0 does not support ModuleAssignedLinkId.", refused.Message);
        Assert.Empty(rig.Module.Sent);
        Assert.Equal(ModemState.Online, rig.Runner.State);
    }
}
