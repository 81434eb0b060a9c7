namespace ModemDriver.Simulator.Personalities.EspAt;

/// <summary>Where a link is to lead, as AT+CIPSTART or AT+SAVETRANSLINK has put it.</summary>
/// <param name="Type">TCP, and what else the firmware has.</param>
/// <param name="Host">A name or four numbers.</param>
/// <param name="Port">1 to 65,535.</param>
internal sealed record LinkRequest(string Type, string Host, int Port)
{
    /// <summary>Milliseconds for the connect; 0 leaves it to the network.</summary>
    internal int Timeout { get; init; }
}
