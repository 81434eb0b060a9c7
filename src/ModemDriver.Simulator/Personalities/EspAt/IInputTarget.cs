namespace ModemDriver.Simulator.Personalities.EspAt;

/// <summary>Who is told of complete lines.</summary>
internal interface IInputTarget
{
    void Execute(string line);

    void ForceRestart();

    /// <summary>Ends with the module's next reset.</summary>
    CancellationToken Life { get; }
}
