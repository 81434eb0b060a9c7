using ModemDriver.Simulator.Messages;

namespace ModemDriver.Simulator;

/// <summary>The telephone exchange of a <see cref="MobileWorld"/>: calls between modules, and between them and numbers
/// outside. No voice is carried. Its members may be called from any thread.</summary>
public sealed class CallExchange
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Action<PhoneCall>> _modules = new(StringComparer.Ordinal);
    private readonly Dictionary<string, OutsideParty> _outside = new(StringComparer.Ordinal);

    /// <summary>Says what happens at a number outside when a module calls it. Numbers that nobody spoke of answer.</summary>
    /// <param name="number">As it is dialled.</param>
    /// <param name="party">What happens there.</param>
    public void SetOutside(string number, OutsideParty party)
    {
        ArgumentException.ThrowIfNullOrEmpty(number);
        lock (_gate)
        {
            _outside[number] = party;
        }
    }

    /// <summary>Somebody outside calls a module. Without a module at that number the call has ended already.</summary>
    /// <param name="from">The caller's number; empty: it is withheld.</param>
    /// <param name="to">The number of a card.</param>
    /// <returns>The call, for the caller to end.</returns>
    public PhoneCall Call(string from, string to)
    {
        ArgumentNullException.ThrowIfNull(from);
        ArgumentException.ThrowIfNullOrEmpty(to);
        return Dial(from, to);
    }

    internal PhoneCall Dial(string from, string to)
    {
        var call = new PhoneCall(from, to);
        Action<PhoneCall>? ring;
        lock (_gate)
        {
            ring = _modules.GetValueOrDefault(to);
            call.Outside = ring is null ? _outside.GetValueOrDefault(to, OutsideParty.Answers) : null;
        }

        if (ring is not null)
        {
            ring(call);
        }
        else if (!MessageAddress.IsNumber(to.TrimStart('+')))
        {
            call.End(CallEnding.HungUp);
        }

        return call;
    }

    /// <summary>A module with this number is on the air: <paramref name="ring"/> is told of calls for it.</summary>
    internal void Register(string number, Action<PhoneCall> ring)
    {
        lock (_gate)
        {
            _modules[number] = ring;
        }
    }

    internal void Unregister(string number, Action<PhoneCall> ring)
    {
        lock (_gate)
        {
            if (_modules.GetValueOrDefault(number) == ring)
            {
                _modules.Remove(number);
            }
        }
    }
}

/// <summary>What happens at a number outside that a module calls.</summary>
public enum OutsideParty
{
    /// <summary>It rings, and is answered.</summary>
    Answers,

    /// <summary>It is busy.</summary>
    Busy,

    /// <summary>It rings, and nobody answers.</summary>
    Silent,
}

/// <summary>How a call ended.</summary>
public enum CallEnding
{
    /// <summary>It has not.</summary>
    None,

    /// <summary>One of the two has hung up.</summary>
    HungUp,

    /// <summary>The other one was busy.</summary>
    Busy,

    /// <summary>Nobody has answered.</summary>
    NoAnswer,
}

/// <summary>A call, seen from outside the modules. Its members may be called from any thread.</summary>
public sealed class PhoneCall
{
    private readonly Lock _gate = new();
    private string _tones = "";

    internal PhoneCall(string from, string to) => (From, To) = (from, to);

    /// <summary>Who calls; empty: it is withheld.</summary>
    public string From { get; }

    /// <summary>Who is called.</summary>
    public string To { get; }

    /// <summary>Whether it has been answered, and has not ended.</summary>
    public bool IsActive
    {
        get
        {
            lock (_gate)
            {
                return field && Ending == CallEnding.None;
            }
        }

        private set;
    }

    /// <summary>How it ended; <see cref="CallEnding.None"/> while it has not.</summary>
    public CallEnding Ending { get; private set; }

    /// <summary>The tones that modules have sent in it (DTMF).</summary>
    public string Tones
    {
        get
        {
            lock (_gate)
            {
                return _tones;
            }
        }
    }

    /// <summary>What happens at the called number; <see langword="null"/> when a module is there.</summary>
    internal OutsideParty? Outside { get; set; }

    /// <summary>It was answered, or has ended.</summary>
    internal event Action? Changed;

    /// <summary>Ends it; nothing happens when it has ended.</summary>
    public void HangUp() => End(CallEnding.HungUp);

    internal void Answer()
    {
        lock (_gate)
        {
            IsActive = true;
        }

        Changed?.Invoke();
    }

    internal void End(CallEnding ending)
    {
        lock (_gate)
        {
            if (Ending != CallEnding.None)
            {
                return;
            }

            Ending = ending;
        }

        Changed?.Invoke();
    }

    internal void Send(string tones)
    {
        lock (_gate)
        {
            _tones += tones;
        }
    }
}
