namespace ModemDriver.Transport;

/// <summary>A transport that was asked to hand over every byte at once, and tells whether it could.</summary>
internal interface ITellsLatency
{
    /// <summary>
    /// Why the system did not allow it, once the port is open; <see langword="null"/> where it is so, was not asked for, or
    /// where the port has no such setting and holds nothing back.
    /// </summary>
    string? LatencyRefusal { get; }
}
