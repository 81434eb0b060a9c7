using System.Net;
using ModemDriver.Tests.Dialects.Luat;
using ModemDriver.Tests.Quirks;

namespace ModemDriver.Tests.Cellular;

/// <summary>What a module has beside its links, on the wire, byte by byte.</summary>
public sealed class BoardTests
{
    private const string V301849 = "AirM2M_720U_V301849_LTE_AT";
    private const string Bearer = "\r\n+SAPBR: 1,1,\"10.39.255.61\"\r\n\r\nOK\r\n";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("+CBC: 0,85", 85, null, false)]
    [InlineData("+CBC: 1,85,3812", 85, 3.812, true)]
    [InlineData("+CBC: 2,100,4200", 100, 4.2, false)]
    [InlineData("+CBC: 3968", null, 3.968, null)]
    [InlineData("+CBC:3.978V", null, 3.978, null)]
    [InlineData("+CBC: 3591mV", null, 3.591, null)]
    [InlineData("+CBC: 9,101,80", null, null, null)]
    public void A_supply_is_told_in_any_of_its_forms(string line, int? percent, double? volts, bool? isCharging)
    {
        Dialogue d = CellularScenes.Open(Split.Whole);
        Task<BatteryStatus?> read = d.Do(() => d.Modem.Board.ReadBatteryAsync(Token));
        d.Exchange("AT+CBC", $"\r\n{line}\r\n\r\nOK\r\n");

        Assert.Equal(new BatteryStatus(percent, volts, isCharging), Dialogue.ResultOf(read));
    }

    [Theory]
    [InlineData("+CBC: 80")]
    [InlineData("+CBC: ")]
    [InlineData("+CBC: full")]
    public void A_supply_that_cannot_be_read_is_none(string line)
    {
        Dialogue d = CellularScenes.Open(Split.Whole);
        Task<BatteryStatus?> read = d.Do(() => d.Modem.Board.ReadBatteryAsync(Token));
        d.Exchange("AT+CBC", $"\r\n{line}\r\n\r\nOK\r\n");

        Assert.Null(Dialogue.ResultOf(read));
    }

    [Theory, EverySplit]
    public void A_network_card_is_read_and_switched(Split split)
    {
        Dialogue d = LuatScenes.Online(split);
        Task<NetworkCardStatus> read = d.Do(() => d.Modem.Board.ReadNetworkCardAsync(Token));
        d.Exchange("AT+RNDISCALL?", "\r\n+RNDISCALL:1\r\n\r\nOK\r\n");
        d.Exchange("AT+SETUSB?", "\r\nmode: 2\r\nvid: 0x19d1\r\npid: 0x1\r\n\r\nOK\r\n");
        d.Exchange("AT+ROUTEIP?", "\r\n192.168.10.2\r\n\r\nOK\r\n");
        Assert.Equal(
            new NetworkCardStatus(true, NetworkCardKind.Ecm, IPAddress.Parse("192.168.10.2")), Dialogue.ResultOf(read));

        Task<bool> off = d.Do(() => d.Modem.Board.SetNetworkCardAsync(false, cancellationToken: Token));
        d.Exchange("AT+RNDISCALL?", "\r\n+RNDISCALL:1\r\n\r\nOK\r\n");
        d.Exchange("AT+RNDISCALL=0");
        Assert.True(Dialogue.ResultOf(off));

        Task<bool> again = d.Do(() => d.Modem.Board.SetNetworkCardAsync(false, cancellationToken: Token));
        d.Exchange("AT+RNDISCALL?", "\r\n+RNDISCALL:0\r\n\r\nOK\r\n");
        Assert.False(Dialogue.ResultOf(again));

        Task<bool> other = d.Do(() => d.Modem.Board.SetNetworkCardAsync(false, NetworkCardKind.Rndis, Token));
        d.Exchange("AT+RNDISCALL?", "\r\n+RNDISCALL:0\r\n\r\nOK\r\n");
        d.Exchange("AT+SETUSB?", "\r\nmode: 2\r\nvid: 0x19d1\r\npid: 0x1\r\n\r\nOK\r\n");
        d.Exchange("AT+SETUSB=1");
        Assert.True(Dialogue.ResultOf(other));
        d.EndsWith(ModemState.Online);
    }

    [Fact]
    public void The_older_chip_switches_at_once_and_has_neither_kind_nor_gateway_to_tell()
    {
        Dialogue d = Old();
        Task<bool> on = d.Do(() => d.Modem.Board.SetNetworkCardAsync(true, cancellationToken: Token));
        d.Exchange("AT+RNDISCALL?", "\r\n+RNDISCALL: 0\r\n\r\nOK\r\n");
        d.Exchange("AT+RNDISCALL=1,1");
        Assert.False(Dialogue.ResultOf(on));

        Task<NetworkCardStatus> read = d.Do(() => d.Modem.Board.ReadNetworkCardAsync(Token));
        d.Exchange("AT+RNDISCALL?", "\r\n+RNDISCALL: 1\r\n\r\nOK\r\n");
        d.Exchange("AT+SETUSB?", "\r\nERROR\r\n");
        d.Exchange("AT+ROUTEIP?", "\r\nERROR\r\n");
        Assert.Equal(new NetworkCardStatus(true, NetworkCardKind.Unknown, null), Dialogue.ResultOf(read));
    }

    [Theory, EverySplit]
    public void A_place_by_cells_is_asked_for_over_the_bearer(Split split)
    {
        Dialogue d = LuatScenes.Online(split);
        Task<CellLocation> locate = d.Do(() => d.Modem.Board.LocateByCellAsync(Token));
        d.Exchange("AT+SAPBR=2,1", Bearer);
        d.Exchange("AT+CIPGSMLOC=1,1", "\r\n+CIPGSMLOC: 0,34.7980542,-114.3204965,2024/08/20,11:11:58\r\n\r\nOK\r\n");

        Assert.Equal(
            new CellLocation(34.7980542, -114.3204965, new DateTime(2024, 8, 20, 11, 11, 58)), Dialogue.ResultOf(locate));
        d.EndsWith(ModemState.Online);
    }

    [Theory]
    [InlineData("\r\n+CIPGSMLOC: 1\r\n\r\nOK\r\n", BoardServiceFailure.NotFound, 1)]
    [InlineData("\r\n+CIPGSMLOC: 408\r\n\r\nOK\r\n", BoardServiceFailure.NoAnswer, 408)]
    [InlineData("\r\n+CIPGSMLOC: 601\r\n\r\nERROR\r\n", BoardServiceFailure.NoNetwork, 601)]
    [InlineData("\r\n+CIPGSMLOC: 0,134.7,114.3\r\n\r\nOK\r\n", BoardServiceFailure.Unknown, 0)]
    [InlineData("\r\n+CME ERROR: 3\r\n", BoardServiceFailure.Unknown, 3)]
    [InlineData("\r\nOK\r\n", BoardServiceFailure.Unknown, null)]
    public void A_place_that_nobody_knows_has_a_reason(string answer, BoardServiceFailure reason, int? code)
    {
        Dialogue d = LuatScenes.Online(Split.Whole);
        Task<CellLocation> locate = d.Do(() => d.Modem.Board.LocateByCellAsync(Token));
        d.Exchange("AT+SAPBR=2,1", Bearer);
        d.Exchange("AT+CIPGSMLOC=1,1", answer);

        BoardServiceException failure = Dialogue.FailureOf<BoardServiceException>(locate);
        Assert.Equal((reason, code), (failure.Reason, failure.Code));
        d.EndsWith(ModemState.Online);
    }

    [Fact]
    public void Satellites_tell_a_fix_with_its_units_or_none()
    {
        Dialogue d = Old();
        Task on = d.Do(() => d.Modem.Board.SetGnssAsync(true, Token));
        d.Exchange("AT+CGNSPWR=1");
        Assert.True(on.IsCompletedSuccessfully, $"{on.Exception}");

        Task<GnssReading?> searching = d.Do(() => d.Modem.Board.ReadGnssAsync(Token));
        d.Exchange("AT+CGNSINF", "\r\n+CGNSINF: 1,0,20240820111158,,,,,,1,,,,,,3,0,0,,,,\r\n\r\nOK\r\n");
        Assert.Equal(new GnssReading { SatellitesInView = 3 }, Dialogue.ResultOf(searching));

        Task<GnssReading?> found = d.Do(() => d.Modem.Board.ReadGnssAsync(Token));
        d.Exchange(
            "AT+CGNSINF",
            "\r\n+CGNSINF: 1,1,20240820111158,34.798054,114.320496,76.5,10.0,271.5,3,,1.1,1.4,0.9,,14,9,3,,41,,\r\n\r\nOK\r\n");
        Assert.Equal(
            new GnssReading
            {
                HasFix = true,
                Latitude = 34.798054,
                Longitude = 114.320496,
                AltitudeMetres = 76.5,
                SpeedKmh = 18.52,
                CourseDegrees = 271.5,
                HorizontalDilution = 1.1,
                Time = new DateTimeOffset(2024, 8, 20, 11, 11, 58, TimeSpan.Zero),
                SatellitesInView = 14,
                SatellitesUsed = 9,
            },
            Dialogue.ResultOf(found));

        Task<GnssReading?> off = d.Do(() => d.Modem.Board.ReadGnssAsync(Token));
        d.Exchange("AT+CGNSINF", "\r\n+CGNSINF: 0,,,,,,,,,,,,,,,,,,,,\r\n\r\nOK\r\n");
        Assert.Null(Dialogue.ResultOf(off));
    }

    [Theory, EverySplit]
    public void The_time_is_fetched_and_the_clock_is_read(Split split)
    {
        Dialogue d = LuatScenes.Online(split);
        Task<ModuleTime?> fetch = d.Do(() => d.Modem.Board.FetchTimeAsync("ntp.test", TimeSpan.FromHours(8), Token));
        AskForTime(d, 32);
        d.Exchange("AT+CNTP", "\r\nOK\r\n");
        d.Pass(2);
        d.Say("\r\n+CNTP:1\r\n");
        d.Exchange("AT+CCLK?", "\r\n+CCLK: \"26/07/01,16:00:06+32\"\r\n\r\nOK\r\n");

        Assert.Equal(
            new DateTimeOffset(2026, 7, 1, 16, 0, 6, TimeSpan.FromHours(8)), Dialogue.ResultOf(fetch)?.Time);
        d.EndsWith(ModemState.Online);
    }

    [Theory]
    [InlineData(61, BoardServiceFailure.NoNetwork)]
    [InlineData(62, BoardServiceFailure.NameNotFound)]
    [InlineData(63, BoardServiceFailure.NotReached)]
    [InlineData(65, BoardServiceFailure.NoAnswer)]
    [InlineData(7, BoardServiceFailure.Unknown)]
    public void A_time_that_does_not_come_has_a_reason(int code, BoardServiceFailure reason)
    {
        Dialogue d = LuatScenes.Online(Split.Whole);
        Task<ModuleTime?> fetch = d.Do(() => d.Modem.Board.FetchTimeAsync("ntp.test", cancellationToken: Token));
        AskForTime(d, 0);
        d.Exchange("AT+CNTP", $"\r\nOK\r\n\r\n+CNTP: {code}\r\n");

        BoardServiceException failure = Dialogue.FailureOf<BoardServiceException>(fetch);
        Assert.Equal((reason, code), (failure.Reason, failure.Code));
        d.EndsWith(ModemState.Online);
    }

    [Fact]
    public void A_module_that_is_switched_off_leaves_a_closed_modem()
    {
        Dialogue d = LuatScenes.Online(Split.Whole);
        Task down = d.Do(() => d.Modem.Board.PowerDownAsync(Token));
        d.Exchange("AT+CPOWD=1", "\r\nNORMAL POWER DOWN\r\n");

        Assert.True(down.IsCompletedSuccessfully, $"{down.Exception}");
        Assert.Equal(ModemState.Closed, d.Modem.State);
    }

    [Fact]
    public void What_a_firmware_lacks_is_refused_by_name_before_a_byte_is_sent()
    {
        Dialogue d = LuatScenes.Online(Split.Whole, LuatScenes.V1121);
        (ModemFeature Feature, Func<Task> Call)[] calls =
        [
            (ModemFeature.NetworkCard, () => d.Modem.Board.ReadNetworkCardAsync(Token)),
            (ModemFeature.NetworkCard, () => d.Modem.Board.SetNetworkCardAsync(true, cancellationToken: Token)),
            (ModemFeature.Gnss, () => d.Modem.Board.SetGnssAsync(true, Token)),
            (ModemFeature.Gnss, () => d.Modem.Board.ReadGnssAsync(Token)),
        ];
        foreach ((ModemFeature feature, Func<Task> call) in calls)
        {
            Assert.False(d.Modem.Supports(feature));
            Assert.Equal(feature, Dialogue.FailureOf<FeatureNotSupportedException>(d.Do(call)).Feature);
        }

        d.EndsWith(ModemState.Online);
    }

    private static void AskForTime(Dialogue d, int quarters)
    {
        d.Exchange("AT+SAPBR=2,1", Bearer);
        d.Exchange("AT+CNTPCID=1");
        d.Exchange($"AT+CNTP=\"ntp.test\",{quarters}");
    }

    // A chip that is not of EigenComm's, found but not yet online.
    private static Dialogue Old()
    {
        Dialogue d = new(Split.Whole);
        LuatScenes.FindModule(d, V301849);
        while (!d.Opening.IsCompleted)
        {
            string line = d.Wire.TakeWrite() ?? throw new InvalidOperationException("Nothing is asked.");
            d.Say(line.StartsWith("AT+CIPSHUT", StringComparison.Ordinal) ? "\r\nSHUT OK\r\n" : "\r\nOK\r\n");
        }

        return d;
    }
}
