namespace ModemDriver.Tests.Deadlines;

/// <summary>The modules that fall mute.</summary>
public enum MuteModule
{
    /// <summary>A Wi-Fi module with ESP-AT.</summary>
    EspAt,

    /// <summary>A cellular module of a vendor that is not known.</summary>
    Cellular,

    /// <summary>A cellular module with links.</summary>
    Luat,
}

/// <summary>How a call ends when the module does not answer.</summary>
/// <param name="Call">The call.</param>
/// <param name="Failure">What it throws; null: it ends well.</param>
/// <param name="Limit">By when, at the latest.</param>
internal sealed record DeadlineRow(Func<MuteRig, Task> Call, Type? Failure, TimeSpan Limit)
{
    /// <summary>Whether the modem is online when the module falls mute, and not only open.</summary>
    public bool IsOnline { get; init; } = true;

    /// <summary>What kind of module falls mute.</summary>
    public MuteModule Module { get; init; }

    /// <summary>How the modem receives.</summary>
    public ReceiveMode ReceiveMode { get; init; }

    public static DeadlineRow Fails<T>(double seconds, Func<MuteRig, Task> call)
        where T : Exception => new(call, typeof(T), TimeSpan.FromSeconds(seconds));

    public static DeadlineRow EndsWell(double seconds, Func<MuteRig, Task> call) =>
        new(call, null, TimeSpan.FromSeconds(seconds));
}
