namespace ModemDriver.Fuzz;

/// <summary>Takes any bytes; throws if what the code makes of them breaks a promise.</summary>
internal delegate void FuzzAction(ReadOnlySpan<byte> input);

/// <summary>A piece of the driver that reads what others write, and what must hold whatever that is.</summary>
/// <param name="Name">What it is called by; also the folder of its corpus.</param>
/// <param name="Run">Feeds it.</param>
internal sealed record FuzzTarget(string Name, FuzzAction Run);

/// <summary>A promise does not hold for an input.</summary>
internal sealed class BrokenPromiseException(string message) : Exception(message);

/// <summary>Promises.</summary>
internal static class Promise
{
    /// <summary>Throws unless it holds.</summary>
    public static void Holds(bool isTrue, FormattableString otherwise)
    {
        if (!isTrue)
        {
            throw new BrokenPromiseException(FormattableString.Invariant(otherwise));
        }
    }
}
