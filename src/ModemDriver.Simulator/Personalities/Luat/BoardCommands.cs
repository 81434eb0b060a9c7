using System.Globalization;
using System.Net;
using ModemDriver.Simulator.Personalities.Cellular;
using ModemDriver.Simulator.Wire;

namespace ModemDriver.Simulator.Personalities.Luat;

/// <summary>The supply, the network card at the USB, the place by cells and by satellites, the time by NTP.</summary>
internal sealed class BoardCommands(LuatModule module) : CommandGroup(module)
{
    private const int SupplyMillivolts = 3968;
    private const int BatteryPercent = 82;
    private const int LongestServer = 128;
    private const int NotFound = 1;
    private const int WrongQuestion = 6;
    private const int NoNetwork = 601;
    private const int TimeNetwork = 61;
    private const int TimeName = 62;
    private const int TimeLimit = 65;
    private const int RndisMode = 1;
    private const int EcmMode = 2;

    private readonly LuatModule _module = module;

    // 0: fed by the battery (TS 27.007 section 8.4)
    private string Battery => _module.Switches[LuatSwitches.BatteryForm] switch
    {
        "standard" => WireText.Format($"0,{BatteryPercent}"),
        "both" => WireText.Format($"0,{BatteryPercent},{SupplyMillivolts}"),
        _ => WireText.Format($"{SupplyMillivolts}"),
    };

    internal override IEnumerable<CommandEntry> Entries =>
    [
        new("+CBC") { Execute = Says(() => $"+CBC: {Battery}") },
        new("+RNDISCALL")
        {
            Test = Says(() => $"+RNDISCALL:(0-disable;1-enable)"),
            Read = Says(() => $"+RNDISCALL:{(Card.IsOn ? 1 : 0)}"),
            Set = At(SwitchCard),
        },
        new("+SETUSB")
        {
            Read = At(() =>
            {
                Respond.Lines([WireText.Format($"mode: {Card.Mode}"), "vid: 0x19d1", "pid: 0x1"]);
                return Outcome.Ok;
            }),
            Set = Takes(RndisMode, EcmMode, value => Card.Mode = value),
        },
        new("+ROUTEIP") { Read = Says(() => $"{Card.Gateway}"), Set = At(SetGateway) },
        new("+CIPGSMLOC") { Set = LocateAsync },
        new("+CNTPCID") { Read = Says(() => $"+CNTPCID: {_module.TimeBearer}"), Set = Takes(1, 3, value => _module.TimeBearer = value) },
        new("+CNTP") { Read = Says(() => $"+CNTP: \"{_module.TimeServer}\",{_module.TimeQuarters}"), Set = At(SetServer), Execute = At(FetchTime) },
        new("+CGNSPWR") { Read = Says(() => $"+CGNSPWR: {(_module.HasSatellites ? 1 : 0)}"), Set = Takes(0, 1, value => _module.HasSatellites = value == 1) },
        new("+CGNSINF") { Execute = At(TellSatellites) },
    ];

    private NetworkCardSettings Card => _module.Card;

    private bool HasBearer(int number) => number is >= 1 and <= 3 && _module.Bearers[number - 1].IsOpen;

    // AT+RNDISCALL=<0|1>      the older chips: AT+RNDISCALL=<0|1>,<whether for good>
    private Outcome SwitchCard(CommandCall call)
    {
        bool isOld = _module.Luat.Silicon == "8910";
        if (!call.Parameters.Takes(1, isOld ? 2 : 1) || !call.Parameters.Number(0, 0, 1, out int on)
            || !call.Parameters.NumberOr(1, 0, 0, 1, out _))
        {
            return WrongParameter;
        }

        Card.IsOn = on == 1;
        return Outcome.Ok;
    }

    // AT+ROUTEIP=192.168.<x>.2
    private Outcome SetGateway(CommandCall call)
    {
        if (!call.Parameters.Takes(1, 1) || IpStack.TryParse(call.Parameters.Text(0)) is not IPAddress gateway
            || gateway.GetAddressBytes() is not [192, 168, _, 2])
        {
            return WrongParameter;
        }

        Card.Gateway = gateway;
        return Outcome.Ok;
    }

