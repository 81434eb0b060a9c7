namespace ModemDriver.Simulator.Faults;

/// <summary>Which way a byte goes.</summary>
public enum WireDirection
{
    /// <summary>From the module to the host.</summary>
    ToHost,

    /// <summary>From the host to the module.</summary>
    ToModule,
}
