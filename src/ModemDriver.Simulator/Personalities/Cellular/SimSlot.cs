namespace ModemDriver.Simulator.Personalities.Cellular;

/// <summary>The slot with its card: what the card wants before it serves.</summary>
internal sealed class SimSlot(CellularModule module, SimCard? card)
{
    private int _powerUps;

    internal SimCard? Card { get; private set; } = card;

    internal CardState State { get; private set; }

    /// <summary>AT+CSDT: whether the slot notices cards that come.</summary>
    internal bool IsHotPlug { get; set; }

    internal bool IsReady => State == CardState.Ready;

    /// <summary>Why commands that need the card cannot have it; <see langword="null"/> when they can.</summary>
    internal Outcome? Refusal => State switch
    {
        CardState.Ready => null,
        CardState.Busy => Outcome.Cme(CmeError.CardBusy),
        CardState.WantsPin => Outcome.Cme(CmeError.PinNeeded),
        CardState.WantsPuk => Outcome.Cme(CmeError.PukNeeded),
        CardState.Dead => Outcome.Cme(CmeError.CardFailure),
        _ => Outcome.Cme(CmeError.NoCard),
    };

    /// <summary>The module has been running: the card has been found long ago.</summary>
    internal void PowerUpAtOnce() => State = Look();

    /// <summary>The card gets power; after a while it says what it wants.</summary>
    internal void PowerUp() => module.Host.Loop.StartHere(() => PowerUpAsync(isInsert: false));

    internal void Reset()
    {
        _powerUps++;
        State = CardState.Absent;
    }

    /// <summary>A card is put in, or pulled out.</summary>
    internal void Change(SimCard? card)
    {
        bool isRunning = module.Input.State != InputState.Deaf;
        bool had = Card is not null && State != CardState.Absent;
        Card = card;
        Reset();
        if (!isRunning)
        {
            return;
        }

        module.Radio.Update();
        if (had && IsHotPlug)
        {
            module.CardSaid("SIM REMOVED");
        }

        if (card is not null && IsHotPlug)
        {
            module.Host.Loop.StartHere(() => PowerUpAsync(isInsert: true));
        }
    }

    /// <summary>The card has taken a code, or has lost a try.</summary>
    internal void Look(bool isVerified)
    {
        State = isVerified ? CardState.Ready : Look();
        module.Radio.Update();
    }

    private CardState Look() => Card switch
    {
        null => CardState.Absent,
        { PukTriesLeft: 0 } => CardState.Dead,
        { PinTriesLeft: 0 } => CardState.WantsPuk,
        { IsPinEnabled: true } => CardState.WantsPin,
        _ => CardState.Ready,
    };

    private async Task PowerUpAsync(bool isInsert)
    {
        int powerUp = ++_powerUps;
        State = Card is null ? CardState.Absent : CardState.Busy;
        await module.Host.Clock.WaitAsync(module.Host.Timings.Cellular.SimReady, module.Life);
        if (powerUp != _powerUps)
        {
            return;
        }

        State = Look();
        if (State == CardState.WantsPin || State == CardState.WantsPuk)
        {
            module.CardSaid(State == CardState.WantsPin ? "SIM PIN" : "SIM PUK");
        }
        else if (State == CardState.Ready && (isInsert || IsHotPlug))
        {
            module.CardSaid("READY");
        }

        module.Radio.Update();
    }
}

/// <summary>What a card wants.</summary>
internal enum CardState
{
    Absent,
    Busy,
    WantsPin,
    WantsPuk,
    Dead,
    Ready,
}
