using ModemDriver.Simulator.Wire;

namespace ModemDriver.Simulator.Personalities.EspAt;

/// <summary>User guide, "Wi-Fi AT commands": mode and join.</summary>
internal sealed class WiFiCommands(EspAtModule module) : CommandGroup(module)
{
    internal override IEnumerable<CommandEntry> Entries =>
    [
        new("CWMODE")
        {
            Test = TestMode,
            Read = Says(call => $"+{call.Name}:{Scope(call).WiFiMode}\r\n"),
            Set = At(SetMode),
        },
        new("CWJAP") { Read = At(ReadJoin), Set = JoinAsync },
        new("CWQAP") { Execute = At(_ => Quit()) },
        new("CWSTATE") { Read = Says(_ => $"+CWSTATE:{ShownState},\"{Module.Station.Wanted?.Ssid}\"\r\n") },
        new("CWRECONNCFG")
        {
            Read = Says(_ => $"+CWRECONNCFG:{Current.ReconnectInterval},{Current.ReconnectCount}\r\n"),
            Set = At(SetReconnect),
        },
        new("CWAUTOCONN")
        {
            Read = Says(_ => $"+CWAUTOCONN:{(Current.AutoJoin ? 1 : 0)}"),
            Set = Takes(0, () => 1, (_, value) => Current.AutoJoin = Module.Stored.AutoJoin = value == 1),
        },
    ];

    private int ShownState => (int)(Module.Station is { Joined: not null, HasAddress: false }
        ? StationState.WithoutAddress
        : Module.Station.State);

    // Only NonOS has the test form.
    private CommandHandler? TestMode => Module.Profile.LowestWiFiMode == 1
        ? Says(call => $"+{call.Name}:(1-3)\r\n")
        : null;

    private Outcome SetMode(CommandCall call)
    {
        Parameters given = call.Parameters;
        int autoConnect = 1;
        if (!given.Takes(1, Module.Profile.LowestWiFiMode == 1 ? 1 : 2)
            || !given.Number(0, Module.Profile.LowestWiFiMode, 3, out int mode)
            || !given.NumberOr(1, 1, 0, 1, out autoConnect))
        {
            return given.Refusal;
        }

        bool wasStation = IsStation;
        Set(call, settings => settings.WiFiMode = mode);
        if (wasStation && !IsStation)
        {
            Module.Station.Quit();
        }
        else if (!wasStation && IsStation && autoConnect == 1)
        {
            Module.Station.BootJoin(TimeSpan.Zero);
        }

        Module.SoftAp.Update();
        return Outcome.Ok;
    }

    // +CWJAP:"<ssid>","<bssid>",<channel>,<rssi>[,fields of the release]
    private Outcome ReadJoin(CommandCall call)
    {
        if (Module.Station is not { Joined: AccessPoint joined, Wanted: JoinRequest wanted })
        {
            Respond.Reason("No AP");
            return Outcome.Ok;
        }

        string tail = string.Concat(Forms.JoinTail.Select(field => WireText.Format($",{wanted.Option(field)}")));
        Respond.Answer(WireText.Format(
            $"+{call.Name}:\"{joined.Ssid}\",\"{joined.Bssid}\",{joined.Channel},{joined.RssiDbm}{tail}\r\n"));
        return Outcome.Ok;
    }

    private async ValueTask<Outcome> JoinAsync(CommandCall call)
    {
        if (ReadRequest(call.Parameters) is not JoinRequest request)
        {
            return call.Parameters.Refusal;
        }

        if (!IsStation)
        {
            return Outcome.Failed;
        }

        Set(call, settings =>
        {
            settings.Join = request;
            settings.ReconnectInterval = request.Option(JoinField.ReconnectInterval);
        });
        JoinFailure failure = await Module.Station.JoinAsync(request, call.Life);
        if (failure == JoinFailure.None)
        {
            return Outcome.Ok;
        }

        Respond.Answer(WireText.Format($"+CWJAP:{(int)failure}\r\n"));
        Respond.Code(ErrorCode.ExecutionFailed);
        Respond.Answer(Forms.JoinFailureEnd);
        Module.Input.Idle();
        return Outcome.Said;
    }

    private JoinRequest? ReadRequest(Parameters given)
    {
        string ssid = "", password = "";
        string? bssid = null;
        IReadOnlyList<JoinField> fields = Forms.JoinOptions;
        if (!given.Takes(2, 3 + fields.Count)
            || !given.Text(0, 32, out ssid)
            || !given.Text(1, 64, out password)
            || !given.MacOrNone(2, out bssid))
        {
            return null;
        }

        var options = new Dictionary<JoinField, int>();
        for (int i = 0; i < fields.Count; i++)
        {
            (int least, int most) = Bounds(fields[i]);
            if (!given.NumberOr(3 + i, JoinRequest.Default(fields[i]), least, most, out int value))
            {
                return null;
            }

            options[fields[i]] = value;
        }

        return new JoinRequest(ssid, password, bssid) { Options = options };
    }

    private static (int Least, int Most) Bounds(JoinField field) => field switch
    {
        JoinField.ReconnectInterval => (0, 7200),
        JoinField.ListenInterval => (1, 100),
        JoinField.Timeout => (3, 600),
        JoinField.ProtectedFrames => (0, 3),
        _ => (0, 1),
    };

    private Outcome Quit()
    {
        if (Module.Switches[WiFiSwitches.QuitOrder] == "disconnect-first")
        {
            Module.Station.Quit();
            return Outcome.Ok;
        }

        Module.End(Outcome.Ok);
        Module.Station.Quit();
        return Outcome.Said;
    }

    private Outcome SetReconnect(CommandCall call)
    {
        Parameters given = call.Parameters;
        if (!given.Takes(2, 2)
            || !given.Number(0, 0, 7200, out int interval)
            || !given.Number(1, 0, 1000, out int count))
        {
            return given.Refusal;
        }

        Set(call, settings =>
        {
            settings.ReconnectInterval = interval;
            settings.ReconnectCount = count;
        });
        return Outcome.Ok;
    }
}
