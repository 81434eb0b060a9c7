using System.Globalization;
using ModemDriver.Simulator.Personalities.Cellular;

namespace ModemDriver.Simulator.Personalities.Luat;

/// <summary>A module with this vendor's AT firmware.</summary>
internal sealed class LuatModule : CellularModule
{
    // ^boot.rom, bytes that nobody can read, and a backslash and an n in the place of a line end.
    private const string Banner = "^boot.rom\x01'v\x02\x81\x7f'!\\n";

    internal LuatModule(ModuleHost host, LuatProfile profile)
        : base(host, profile.Core, LuatSwitches.All)
    {
        Luat = profile;
        Stack = new IpStack(this);
        Links = new LinkTable(this);
        Opener = new LinkOpener(this);
        Receiver = new LinkReceiver(this);
        Sender = new LinkSender(this);
        Packet.Resumed = Links.Resume;
    }

    internal LuatProfile Luat { get; }

    internal IpStack Stack { get; }

    internal LinkTable Links { get; }

    internal LinkOpener Opener { get; }

    internal LinkReceiver Receiver { get; }

    internal LinkSender Sender { get; }

    internal IpSettings Ip { get; private set; } = new();

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

    internal override void ServiceLost()
    {
        Respond.Urc("^MODE: 0,0");
        if (Radio.Function == 1)
        {
            Respond.Urc("+NO Service");
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
        Ip = new IpSettings();
        Stack.Reset();
    }

    protected override void Stopping() => Links.Abort();

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
    ];
}
