namespace ModemDriver.Simulator.Personalities.EspAt;

/// <summary>AT+CWSTATE (user guide, "Wi-Fi AT commands").</summary>
internal enum StationState
{
    Never = 0,
    WithoutAddress = 1,
    Joined = 2,
    Joining = 3,
    Disconnected = 4,
}

/// <summary>The number in +CWJAP:n.</summary>
internal enum JoinFailure
{
    None = 0,
    Timeout = 1,
    WrongPassword = 2,
    NotFound = 3,
    Other = 4,
}
