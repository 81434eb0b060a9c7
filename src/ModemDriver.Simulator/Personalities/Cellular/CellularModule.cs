using ModemDriver.Simulator.Personalities.Common;
using ModemDriver.Simulator.Wire;
using ModemDriver.Simulator.Faults;

namespace ModemDriver.Simulator.Personalities.Cellular;

/// <summary>A cellular module: its life from boot to reset, its command lines, its card, its radio, its packet data. What a
/// vendor adds is a subclass.</summary>
#pragma warning disable CA1001 // A token source without a timer holds nothing; Stop cancels it.
internal abstract class CellularModule : Personality
#pragma warning restore CA1001
{
    private CommandTable? _commands;
    private CancellationTokenSource _life = new();
    private int _linesToLose;

    protected CellularModule(ModuleHost host, CellularProfile profile, IReadOnlyList<PersonalitySwitch> switches)
    {
        Host = host;
        Profile = profile;
        Switches = new SwitchSet(CellularSwitches.Describe(profile, switches), host.Options.Switches);
        Stored = FactorySettings();
        Settings = NewSettings();
        Respond = new AtResponder(this);
        Input = new LineInput(this);
        Sim = new SimSlot(this, host.Options.SimCard);
        Radio = new Radio(this);
        Packet = new PacketDomain(this);
        Time = new NetworkTime(this);
        Messaging = new Messaging(this);
        Ussd = new UssdSession(this);
        Calls = new CallCommands(this);
        host.Uart.Input.RxBytes = profile.UartRxBytes;
        host.Uart.TxBytes = profile.UartTxBytes;
    }

    internal ModuleHost Host { get; }

    internal CellularProfile Profile { get; }

    internal SwitchSet Switches { get; }

    internal AtResponder Respond { get; }

    /// <summary>Whether the line carries a peer's bytes and nothing else.</summary>
    internal virtual bool IsInData => false;

    internal LineInput Input { get; }

    internal SimSlot Sim { get; }

    internal Radio Radio { get; }

    internal PacketDomain Packet { get; }

    internal NetworkTime Time { get; }

    internal Messaging Messaging { get; }

    internal UssdSession Ussd { get; }

    internal CallCommands Calls { get; }

    /// <summary>What AT&amp;W has stored.</summary>
    internal StoredSettings Stored { get; set; }

    internal AtSettings Settings { get; private set; }

    internal CommandTable Commands => _commands ??= new CommandTable(
        [
            .. new BasicCommands(this).Entries,
            .. new UartCommands(this).Entries,
            .. new IdentityCommands(this).Entries,
            .. new SimCommands(this).Entries,
            .. new RegistrationCommands(this).Entries,
            .. new OperatorCommands(this).Entries,
            .. new PacketCommands(this).Entries,
            .. new ClockCommands(this).Entries,
            .. new MessageCommands(this).Entries,
            .. new MessageSending(this).Entries,
            .. Ussd.Entries,
            .. Calls.Entries,
            .. new PhonebookCommands(this).Entries,
            .. VendorCommands(),
        ],
        Profile.Absent);

    internal Outcome WrongParameter => Switches[CellularSwitches.WrongParameter] switch
    {
        "50" => Outcome.Cme(50),
        "53" => Outcome.Cme(53),
        _ => Outcome.Error,
    };

    internal Outcome WrongState =>
        Switches[CellularSwitches.WrongState] == "error" ? Outcome.Error : Outcome.Cme(CmeError.NotAllowed);

    /// <summary>Ends with the next reset.</summary>
    internal CancellationToken Life => _life.Token;

    internal override void Boot(ResetCause? cause)
    {
        Stop();
        _life = new CancellationTokenSource();
        Settings = NewSettings();
        Host.Uart.ResetTo(Line());
        FollowHost();
        Starting();
        Messaging.Start();
        Calls.Start();
        if (cause is null)
        {
            Sim.PowerUpAtOnce();
            Radio.StartRegistered();
            Input.Idle();
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
        Stopping();
        Packet.Reset();
        Radio.Reset();
        Sim.Reset();
        Time.Reset();
        Messaging.Reset();
        Ussd.Reset();
        Calls.Reset();
        _linesToLose = 0;
    }

    internal override void Receive(ReadOnlySpan<byte> chunk)
    {
        while (_linesToLose > 0 && !chunk.IsEmpty)
        {
            int end = chunk.IndexOf((byte)'\r');
            int lost = end < 0 ? chunk.Length : end + 1;
            Host.Trace("! lost right after the boot: " + WireText.Escape(chunk[..lost]));
            _linesToLose -= end < 0 ? 0 : 1;
            chunk = chunk[lost..];
        }

        Input.Receive(chunk);
    }

    internal override void WorldChanged() => Radio.Update();

    internal override void Heard(SmartConfigMessage message)
    {
    }

    internal override void CardChanged(SimCard? card)
    {
        Sim.Change(card);
        if (Input.State != InputState.Deaf)
        {
            Messaging.Reset();
            Calls.Reset();
            Messaging.Start();
            Calls.Start();
        }
    }

    internal override void NetworkPushed(UssdMenu menu) => Ussd.Push(menu);

    internal override void MobileActed(MobileAct act)
    {
        if (act == MobileAct.Detach)
        {
            Packet.DetachedByNetwork();
        }
        else
        {
            Packet.DeactivatedByNetwork();
        }
    }

    /// <summary>What the port runs at after a reset, and after AT+IPR and AT+IFC.</summary>
    internal LineSettings Line()
    {
        StoredSettings current = Settings.Current;
        int rate = current.BitRate == 0 ? Host.Options.BitRate : current.BitRate;
        return new LineSettings(rate, current.FlowToModule == 2, current.FlowToHost == 2, CtsIsWired: true);
    }

    /// <summary>The next lines are lost, each up to its CR.</summary>
    protected void LoseLines(int count) => _linesToLose = count;

    private AtSettings NewSettings() => new(Stored) { TextMode = Switches[CellularSwitches.MessageForms] == "text" };

    /// <summary>Without a fixed rate the module finds the host's out.</summary>
    internal void FollowHost() =>
        Host.Uart.MaxAutoBitRate = Settings.Current.BitRate == 0 ? Profile.MaxAutoBitRate : 0;

    /// <summary>A command has asked for a reset, and its result is out.</summary>
    internal void Restart()
    {
        Host.Trace("! software reset");
        Host.Faults.ReleaseNow(Host.Uart);
        Boot(ResetCause.Software);
    }

    /// <summary>A command has asked for the end.</summary>
    internal void PowerDown()
    {
        Host.Trace("! powered down");
        Host.Faults.ReleaseNow(Host.Uart);
        Stop();
        _life = new CancellationTokenSource();
    }

    /// <summary>A line has come; <see langword="null"/> when it was too long.</summary>
    internal void Execute(string? line)
    {
        Host.Trace("! command " + WireText.Escape(WireText.Bytes(line ?? "(too long)")));
        CommandFate fate = Host.Faults.Begin(line ?? "");
        if (fate is CommandFate.Refused or CommandFate.BusyButExecuted)
        {
            Respond.Final(Outcome.Cme(CmeError.CardBusy));
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

    /// <summary>The radio has found a network; what firmware says of that by itself.</summary>
    internal virtual void ServiceFound(MobileCell cell)
    {
    }

    /// <summary>All has been said of a registration.</summary>
    internal virtual void Registered()
    {
    }

    /// <summary>The radio has lost it, or was switched off.</summary>
    internal virtual void ServiceLost()
    {
    }

    /// <summary>A context has come up by itself.</summary>
    internal virtual void ContextActivated(int context)
    {
    }

    /// <summary>The card has come, gone, or wants something.</summary>
    internal virtual void CardSaid(string code) => Respond.Urc("+CPIN: " + code);

    /// <summary>The network has told the time.</summary>
    internal virtual void TimeTold(DateTime utc, int quarters)
    {
    }

    /// <summary>What stands before the number in the answer to AT+CMEE?.</summary>
    internal virtual string ErrorFormLead => "+CMEE: ";

    /// <summary>AT&amp;W has stored the bit rate.</summary>
    internal virtual void StoredRate()
    {
    }

    /// <summary>A context has gone down.</summary>
    internal virtual void ContextLost(int context)
    {
    }

    /// <summary>Before a boot, after everything was stopped: factory state of what a reset forgets.</summary>
    protected abstract void Starting();

    /// <summary>Everything the vendor adds stops.</summary>
    protected abstract void Stopping();

    /// <summary>What stands on the port while the module boots.</summary>
    protected abstract Task SayBootAsync(ResetCause cause, CancellationToken life);

    protected abstract IEnumerable<CommandEntry> VendorCommands();

    /// <summary>What AT&amp;F brings back.</summary>
    internal StoredSettings FactorySettings() =>
        new() { ErrorForm = Switches[CellularSwitches.ErrorForm][0] - '0' };

    private async Task BootAsync(ResetCause cause, CancellationToken life)
    {
        Host.Trace("! boot: " + cause);
        await SayBootAsync(cause, life);
        life.ThrowIfCancellationRequested();
        LoseLines(Switches[CellularSwitches.FirstLines][0] - '0');
        Input.Idle();
        Sim.PowerUp();
    }

    private async Task ExecuteAsync(string? line, CancellationToken life)
    {
        await Host.Clock.WaitAsync(Host.Timings.Cellular.Command, life);
        life.ThrowIfCancellationRequested();
        Outcome outcome = line is null ? Outcome.Error : await RunAsync(line, life);
        life.ThrowIfCancellationRequested();
        End(outcome);
    }

    /// <summary>The command line under way has ended: its result, and the next line may come.</summary>
    internal void End(Outcome outcome)
    {
        if (outcome.Kind == OutcomeKind.Said)
        {
            return;
        }

        if (outcome.Kind != OutcomeKind.Silent)
        {
            Respond.Final(outcome);
        }

        Input.Idle();
        outcome.After?.Invoke();
    }

    private async ValueTask<Outcome> RunAsync(string line, CancellationToken life)
    {
        int start = Switches[CellularSwitches.NoiseBeforeAt] == "skipped"
            ? line.IndexOf("AT", StringComparison.OrdinalIgnoreCase)
            : line.StartsWith("AT", StringComparison.OrdinalIgnoreCase) ? 0 : -1;
        if (start < 0)
        {
            bool isError = line.Length > 0 && Switches[CellularSwitches.NoiseBeforeAt] == "error";
            if (!isError)
            {
                Input.Idle();
            }

            return isError ? Outcome.Error : Outcome.Said;
        }

        if (CommandLine.Parse(line[start..]) is not { } parts)
        {
            return Outcome.Error;
        }

        Outcome outcome = Outcome.Ok;
        Action? after = null;
        foreach (CommandPart part in parts)
        {
            if (outcome.Kind == OutcomeKind.Final)
            {
                Respond.Line(outcome.Text); // It is no final result when something follows in the line.
            }

            outcome = await RunAsync(part, life);
            life.ThrowIfCancellationRequested();
            after += outcome.After;
            if (outcome.Kind is not (OutcomeKind.Ok or OutcomeKind.Final or OutcomeKind.Silent))
            {
                break;
            }
        }

        return outcome with { After = after };
    }

    private async ValueTask<Outcome> RunAsync(CommandPart part, CancellationToken life)
    {
        CommandEntry? entry = Commands.Find(part.Name);
        if (entry?.Form(part.Form) is not CommandHandler handler)
        {
            return Outcome.Error;
        }

        if (entry.NeedsCard && part.Form != CommandForm.Test && Sim.Refusal is Outcome refusal)
        {
            return refusal;
        }

        return await handler(new CommandCall(part.Name, new AtParameters(part.Text), life));
    }
}
