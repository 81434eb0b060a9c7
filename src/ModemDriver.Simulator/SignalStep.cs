namespace ModemDriver.Simulator;

/// <summary>A moment from which an access point is heard at another strength.</summary>
/// <param name="At">Since the module was made.</param>
/// <param name="Dbm">In dBm; <see langword="null"/>: not heard at all, as if it were gone.</param>
public sealed record SignalStep(TimeSpan At, int? Dbm);
