namespace ModemDriver;

/// <summary>Why a card cannot be used.</summary>
public enum SimFailure
{
    /// <summary>The card did not become ready in time, and the module did not say why.</summary>
    NotReady,

    /// <summary>There is no card.</summary>
    NotInserted,

    /// <summary>The card does not work, or is the wrong one.</summary>
    Failed,

    /// <summary>The card wants its PIN, and none was given.</summary>
    PinRequired,

    /// <summary>
    /// The card wants its PIN, and the one of the options was not used: it was refused before, or a try has been lost.
    /// Give it with <see cref="CellularInterface.UnlockAsync"/> if it is right.
    /// </summary>
    PinWithheld,

    /// <summary>The card has refused the PIN; a try is lost.</summary>
    PinRefused,

    /// <summary>The card wants its PUK.</summary>
    PukRequired,

    /// <summary>The card has refused the PUK; a try is lost. After ten the card is dead.</summary>
    PukRefused,

    /// <summary>The module itself is locked to a card, a network or a provider.</summary>
    DeviceLocked,
}

/// <summary>The card (SIM) cannot be used.</summary>
public sealed class SimException : ModemException
{
    internal SimException(SimFailure reason, string message, int? triesLeft = null, Exception? innerException = null)
        : base(message, innerException)
    {
        Reason = reason;
        TriesLeft = triesLeft;
    }

    /// <summary>Why.</summary>
    public SimFailure Reason { get; }

    /// <summary>
    /// How many wrong codes of the kind that is wanted the card still takes; <see langword="null"/> where the module does
    /// not say.
    /// </summary>
    public int? TriesLeft { get; }
}
