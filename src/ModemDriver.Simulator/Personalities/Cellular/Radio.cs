namespace ModemDriver.Simulator.Personalities.Cellular;

/// <summary>The radio: which cell it is on, and how it got there.</summary>
internal sealed class Radio(CellularModule module)
{
    private int _searches;
    private bool _isSearching;
    private bool _wasFoundSinceBoot;

    /// <summary>AT+CFUN: 0 nothing, 1 all, 4 no radio.</summary>
    internal int Function { get; private set; } = 1;

    /// <summary>AT+COPS: 0 any, 1 the chosen one, 2 none, 4 the chosen one or any.</summary>
    internal int OperatorMode { get; private set; }

    internal string ChosenOperator { get; private set; } = "";

    internal RegistrationStatus Status { get; private set; }

    /// <summary>The reject cause of a denial.</summary>
    internal int DenialCause { get; private set; }

    /// <summary>The cell that the module is registered in.</summary>
    internal MobileCell? Cell { get; private set; }

    internal MobileOperator? Operator { get; private set; }

    internal bool IsRegistered => Status is RegistrationStatus.Home or RegistrationStatus.Roaming;

    private ModuleHost Host => module.Host;

    private MobileWorld World => module.Host.Options.World.Mobile;

    private bool IsWanted => Function == 1 && module.Sim.IsReady && OperatorMode != 2;

    /// <summary>The module has been running: it is registered already, and says nothing of it.</summary>
    internal void StartRegistered()
    {
        if (IsWanted && World.DenialCause is null && Pick(out _) is (MobileCell cell, MobileOperator found))
        {
            _wasFoundSinceBoot = true;
            (Cell, Operator) = (cell, found);
            Status = StatusAt(found);
            module.Packet.Attach(isSilent: true);
            module.Time.Registered(isSilent: true);
        }
        else
        {
            Update();
        }
    }

    internal void Reset()
    {
        _searches++;
        _isSearching = _wasFoundSinceBoot = false;
        Function = 1;
        OperatorMode = 0;
        ChosenOperator = "";
        Status = RegistrationStatus.Off;
        (Cell, Operator) = (null, null);
    }

    /// <summary>How the module hears the cell that it is in, or the strongest one; <see langword="null"/> without any.
    /// </summary>
    internal CellSignal? Measure()
    {
        if (Function != 1 || module.Sim.State == CardState.Busy)
        {
            return null;
        }

        IReadOnlyList<(MobileCell Cell, CellSignal Signal)> heard = Heard();
        foreach ((MobileCell cell, CellSignal signal) in heard)
        {
            if (cell.Operator == Cell?.Operator && cell.Id == Cell.Id)
            {
                return signal;
            }
        }

        return heard.Count > 0 ? heard[0].Signal : null;
    }

    internal IReadOnlyList<(MobileCell Cell, CellSignal Signal)> Heard() =>
        [.. World.Heard(Host.Clock.Elapsed).Where(heard => module.Profile.Technologies.Contains(heard.Cell.Technology))];

    internal void SetFunction(int function)
    {
        Function = function;
        if (function == 0 && module.Switches[CellularSwitches.CardWithoutFunction] == "off")
        {
            module.Sim.Reset();
        }
        else if (function == 1 && module.Sim is { State: CardState.Absent, Card: not null })
        {
            module.Sim.PowerUp();
        }

        Update();
    }

    internal void Choose(int mode, string code)
    {
        OperatorMode = mode;
        ChosenOperator = code;
        Update();
    }

    /// <summary>The module registers anew, as after a change of what it tells the network.</summary>
    internal void Restart()
    {
        Leave(RegistrationStatus.Searching);
        Update();
    }

    /// <summary>Something has changed: the world, the card, the host's wishes.</summary>
    internal void Update()
    {
        if (module.Input.State == InputState.Deaf)
        {
            return;
        }

        if (!IsWanted)
        {
            Leave(RegistrationStatus.Off);
            return;
        }

        (MobileCell Cell, MobileOperator Operator)? found = Pick(out bool isForbidden);
        if (found is null)
        {
            Leave(isForbidden ? RegistrationStatus.Denied : RegistrationStatus.Searching);
        }
        else if (World.DenialCause is null && IsRegistered && found.Value.Operator.Code == Operator?.Code)
        {
            Move(found.Value.Cell);
        }
        else if (!(World.DenialCause is int && Status == RegistrationStatus.Denied))
        {
            Search();
        }
    }

