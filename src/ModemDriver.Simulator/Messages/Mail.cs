namespace ModemDriver.Simulator.Messages;

/// <summary>What waits at the centre for a module: a message, or a report on one.</summary>
internal sealed record Mail
{
    internal required MessageAddress From { get; init; }

    internal required string To { get; init; }

    internal required UserData Data { get; init; }

    internal byte Protocol { get; init; }

    /// <summary>When the centre got it; <see langword="null"/>: it is stamped when the module takes it.</summary>
    internal DateTime? Received { get; set; }

    /// <summary>When it becomes too old.</summary>
    internal DateTime? Expires { get; init; }

    /// <summary>Where a report is wanted: whom it goes to, and the number that it names.</summary>
    internal (string To, byte Reference, MessageAddress Peer)? Report { get; init; }

    /// <summary>Octets that are handed over as they are.</summary>
    internal byte[]? Raw { get; init; }

    internal bool IsReport { get; init; }

    internal byte[] Write(DateTime utc, int quarters) => Raw ?? DeliverTpdu.Write(
        From, Protocol, TimeStamp.Write(Received ?? utc, quarters), Data, Report is not null);
}
