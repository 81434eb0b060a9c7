using System.Net;
using ModemDriver.Simulator.Faults;
using ModemDriver.Simulator.Wire;

namespace ModemDriver.Simulator.Personalities.EspAt;

/// <summary>A module with this firmware: its life from boot to reset, and its commands.</summary>
#pragma warning disable CA1001 // A token source without a timer holds nothing; Stop cancels it.
internal sealed class EspAtModule : Personality, IInputTarget
#pragma warning restore CA1001
{
    internal const string RawPrompt = "\r\n>";

    private static readonly TimeSpan LightSleepAfter = TimeSpan.FromSeconds(1);

    private readonly EspAtProfile _profile;
    private readonly CommandTable _commands;
    private CancellationTokenSource _life = new();
    private long _heardAt;

    internal EspAtModule(ModuleHost host, EspAtProfile profile)
    {
        Host = host;
        _profile = profile;
        Switches = new EspAtSwitches(profile, host.Options.Switches);
        Respond = new Responder(host, profile.Wire, Switches);
        Stored = FactorySettings();
        Settings = new VolatileSettings(Stored);
        Station = new Station(this);
        Mdns = new Mdns(this);
        IPv6 = new IPv6Station(this);
        SmartConfig = new SmartConfig(this);
        SoftAp = new SoftAp(this);
        Time = new ModuleTime(this);
        Opener = new LinkOpener(this);
        Sender = new LinkSender(this);
        Server = new EspAtServer(this);
        Tls = new LinkTls(this);
        Links = new LinkTable(this);
        Receiver = new LinkReceiver(this);
        Transparent = new TransparentSession(this);
        Mqtt = new MqttClient(this);
        Input = new InputMachine(host, this, Respond, profile.Wire, Switches);
        _commands = new CommandTable(
            profile,
            Switches,
            [
                .. new BasicCommands(this).Entries,
                .. new PowerCommands(this).Entries,
                .. new UartCommands(this).Entries,
                .. new WiFiCommands(this).Entries,
                .. new ScanCommands(this).Entries,
                .. new CountryCommands(this).Entries,
                .. new RadioCommands(this).Entries,
                .. new SmartConfigCommands(this).Entries,
                .. new SoftApCommands(this).Entries,
                .. new TimeCommands(this).Entries,
                .. new AddressCommands(this).Entries,
                .. new LinkCommands(this).Entries,
                .. new SendCommands(this).Entries,
                .. new ReceiveCommands(this).Entries,
                .. new TransparentCommands(this).Entries,
                .. new ServerCommands(this).Entries,
                .. new TlsCommands(this).Entries,
                .. new LongSendCommands(this).Entries,
                .. new BufferCommands(this).Entries,
                .. new NameCommands(this).Entries,
                .. new MqttCommands(this).Entries,
                .. new MqttMessageCommands(this).Entries,
            ]);
        host.Uart.Input.RxBytes = profile.UartRxBytes;
        host.Uart.TxBytes = profile.UartTxBytes;
    }

    internal ModuleHost Host { get; }

    internal EspAtProfile Profile => _profile;

    internal WireForms Forms => _profile.Wire;

    internal EspAtSwitches Switches { get; }

    internal Responder Respond { get; }

    internal InputMachine Input { get; }

    internal Station Station { get; }

    internal Mdns Mdns { get; }

    internal IPv6Station IPv6 { get; }

    internal SmartConfig SmartConfig { get; }

    internal SoftAp SoftAp { get; }

    internal ModuleTime Time { get; }

    internal LinkTable Links { get; }

    internal LinkReceiver Receiver { get; }

    internal LinkOpener Opener { get; }

    internal LinkSender Sender { get; }

    internal EspAtServer Server { get; }

    internal LinkTls Tls { get; }

    internal IPAddress SoftApAddress => Settings.Current.SoftApAddress;

    internal TransparentSession Transparent { get; }

    internal MqttClient Mqtt { get; }

    internal CommandTable Commands => _commands;

    /// <summary>The flash.</summary>
    internal StoredSettings Stored { get; private set; }

    internal VolatileSettings Settings { get; private set; }

    /// <summary>Ends with the next reset.</summary>
    public CancellationToken Life => _life.Token;

    internal override void Boot(ResetCause? cause)
    {
        Stop();
        _life = new CancellationTokenSource();
        Settings = new VolatileSettings(Stored);
        Settings.Uart = Stored.Uart ?? new UartSettings(Host.Options.BitRate, 8, 1, 0, 0);
        Host.Uart.ResetTo(Line(Settings.Uart));
        Respond.SysLog = false;
        if (cause is null)
        {
            Input.Idle();
            SoftAp.Update();
            Station.BootJoin(TimeSpan.Zero);
        }
        else
        {
            Host.Loop.StartHere(() => BootAsync(cause.Value, Life));
        }
    }

    internal override void Stop()
    {
        _life.Cancel();
        Input.Reset();
        Transparent.Reset();
        Server.Stop();
        Mqtt.Reset();
        Links.Abort();
        Station.Reset();
        Mdns.Stop();
        IPv6.Reset();
        SmartConfig.Stop();
        SoftAp.Reset();
        Time.Reset();
    }

    internal override void Receive(ReadOnlySpan<byte> chunk)
    {
        bool isAsleep = Settings.Sleep == Forms.LightSleep
            && Input.State == InputState.Command
            && Host.Clock.Since(_heardAt) >= LightSleepAfter
            && Switches[WiFiSwitches.LightSleep] == "deaf";
        _heardAt = Host.Clock.Now;
        if (isAsleep)
        {
            Host.Trace("! lost in light sleep: " + WireText.Escape(chunk));
        }
        else
        {
            Input.Receive(chunk);
        }
    }

    internal override void WorldChanged()
    {
        Station.WorldChanged();
        SoftAp.Update();
    }

    internal override void Heard(SmartConfigMessage message) => SmartConfig.Hear(message);

    /// <summary>What the radio hears: the access points in range, on channels of the country.</summary>
    internal IEnumerable<AccessPoint> InRange => Host.Options.World.Heard(Host.Clock.Elapsed)
        .Where(known => Settings.Current.Country.Has(known.Channel));

    internal void AddressObtained()
    {
        Time.AddressObtained();
        Mdns.AddressObtained();
        IPv6.Update();
    }

    /// <summary>AT+RST and AT+RESTORE, after their OK.</summary>
    internal void Restart()
    {
        Host.Trace("! software reset");
        Host.Faults.ReleaseNow(Host.Uart);
        Boot(ResetCause.Software);
    }

    internal void RestoreFactory() => Stored = new StoredSettings();

    public void ForceRestart()
    {
        Respond.Urc("\r\nWill force to restart!!!\r\n");
        if (Switches.IsOn(EspAtSwitches.OkBeforeForcedRestart))
        {
            Respond.Ok();
        }

        Restart();
    }

    public void Execute(string line)
    {
        Host.Trace("! command " + WireText.Escape(WireText.Bytes(line)));
        CommandFate fate = Host.Faults.Begin(line);
        if (fate is CommandFate.Refused or CommandFate.BusyButExecuted)
        {
            Respond.Busy(sending: false);
        }

        if (fate == CommandFate.Refused)
        {
            Input.Idle();
        }
        else if (fate != CommandFate.Dropped)
        {
            Host.Loop.StartHere(() => ExecuteAsync(line, Life));
        }
        else if (Input.State == InputState.Busy)
        {
            Input.Idle(); // Unplugged: the line is lost, the module lives on.
        }
    }

    /// <summary>A line about Wi-Fi; kept silent in transparent mode, unless AT+SYSMSG wants it.</summary>
    internal void SayWiFi(string text)
    {
        if (!Settings.Transparent || Transparent.ShowsStateTexts)
        {
            Respond.Urc(text);
        }
    }

    /// <summary>The command under way has ended: its result, and the next line may come.</summary>
    internal void End(Outcome outcome)
    {
        if (outcome.Kind == OutcomeKind.Said)
        {
            return;
        }

        if (outcome.Kind == OutcomeKind.Ok)
        {
            Respond.Ok();
        }
        else
        {
            Respond.Error(outcome.Code);
        }

        Input.Idle();
    }

    /// <summary>What AT+UART_CUR means for the port.</summary>
    internal LineSettings Line(UartSettings uart) =>
        new(uart.BitRate, (uart.FlowControl & 1) != 0, (uart.FlowControl & 2) != 0, Switches.IsOn(WiFiSwitches.CtsWired));

    /// <summary>AT+GSLP: everything stops until a timer, or nobody, resets the chip.</summary>
    internal void SleepDeeply(TimeSpan? time)
    {
        Host.Trace("! deep sleep");
        Host.Faults.ReleaseNow(Host.Uart);
        Stop();
        _life = new CancellationTokenSource();
        CancellationToken life = Life;
        if (time is TimeSpan duration)
        {
            Host.Loop.StartHere(async () =>
            {
                await Host.Clock.WaitAsync(duration, life);
                life.ThrowIfCancellationRequested();
                Boot(ResetCause.External);
            });
        }
    }

    private StoredSettings FactorySettings() => Host.Options.StoredSsid is string ssid
        ? new StoredSettings { Join = new JoinRequest(ssid, Host.Options.StoredPassword, null) }
        : new StoredSettings();

    private async Task BootAsync(ResetCause cause, CancellationToken life)
    {
        Host.Trace("! boot: " + cause);
        var texts = new BootTexts(Switches);
        Respond.Urc(texts.Rom(cause));
        await Host.Clock.WaitAsync(Host.Timings.Boot, life);
        string prompt = Stored.SavedLink is null ? "" : Switches[LinkSwitches.SavedLinkPrompt];
        Respond.Urc(prompt == "before-ready" ? RawPrompt : "");
        Respond.Urc(texts.Ready);
        if (Stored.SavedLink is LinkRequest saved)
        {
            Respond.Urc(prompt == "after-ready" ? RawPrompt : "");
            Settings.Transparent = true;
            Transparent.Boot(saved);
        }

        bool isBusy = Stored.SavedLink is null && Station.JoinsAtBoot && Switches.IsOn(WiFiSwitches.BusyUntilJoined);
        if (isBusy)
        {
            Input.Busy();
        }
        else if (Stored.SavedLink is null)
        {
            Input.Idle();
        }

        SoftAp.Update();
        Station.BootJoin(Host.Timings.AutoJoin, isBusy ? Input.Idle : null);
    }

    private async Task ExecuteAsync(string line, CancellationToken life)
    {
        if (line.Length == 0)
        {
            End(Switches[EspAtSwitches.EmptyLine] == "error" ? Outcome.Error(ErrorCode.NoAt) : Outcome.Said);
            Input.Idle();
            return;
        }

        CommandLine? parsed = CommandLine.Parse(CommandLine.SkipNoise(line, Switches));
        Outcome outcome = parsed is CommandLine command
            ? await RunAsync(command, life)
            : Outcome.Error(ErrorCode.NoAt);
        life.ThrowIfCancellationRequested();
        End(outcome);
    }

    private async ValueTask<Outcome> RunAsync(CommandLine line, CancellationToken life)
    {
        CommandEntry? entry = _commands.Find(line.Name, out SettingScope scope);
        if (entry is null)
        {
            return Outcome.Error(ErrorCode.UnknownCommand);
        }

        CommandHandler? handler = entry.Form(line.Form);
        if (handler is null)
        {
            return Outcome.Error(ErrorCode.WrongOperation);
        }

        Parameters parameters = line.Form == CommandForm.Set ? Parameters.Parse(line.Text) : new Parameters();
        if (parameters.Mistake != 0)
        {
            return parameters.Refusal;
        }

        bool stores = scope switch
        {
            SettingScope.Current => false,
            SettingScope.Stored => true,
            _ => Settings.Stores,
        };
        return await handler(new CommandCall(line.Name, parameters, stores, life));
    }
}
