namespace ModemDriver.Simulator.Personalities.Common;

/// <summary>Who gets the bytes behind a prompt.</summary>
internal interface IPayloadPhase
{
    /// <summary>All of it has come.</summary>
    bool IsComplete { get; }

    /// <summary>It was given up; somebody else has been told what comes next.</summary>
    bool IsCancelled { get; }

    /// <summary>Takes what belongs to the payload; returns how much that was.</summary>
    int Take(ReadOnlySpan<byte> chunk);

    /// <summary>Called once, when it is complete.</summary>
    void Complete();
}