    private (MobileCell Cell, MobileOperator Operator)? Pick(out bool isForbidden)
    {
        isForbidden = false;
        bool isFixed = OperatorMode == 1;
        IEnumerable<(MobileCell, MobileOperator)> heard = Heard()
            .Select(heard => (heard.Cell, World.FindOperator(heard.Cell.Operator)))
            .Where(pair => pair.Item2 is not null && (!isFixed || pair.Item2.Code == ChosenOperator))
            .Select(pair => (pair.Cell, pair.Item2!))
            .ToArray();
        isForbidden = heard.Any(pair => pair.Item2.Admission == MobileAdmission.Forbidden);
        foreach ((MobileCell, MobileOperator) pair in heard
            .Where(pair => pair.Item2.Admission != MobileAdmission.Forbidden)
            .OrderBy(pair => OperatorMode == 4 && pair.Item2.Code != ChosenOperator)
            .ThenBy(pair => pair.Item2.Admission))
        {
            return pair;
        }

        return null;
    }

    private void Search()
    {
        if (_isSearching && Status == RegistrationStatus.Searching)
        {
            return;
        }

        Leave(RegistrationStatus.Searching);
        _isSearching = true;
        int search = ++_searches;
        Host.Loop.StartHere(() => SearchAsync(search, module.Life));
    }

    private async Task SearchAsync(int search, CancellationToken life)
    {
        await Host.Clock.WaitAsync(Host.Timings.Cellular.Register, life);
        life.ThrowIfCancellationRequested();
        if (search != _searches)
        {
            return;
        }

        _isSearching = false;
        (MobileCell Cell, MobileOperator Operator)? found = Pick(out bool isForbidden);
        if (World.DenialCause is int cause)
        {
            DenialCause = cause;
            Leave(RegistrationStatus.Denied);
        }
        else if (found is null)
        {
            Leave(isForbidden ? RegistrationStatus.Denied : RegistrationStatus.Searching);
        }
        else
        {
            Arrive(found.Value.Cell, found.Value.Operator);
        }
    }

    private void Arrive(MobileCell cell, MobileOperator found)
    {
        (Cell, Operator) = (cell, found);
        Status = StatusAt(found);
        module.ServiceFound(cell);
        module.Packet.Attach(isSilent: false);
        Report();
        module.Time.Registered(isSilent: _wasFoundSinceBoot);
        _wasFoundSinceBoot = true;
        module.Registered();
        module.Messaging.Pump();
    }

    private void Move(MobileCell cell)
    {
        bool hasMoved = cell.Id != Cell?.Id;
        Cell = cell;
        module.Packet.Resume();
        if (hasMoved)
        {
            Report(onlyWithCell: true);
        }
    }

    private void Leave(RegistrationStatus status)
    {
        _searches++;
        _isSearching = false;
        bool wasRegistered = IsRegistered;
        bool hasChanged = Status != status;
        Status = status;
        DenialCause = status == RegistrationStatus.Denied ? World.DenialCause ?? 11 : 0;
        if (wasRegistered)
        {
            (Cell, Operator) = (null, null);
            module.ServiceLost();
        }

        if (hasChanged)
        {
            Report();
        }

        if (wasRegistered)
        {
            module.Packet.ServiceLost(isOrdered: !IsWanted || status == RegistrationStatus.Denied);
        }
    }

    /// <summary>Says +CREG, +CGREG and +CEREG to whoever wants to know.</summary>
    internal void Report(bool onlyWithCell = false)
    {
        int least = onlyWithCell ? 2 : 1;
        foreach (RegistrationDomain domain in Enum.GetValues<RegistrationDomain>())
        {
            var form = new RegistrationForm(module, domain);
            if (form.Mode >= least)
            {
                string blank = module.Switches.IsOn(CellularSwitches.RegistrationBlank) ? " " : "";
                module.Respond.Urc($"{form.Name}:{blank}{form.Text()}");
            }
        }
    }

    private static RegistrationStatus StatusAt(MobileOperator found) =>
        found.Admission == MobileAdmission.Roaming ? RegistrationStatus.Roaming : RegistrationStatus.Home;
}

/// <summary>How a module stands with the network, by the numbers of 3GPP TS 27.007 clause 7.2.</summary>
internal enum RegistrationStatus
{
    Off = 0,
    Home = 1,
    Searching = 2,
    Denied = 3,
    Roaming = 5,
}

/// <summary>The three commands that tell of it.</summary>
internal enum RegistrationDomain
{
    Circuit,
    Packet,
    Evolved,
}
