using ModemDriver.Simulator;

namespace ModemDriver.Simulation.Faults;

/// <summary>Lets the faults of a plan happen, each at its moment, and mends what is left of them at the end.</summary>
internal sealed class FaultDriver(Stage stage)
{
    // What a fault of the wire may wait for.
    private static readonly TimeSpan Tail = TimeSpan.FromSeconds(20);

    private readonly Dictionary<WorldAct, int> _lasting = [];

    private TimeSpan End => stage.Plan.Faults.Count == 0
        ? TimeSpan.Zero
        : stage.Plan.Faults.Max(fault => fault.At + fault.For) + Tail;

    /// <summary>Begins.</summary>
    public void Start()
    {
        foreach (SimFault fault in stage.Plan.Faults)
        {
            _ = HappenAsync(fault);
        }
    }

    /// <summary>Waits until the last of them is over, and all is as it should be again.</summary>
    /// <param name="start">When they were started.</param>
    public async Task EndAsync(TimeSpan start)
    {
        await stage.DelayAsync(start + End - stage.Clock.Now);
        Restore();
        if (stage.Plan.Faults.Any(fault => fault.Kind == FaultDrawer.Late))
        {
            await stage.DelayAsync(FaultDrawer.LongestLate);
        }
    }

    /// <summary>Ends whatever fault still waits for its moment.</summary>
    public void Restore()
    {
        stage.Module.Faults.Clear();
        stage.HasNoise = false;
        stage.HasPending = false;
        stage.Disruptions++;
    }

    /// <summary>Lets one happen now; ends when it is over.</summary>
    public async Task LetHappenAsync(SimFault fault)
    {
        stage.Wire.Remark(fault.ToString());
        stage.Ledger.Count("fault " + fault.Kind);
        stage.Disruptions += fault.Disrupts ? 1 : 0;
        stage.HasNoise |= fault.ChangesBytes;
        stage.Noises += fault.ChangesBytes ? 1 : 0;
        if (fault.Wire is { } wire)
        {
            stage.HasPending |= fault.Disrupts;
            stage.Module.Faults.Add(wire);
            return;
        }

        // Two of a kind may overlap: the last to end mends.
        _lasting[fault.Act] = _lasting.GetValueOrDefault(fault.Act) + 1;
        Begin(fault.Act);
        await stage.DelayAsync(fault.For);
        if (--_lasting[fault.Act] == 0)
        {
            stage.Wire.Remark($"end of {fault.Act}");
            Mend(fault.Act);
        }

        stage.Disruptions += fault.Disrupts ? 1 : 0;
    }

    private async Task HappenAsync(SimFault fault)
    {
        await stage.DelayAsync(fault.At);
        await LetHappenAsync(fault);
    }

    private void Begin(WorldAct act)
    {
        switch (act)
        {
            case WorldAct.Reset:
                stage.Module.Reset(ResetCause.Watchdog);
                break;
            case WorldAct.BrownOut:
                stage.Module.Reset(ResetCause.BrownOut);
                break;
            case WorldAct.PowerCut:
                stage.Module.PowerOff();
                break;
            case WorldAct.Unplug:
                stage.IsPlugged = false;
                stage.Module.Unplug();
                break;
            case WorldAct.NetworkLost:
                LoseNetwork();
                break;
            case WorldAct.RegistrationDenied:
                stage.World.Mobile.DenyRegistration();
                break;
            case WorldAct.ContextsDeactivated:
                stage.World.Mobile.DeactivateContexts();
                break;
            case WorldAct.Detached:
                stage.World.Mobile.Detach();
                break;
            case WorldAct.SimPulled:
                stage.Module.RemoveSim();
                break;
            default:
                stage.Peers.Begin(act);
                break;
        }
    }

    private void Mend(WorldAct act)
    {
        switch (act)
        {
            case WorldAct.PowerCut:
                stage.Module.PowerOn();
                break;
            case WorldAct.Unplug:
                stage.IsPlugged = true;
                break;
            case WorldAct.NetworkLost:
                FindNetwork();
                break;
            case WorldAct.RegistrationDenied:
                stage.World.Mobile.AllowRegistration();
                break;
            case WorldAct.SimPulled:
                stage.Module.InsertSim(stage.Card);
                break;
            default:
                stage.Peers.Mend(act);
                break;
        }
    }

    private void LoseNetwork()
    {
        if (stage.Plan.IsCellular)
        {
            stage.World.Mobile.LoseCoverage();
        }
        else
        {
            stage.World.LoseAccessPoint(stage.AccessPoint.Ssid);
        }
    }

    private void FindNetwork()
    {
        if (stage.Plan.IsCellular)
        {
            stage.World.Mobile.RestoreCoverage();
        }
        else
        {
            stage.World.AddAccessPoint(stage.AccessPoint);
        }
    }
}
