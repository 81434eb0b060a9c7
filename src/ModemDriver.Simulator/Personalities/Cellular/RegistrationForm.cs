using ModemDriver.Simulator.Wire;

namespace ModemDriver.Simulator.Personalities.Cellular;

/// <summary>What +CREG, +CGREG or +CEREG says now (3GPP TS 27.007 clauses 7.2, 10.1.20, 10.1.22).</summary>
internal readonly struct RegistrationForm(CellularModule module, RegistrationDomain domain)
{
    private const int DetachedInLte = 0;

    internal string Name => domain switch
    {
        RegistrationDomain.Circuit => "+CREG",
        RegistrationDomain.Packet => "+CGREG",
        _ => "+CEREG",
    };

    /// <summary>The n of the command.</summary>
    internal int Mode => domain switch
    {
        RegistrationDomain.Circuit => module.Settings.Creg,
        RegistrationDomain.Packet => module.Settings.Cgreg,
        _ => module.Settings.Cereg,
    };

    private int Status
    {
        get
        {
            int status = (int)module.Radio.Status;
            bool isLte = module.Radio.Cell is { Technology: MobileTechnology.Lte };
            return domain switch
            {
                RegistrationDomain.Circuit when isLte && module.Radio.IsRegistered
                    && module.Switches[CellularSwitches.CircuitSwitched] == "searching" => 2,
                RegistrationDomain.Packet or RegistrationDomain.Evolved
                    when module.Radio.IsRegistered && !module.Packet.IsAttached => DetachedInLte,
                RegistrationDomain.Evolved when module.Radio.IsRegistered && !isLte => 0,
                _ => status,
            };
        }
    }

    // <stat>[,"<area>","<cell>",<act>[,<cause type>,<cause>]]
    internal string Text()
    {
        int status = Status;
        string text = WireText.Format($"{status}");
        bool hasCell = Mode >= 2 && status is 1 or 5 && module.Radio.Cell is not null;
        if (Mode >= 2 && hasCell)
        {
            MobileCell cell = module.Radio.Cell!;
            text += WireText.Format($",\"{cell.AreaCode:X4}\",\"{cell.Id:x8}\",{TechnologyOf(cell)}");
        }
        else if (status == (int)RegistrationStatus.Denied && ShowsCause)
        {
            text += WireText.Format($",,,,0,{module.Radio.DenialCause}");
        }

        return text;
    }

    private bool ShowsCause => domain switch
    {
        RegistrationDomain.Circuit => Mode == 3,
        RegistrationDomain.Packet => false,
        _ => Mode is 3 or 5,
    };

    internal static int TechnologyOf(MobileCell cell) => cell.Technology == MobileTechnology.Lte ? 7 : 0;
}