    // AT+CIPGSMLOC=<1 place|2 time>,<bearer>     +CIPGSMLOC: 0,<latitude>,<longitude>,<date>,<time>
    private async ValueTask<Outcome> LocateAsync(CommandCall call)
    {
        if (!call.Parameters.Takes(2, 2) || !call.Parameters.Number(0, 0, 9, out int what)
            || !call.Parameters.Number(1, 1, 3, out int bearer))
        {
            return WrongParameter;
        }

        await Host.Clock.WaitAsync(Timings.Locate, call.Life);
        call.Life.ThrowIfCancellationRequested();
        string stamp = Host.Clock.Provider.GetUtcNow().UtcDateTime.AddHours(8)
            .ToString("yyyy'/'MM'/'dd','HH':'mm':'ss", CultureInfo.InvariantCulture);
        Respond.Line("+CIPGSMLOC: " + (
            !HasBearer(bearer) || !_module.Services.IsUp ? WireText.Format($"{NoNetwork}")
            : what is not (1 or 2) ? WireText.Format($"{WrongQuestion}")
            : what == 2 ? "0," + stamp
            : Host.Options.World.Mobile.Place is SimulatedPlace place
                ? string.Create(CultureInfo.InvariantCulture, $"0,{place.Latitude:F7},{place.Longitude:F7},{stamp}")
                : WireText.Format($"{NotFound}")));
        return Outcome.Ok;
    }

    private Outcome SetServer(CommandCall call)
    {
        if (!call.Parameters.Takes(2, 2) || !call.Parameters.Text(0, LongestServer, out string server) || server.Length == 0
            || !call.Parameters.Number(1, -47, 48, out int quarters))
        {
            return WrongParameter;
        }

        (_module.TimeServer, _module.TimeQuarters) = (server, quarters);
        return Outcome.Ok;
    }

    // OK, and then +CNTP: 1 or an error
    private Outcome FetchTime()
    {
        if (_module.TimeServer.Length == 0)
        {
            return WrongState;
        }

        CancellationToken life = _module.Life;
        return Outcome.OkThen(() => Host.Loop.StartHere(async () =>
        {
            int result = await AskForTimeAsync(life);
            life.ThrowIfCancellationRequested();
            Respond.Urc(WireText.Format($"+CNTP: {result}"));
        }));
    }

    private async Task<int> AskForTimeAsync(CancellationToken life)
    {
        await Host.Clock.WaitAsync(Timings.Connect, life);
        if (!HasBearer(_module.TimeBearer) || !_module.Services.IsUp)
        {
            return TimeNetwork;
        }

        if (await _module.Stack.ResolveAsync(_module.TimeServer, life) is null)
        {
            return TimeName;
        }

        if (!Host.Options.World.HasTimeService)
        {
            return TimeLimit;
        }

        DateTime utc = Host.Clock.Provider.GetUtcNow().UtcDateTime;
        _module.Time.Set(utc.AddMinutes(15 * _module.TimeQuarters), _module.TimeQuarters);
        return 1;
    }

    // +CGNSINF: <runs>,<fix>,<UTC>,<latitude>,<longitude>,<metres>,<knots>,<course>,<mode>,,<hdop>,<pdop>,<vdop>,,<in view>,
    //           <used>,<GLONASS used>,,<C/N0>,<hpa>,<vpa>
    private Outcome TellSatellites()
    {
        string stamp = Host.Clock.Provider.GetUtcNow().UtcDateTime.ToString("yyyyMMddHHmmss", CultureInfo.InvariantCulture);
        Respond.Line("+CGNSINF: " + (
            !_module.HasSatellites ? "0,,,,,,,,,,,,,,,,,,,,"
            : Host.Options.World.Mobile.Place is SimulatedPlace place
                ? string.Create(
                    CultureInfo.InvariantCulture,
                    $"1,1,{stamp},{place.Latitude:F6},{place.Longitude:F6},{place.AltitudeMetres:F1},0.0,0.0,3,,1.1,1.4,0.9,,14,9,3,,41,,")
                : $"1,0,{stamp},,,,,,1,,,,,,3,0,0,,,,"));
        return Outcome.Ok;
    }
}

/// <summary>How the network card is set, in the flash.</summary>
internal sealed class NetworkCardSettings
{
    /// <summary>AT+RNDISCALL. On, in firmware as it is shipped.</summary>
    internal bool IsOn { get; set; } = true;

    /// <summary>AT+SETUSB: 1 RNDIS, 2 ECM.</summary>
    internal int Mode { get; set; } = 1;

    /// <summary>AT+ROUTEIP.</summary>
    internal IPAddress Gateway { get; set; } = new([192, 168, 10, 2]);
}
