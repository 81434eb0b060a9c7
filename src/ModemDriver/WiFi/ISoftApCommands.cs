using ModemDriver.Commands;

namespace ModemDriver.WiFi;

/// <summary>The commands of the module's own access point: what a dialect must supply.</summary>
internal interface ISoftApCommands
{
    /// <summary>Switches it on with these settings, in order; the station stays as it is.</summary>
    IReadOnlyList<AtCommand> Start(SoftApOptions options);

    /// <summary>Switches it off; the station stays as it is.</summary>
    IReadOnlyList<AtCommand> Stop();

    /// <summary>Asks whether it is on.</summary>
    QueryCommand<bool?> ReadIsOn();

    /// <summary>Asks for its settings, without the password.</summary>
    QueryCommand<SoftApInfo?> ReadSettings();

    /// <summary>Lists the stations that have joined it.</summary>
    QueryCommand<List<SoftApStation>> ReadStations();

    /// <summary>Turns out one station.</summary>
    AtCommand Disconnect(string hardwareAddress);
}
