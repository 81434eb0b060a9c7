using System.Globalization;
using System.Net;
using ModemDriver.Simulator.Personalities.Cellular;
using ModemDriver.Simulator.Personalities.Luat.Services;
using ModemDriver.Simulator.Wire;

namespace ModemDriver.Simulator.Personalities.Luat;

/// <summary>A module with this vendor's AT firmware.</summary>
internal sealed class LuatModule : CellularModule
{
    // ^boot.rom, bytes that nobody can read, and a backslash and an n in the place of a line end.
    private const string Banner = "^boot.rom\x01'v\x02\x81\x7f'!\\n";

    private bool _hasSaidMessages;
    private long _heardAt;

    internal LuatModule(ModuleHost host, LuatProfile profile)
        : base(host, profile.Core, LuatSwitches.All)
    {
        Luat = profile;
        Stack = new IpStack(this);
        Links = new LinkTable(this);
        Opener = new LinkOpener(this);
        Receiver = new LinkReceiver(this);
        Sender = new LinkSender(this);
        Transparent = new TransparentSession(this);
        Heartbeat = new Heartbeat(this);
        Tls = new TlsStore();
        Handshake = new LinkTls(this);
        Files = new FileStore(profile.FileBytes);
        Services = new ServiceNetwork(this);
        Mqtt = new LuatMqttClient(this);
        Ftp = new FtpClient(this);
        Http = new HttpCommands(this);
        Packet.Resumed = Links.Resume;
    }

    internal LuatProfile Luat { get; }

    internal IpStack Stack { get; }

    internal LinkTable Links { get; }

    internal LinkOpener Opener { get; }

    internal LinkReceiver Receiver { get; }

    internal LinkSender Sender { get; }

    internal TransparentSession Transparent { get; }

    internal TlsStore Tls { get; private set; }

    internal LinkTls Handshake { get; }

    /// <summary>In the flash.</summary>
    internal FileStore Files { get; }

    internal ServiceNetwork Services { get; }

    internal LuatMqttClient Mqtt { get; }

    internal FtpClient Ftp { get; }

    internal HttpCommands Http { get; }

    internal IReadOnlyList<Bearer> Bearers { get; private set; } = [];

    /// <summary>AT+CDNSCFG.</summary>
    internal IReadOnlyList<IPAddress> NameServers { get; set; } = [];

    internal IpSettings Ip { get; private set; } = new();

    /// <summary>AT+CIPSCONT, in the flash.</summary>
    internal IpSettings StoredIp { get; private set; } = new();

    /// <summary>AT+CPNETAPN, in the flash.</summary>
    internal NetworkAccess Access { get; set; } = NetworkAccess.None;

    internal Heartbeat Heartbeat { get; }

    /// <summary>AT+CSCLK: 0 awake, 1 a pin decides, 2 asleep when the port rests, 3 more deeply.</summary>
    internal int SleepMode { get; set; }

    /// <summary>AT+WAKETIM: how long the port rests before that.</summary>
    internal int WakeSeconds { get; set; } = 1;

    /// <summary>In the flash.</summary>
    internal NetworkCardSettings Card { get; private set; } = new();

    /// <summary>AT+CGNSPWR.</summary>
    internal bool HasSatellites { get; set; }

    /// <summary>AT+CNTPCID; 0: not set.</summary>
    internal int TimeBearer { get; set; }

    /// <summary>AT+CNTP.</summary>
    internal string TimeServer { get; set; } = "";

    /// <summary>AT+CNTP, its zone.</summary>
    internal int TimeQuarters { get; set; }

    /// <summary>AT+EEMOPT.</summary>
    internal bool ShowsEngineering { get; set; }

    /// <summary>AT*CSQ.</summary>
    internal bool ReportsSignal { get; set; }

    /// <summary>What AT*EXINFO? says of the last boot.</summary>
    internal int BootCause { get; private set; }

    internal override string ErrorFormLead => "+CMEE :";

    internal string Blank => Switches.IsOn(LuatSwitches.LinkBlank) ? " " : "";

    /// <summary>What stands before results of one of several links.</summary>
    internal string Prefix(LuatLink link) =>
        Ip.IsMultiple ? string.Create(CultureInfo.InvariantCulture, $"{link.Id},{Blank}") : "";

    internal override void ServiceFound(MobileCell cell)
    {
        bool isLte = cell.Technology == MobileTechnology.Lte;
        Respond.Urc(isLte ? "^MODE: 17,17" : "^MODE: 3,2");
        Respond.Urc(isLte ? "+E_UTRAN Service" : "+GSM Service");
    }

    internal override bool IsInData => Transparent.IsActive;

    internal override void Registered()
    {
        if (!_hasSaidMessages && !Luat.HasBanner && Switches[LuatSwitches.BootOrder] == "late-sms")
        {
            _hasSaidMessages = true;
            Respond.Urc("SMS READY");
        }
    }

    internal override void ServiceLost()
    {
        Respond.Urc("^MODE: 0,0");
        if (Radio.Function == 1)
        {
            Respond.Urc("+NO Service");
        }
    }

    internal override void CardSaid(string code)
    {
        if (Switches[LuatSwitches.CardLine] == "bare")
        {
            Respond.Raw($"+CPIN: {code} 0");
        }
        else
        {
            base.CardSaid(code);
        }
    }

    internal override void ContextActivated(int context) =>
        Packet.SayEvent(string.Create(CultureInfo.InvariantCulture, $"ME PDN ACT {context}{Luat.ActivationTail}"));

