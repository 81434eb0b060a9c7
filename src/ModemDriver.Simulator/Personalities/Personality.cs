namespace ModemDriver.Simulator.Personalities;

/// <summary>The firmware of a module: what it does with bytes and with power. Everything is called on the loop.</summary>
internal abstract class Personality
{
    /// <summary>Starts the firmware.</summary>
    /// <param name="cause">Why; <see langword="null"/> means that it has been running for a while, silently.</param>
    internal abstract void Boot(ResetCause? cause);

    /// <summary>Stops everything at once; nothing more is written.</summary>
    internal abstract void Stop();

    /// <summary>One read of the UART.</summary>
    internal abstract void Receive(ReadOnlySpan<byte> chunk);

    /// <summary>Access points have come or gone.</summary>
    internal abstract void WorldChanged();

    /// <summary>An application sends the name of a network through the air.</summary>
    internal abstract void Heard(SmartConfigMessage message);

    /// <summary>A SIM card was put in, or pulled out. Called without power too.</summary>
    internal virtual void CardChanged(SimCard? card)
    {
    }

    /// <summary>A mobile network begins a dialogue.</summary>
    internal virtual void NetworkPushed(UssdMenu menu)
    {
    }

    /// <summary>A mobile network does something to the module.</summary>
    internal virtual void MobileActed(MobileAct act)
    {
    }
}
