namespace ModemDriver.Simulator.Personalities.EspAt;

/// <summary>Where received bytes go.</summary>
internal enum InputState
{
    /// <summary>Off, or booting: nobody listens.</summary>
    Deaf,

    /// <summary>To the line.</summary>
    Command,

    /// <summary>Refused: a command is under way.</summary>
    Busy,

    /// <summary>To the payload.</summary>
    Payload,

    /// <summary>Refused: the verdict on a payload is due.</summary>
    Sending,

    /// <summary>To the peer.</summary>
    Transparent,

    /// <summary>Transparent mode was left; the first second behind it.</summary>
    Leaving,
}
