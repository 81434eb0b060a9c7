namespace ModemDriver.Cli.Demo;

/// <summary>One step of the demonstration.</summary>
/// <param name="Name">What it is called in the table.</param>
/// <param name="RunAsync">Does it, checks it, and throws when it is not as it should be.</param>
internal sealed record DemoStep(string Name, Func<CancellationToken, Task<DemoOutcome>> RunAsync);

/// <summary>What a step has shown.</summary>
/// <param name="Shown">One line for the table.</param>
/// <param name="Bytes">Payload that was compared, both directions together.</param>
internal sealed record DemoOutcome(string Shown, long Bytes = 0);

/// <summary>A step found something other than it should be. The message says what.</summary>
internal sealed class DemoFailedException(string message) : Exception(message);
