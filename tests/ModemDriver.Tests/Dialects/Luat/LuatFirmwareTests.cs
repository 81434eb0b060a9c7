using ModemDriver.Dialects;
using ModemDriver.Dialects.Luat;

namespace ModemDriver.Tests.Dialects.Luat;

/// <summary>Who a module is, by its answer to <c>ATI</c>.</summary>
public sealed class LuatFirmwareTests
{
    [Theory]
    [InlineData("AirM2M_720SL_V545_LTE_AT", "Asr", "720SL", 545, "AT")]
    [InlineData("AirM2M_720U_V1628_LTE_AT", "Unisoc8910", "720U", 1628, "AT")]
    [InlineData("AirM2M_720U_V301849_LTE_AT", "Unisoc8910", "720U", 301849, "AT")]
    [InlineData("AirM2M_780E_V1169_LTE_AT", "Ec618", "780E", 1169, "AT")]
    [InlineData("AirM2M_780EG_V1168_LTE_AT", "Ec618", "780EG", 1168, "AT")]
    [InlineData("AirM2M_700E_V1169_LTE_LPAT", "Ec618", "700E", 1169, "LPAT")]
    [InlineData("AirM2M_780E_V1169_LTE_AT_VSIM", "Ec618", "780E", 1169, "AT_VSIM")]
    [InlineData("AirM2M_780EP_V1010_LTE_AT", "Ec718", "780EP", 1010, "AT")]
    [InlineData("AirM2M_780EPV_V1011_LTE_AT", "Ec718", "780EPV", 1011, "AT")]
    [InlineData("AirM2M_201_V1003_LTE_AT", "Ec718", "201", 1003, "AT")]
    [InlineData("AirM2M_780EQ_V1005_LTE_AT_FS", "Ec716", "780EQ", 1005, "AT_FS")]
    [InlineData("AirM2M_700ECQ_V1005_LTE_AT", "Ec716", "700ECQ", 1005, "AT")]
    [InlineData("AirM2M_999X_V1_LTE_AT", "Unknown", "999X", 1, "AT")]
    public void The_line_tells_chip_module_release_and_flavour(
        string line, string generation, string family, int version, string flavour)
    {
        LuatFirmware firmware = LuatFirmware.Read(["", line])!; // all of these are

        Assert.Equal(
            (Enum.Parse<LuatGeneration>(generation), family, version, flavour),
            (firmware.Generation, firmware.Family, firmware.Version, firmware.Flavour));
    }

    [Fact]
    public void What_bears_the_name_and_reads_on_otherwise_is_driven_as_what_all_can_do()
    {
        Dialect dialect = new LuatRecogniser().Recognise(["AirM2M_820 something new"])!; // it bears the name

        Assert.Equal("AirM2M_820 something new", dialect.Identity.Firmware);
        Assert.Null(dialect.Identity.Model);
        Assert.True(dialect.Supports(ModemFeature.TcpClient));
        Assert.False(dialect.Supports(ModemFeature.ModuleTlsServerName));
    }

    [Theory]
    [InlineData("Quectel")]
    [InlineData("SIM800 R14.18")]
    [InlineData("airm2m_780E_V1169_LTE_AT")]
    [InlineData("The AirM2M_780E_V1169_LTE_AT")]
    public void What_bears_another_name_is_somebody_else(string line) =>
        Assert.Null(new LuatRecogniser().Recognise([line]));
}
