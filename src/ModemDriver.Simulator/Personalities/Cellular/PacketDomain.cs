using System.Net;
using ModemDriver.Simulator.Wire;

namespace ModemDriver.Simulator.Personalities.Cellular;

/// <summary>One packet data context.</summary>
/// <param name="number">Its number.</param>
internal sealed class PacketContext(int number)
{
    internal int Number => number;

    internal string Type { get; set; } = "IP";

    /// <summary>The name that the host has given; empty: the network's.</summary>
    internal string Apn { get; set; } = "";

    /// <summary>AT+CGAUTH: 0 none, 1 PAP, 2 CHAP.</summary>
    internal int Authentication { get; set; }

    internal string User { get; set; } = "";

    internal string Password { get; set; } = "";

    /// <summary>The name under which it is up.</summary>
    internal string ActiveApn { get; set; } = "";

    /// <summary>Set while it is up.</summary>
    internal IPAddress? Address { get; set; }
}

/// <summary>Attach, and packet data contexts.</summary>
internal sealed class PacketDomain(CellularModule module)
{
    private readonly SortedDictionary<int, PacketContext> _contexts = [];
    private PacketContext? _hidden;
    private int _losses;
    private bool _isDetachedByHost;

    /// <summary>What the host has defined.</summary>
    internal IEnumerable<PacketContext> Contexts => _contexts.Values;

    internal bool IsAttached { get; private set; }

    /// <summary>Whether data moves: false while the air is gone and the contexts wait for it.</summary>
    internal bool Flows => IsAttached && module.Radio.IsRegistered;

    internal PacketContext Default => Find(module.Profile.DefaultContext)!; // Reset has made it.

    private ModuleHost Host => module.Host;

    private MobileWorld World => module.Host.Options.World.Mobile;

    internal PacketContext? Find(int number) => _contexts.GetValueOrDefault(number);

    internal PacketContext Define(int number)
    {
        if (!_contexts.TryGetValue(number, out PacketContext? context))
        {
            _contexts[number] = context = new PacketContext(number);
        }

        return context;
    }

    /// <summary>A context that the firmware makes for itself, without a number that the host knows.</summary>
    internal PacketContext Hide(string apn, string user, string password) =>
        _hidden = new PacketContext(0) { Apn = apn, User = user, Password = password };

    internal void DropHidden() => _hidden = null;

    internal void Remove(int number) => _contexts.Remove(number);

    internal void Reset()
    {
        _losses++;
        IsAttached = _isDetachedByHost = false;
        _hidden = null;
        PacketContext kept = Find(module.Profile.DefaultContext) ?? new PacketContext(module.Profile.DefaultContext);
        kept.Address = null;
        _contexts.Clear();
        _contexts[kept.Number] = kept; // Its name is what the card and the flash say, whatever was reset.
    }

    /// <summary>The module has registered: the default context comes up with that.</summary>
    internal void Attach(bool isSilent)
    {
        _losses++;
        if (_isDetachedByHost)
        {
            return;
        }

        IsAttached = true;
        if (Default.Address is null && TryActivate(Default) && !isSilent)
        {
            module.ContextActivated(Default.Number);
        }

        Resumed?.Invoke();
    }

    /// <summary>AT+CGATT=1.</summary>
    internal void AttachByHost()
    {
        _isDetachedByHost = false;
        if (module.Radio.IsRegistered && !IsAttached)
        {
            Attach(isSilent: false);
            module.Radio.Report();
        }
    }

    /// <summary>AT+CGATT=0.</summary>
    internal void DetachByHost()
    {
        _isDetachedByHost = true;
        Detach();
        module.Radio.Report();
    }

    internal void DetachedByNetwork()
    {
        if (IsAttached)
        {
            SayEvent("NW DETACH");
            Detach();
            module.Radio.Report();
        }
    }

    /// <summary>The network takes the contexts that are up.</summary>
    internal void DeactivatedByNetwork()
    {
        foreach (PacketContext context in Up())
        {
            context.Address = null;
            if (context.Number != 0)
            {
                SayEvent(WireText.Format($"NW PDN DEACT {context.Number}"));
            }

            module.ContextLost(context.Number);
        }
    }

    /// <summary>The air is gone, or was switched off: contexts outlive it for a while, unless that was an order.</summary>
    internal void ServiceLost(bool isOrdered)
    {
        int loss = ++_losses;
        if (isOrdered)
        {
            Detach();
            return;
        }

        CancellationToken life = module.Life;
        Host.Loop.StartHere(async () =>
        {
            await Host.Clock.WaitAsync(Host.Timings.Cellular.ContextHold, life);
            if (loss == _losses && !life.IsCancellationRequested)
            {
                SayEvents("ME PDN DEACT");
                Detach();
            }
        });
    }

    /// <summary>Told when data moves again.</summary>
    internal Action? Resumed { get; set; }

    internal void Resume() => Resumed?.Invoke();

    internal void Deactivate(PacketContext context)
    {
        if (context.Address is not null)
        {
            context.Address = null;
            module.ContextLost(context.Number);
        }
    }

    /// <summary>Brings a context up, with the time that this takes; false when the network does not want it.</summary>
    internal async Task<bool> ActivateAsync(PacketContext context, CancellationToken life)
    {
        if (context.Address is not null)
        {
            return true;
        }

        await Host.Clock.WaitAsync(Host.Timings.Cellular.Activate, life);
        life.ThrowIfCancellationRequested();
        return Flows && TryActivate(context);
    }

    internal void SayEvent(string text)
    {
        if (module.Settings.ShowsPacketEvents)
        {
            module.Respond.Urc("+CGEV: " + text);
        }
    }

    private void SayEvents(string what)
    {
        foreach (PacketContext context in Contexts.Where(known => known.Address is not null))
        {
            SayEvent(WireText.Format($"{what} {context.Number}"));
        }
    }

    private PacketContext[] Up() =>
        [.. Contexts.Append(_hidden).OfType<PacketContext>().Where(known => known.Address is not null)];

    private void Detach()
    {
        IsAttached = false;
        foreach (PacketContext context in Up())
        {
            Deactivate(context);
        }
    }

    private bool TryActivate(PacketContext context)
    {
        if (!World.AcceptsContexts
            || module.Radio.Operator?.Accepts(context.Apn, context.User, context.Password) != true)
        {
            return false;
        }

        context.ActiveApn = context.Apn.Length == 0 ? module.Radio.Operator.NetworkApn : context.Apn;
        context.Address = World.LeaseAddress();
        return true;
    }
}