    internal override void ContextLost(int context)
    {
        if (Stack.Lose(context))
        {
            Links.ContextLost();
        }

        if (context == Packet.Default.Number)
        {
            Mqtt.Lose();
            Ftp.Lose();
        }

        for (int i = 0; i < Bearers.Count && context == Packet.Default.Number; i++)
        {
            if (Bearers[i].IsOpen)
            {
                Bearers[i].IsOpen = false;
                Respond.Urc(WireText.Format($"+SAPBR {i + 1}: DEACT"));
            }
        }
    }

    // +NITZ: yy/MM/dd,hh:mm:ss+zz,<daylight>   or, of some, with the year in full and UTC
    internal override void TimeTold(DateTime utc, int quarters)
    {
        string text = Switches[LuatSwitches.NitzForm] switch
        {
            "utc" => utc.ToString("yyyy'/'MM'/'dd','HH':'mm':'ss", CultureInfo.InvariantCulture) + "+0,0",
            "empty" => utc.ToString("yyyy'/'MM'/'dd','HH':'mm':'ss", CultureInfo.InvariantCulture) + "+0, ",
            _ => utc.AddMinutes(15 * quarters).ToString("yy'/'MM'/'dd','HH':'mm':'ss", CultureInfo.InvariantCulture)
                + NetworkTime.Zone(quarters) + ",0",
        };
        Respond.Urc("+NITZ: " + text);
    }

    protected override void Starting()
    {
        Ip = StoredIp with { LocalPorts = [.. StoredIp.LocalPorts] };
        Tls = new TlsStore();
        Bearers = [new Bearer(), new Bearer(), new Bearer()];
        NameServers = Host.Options.World.Mobile.NameServers;
        ShowsEngineering = ReportsSignal = _hasSaidMessages = false;
        Stack.Reset();
        ApplyAccess();
    }

    protected override void Stopping()
    {
        Respond.Forget();
        Links.Abort();
        Transparent.Reset();
        Heartbeat.Reset();
        Mqtt.Reset();
        Ftp.Reset();
        Http.Reset();
        (SleepMode, WakeSeconds) = (0, 1);
        (HasSatellites, TimeBearer, TimeServer, TimeQuarters) = (false, 0, "", 0);
    }

    internal void StoreIp() => StoredIp = Ip with { LocalPorts = [.. Ip.LocalPorts] };

    /// <summary>AT+RSTSET: the flash as it came.</summary>
    internal void ForgetStored()
    {
        StoredIp = new IpSettings();
        Access = NetworkAccess.None;
        Card = new NetworkCardSettings();
        Stored = FactorySettings();
    }

    /// <summary>The default context is asked for as AT+CPNETAPN says.</summary>
    internal void ApplyAccess()
    {
        PacketContext shared = Packet.Default;
        (shared.Apn, shared.User, shared.Password) = (Access.Apn, Access.User, Access.Password);
        shared.Authentication = Access.Authentication;
    }

    internal override void Receive(ReadOnlySpan<byte> chunk)
    {
        if (SleepMode >= 2 && Input.IsResting && Host.Clock.Since(_heardAt) >= TimeSpan.FromSeconds(WakeSeconds))
        {
            Host.Trace("! asleep");
            LoseLines(SleepMode == 2 ? 1 : 2);
        }

        _heardAt = Host.Clock.Now;
        base.Receive(chunk);
    }

    internal override void WorldChanged()
    {
        base.WorldChanged();
        if (ReportsSignal)
        {
            SayReports();
        }
    }

    // +CSQ:, +CESQ: and *CESQ: with SINR as its last field
    internal void SayReports()
    {
        if (Input.State != InputState.Deaf && Radio.Measure() is CellSignal signal)
        {
            string quality = WireText.Format(
                $"99,99,255,255,{RegistrationCommands.RsrqIndex(signal)},{RegistrationCommands.RsrpIndex(signal)}");
            Respond.Urc(WireText.Format($"+CSQ: {RegistrationCommands.StrengthIndex(signal)},0"));
            Respond.Urc("+CESQ: " + quality);
            Respond.Urc(WireText.Format($"*CESQ: {quality},{(int)Math.Round(signal.SinrDb)}"));
        }
    }

    protected override async Task SayBootAsync(ResetCause cause, CancellationToken life)
    {
        BootCause = cause switch
        {
            ResetCause.PowerOn => 0,
            ResetCause.External => 5,
            ResetCause.Software => 3,
            ResetCause.Watchdog => 8,
            _ => 4,
        };
        if (Luat.HasBanner)
        {
            Respond.Raw(Banner);
        }

        await Host.Clock.WaitAsync(Host.Timings.Cellular.Boot, life);
        life.ThrowIfCancellationRequested();
        Respond.Urc("RDY");
        string order = Switches[LuatSwitches.BootOrder];
        if (Luat.HasBanner || order == "rdy")
        {
            return;
        }

        if (order != "late-sms")
        {
            Respond.Urc("SMS READY");
        }

        if (order == "rdy-sms-uart")
        {
            Respond.Urc("UART Boot Completed");
        }
    }

    protected override IEnumerable<CommandEntry> VendorCommands() =>
    [
        .. new LuatIdentityCommands(this).Entries,
        .. new PowerCommands(this).Entries,
        .. new StackCommands(this).Entries,
        .. new LinkCommands(this).Entries,
        .. new SendCommands(this).Entries,
        .. new ReceiveCommands(this).Entries,
        .. new TransparentCommands(this).Entries,
        .. new TlsCommands(this).Entries,
        .. new FileCommands(this).Entries,
        .. new NameCommands(this).Entries,
        .. new LinkOptionCommands(this).Entries,
        .. new SignalCommands(this).Entries,
        .. new BearerCommands(this).Entries,
        .. new BoardCommands(this).Entries,
        .. new HeartbeatCommands(this).Entries,
        .. new MqttCommands(this).Entries,
        .. new FtpCommands(this).Entries,
        .. Http.Entries,
    ];
}
