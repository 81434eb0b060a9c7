using System.Net;
using ModemDriver.Commands;
using ModemDriver.Framing;

namespace ModemDriver.Services;

/// <summary>What a module's network does for itself: names, echoes, time. A dialect supplies the commands.</summary>
internal interface IServiceCommands
{
    /// <summary>Resolves a host name.</summary>
    QueryCommand<IPAddress?> Resolve(string host);

    /// <summary>Measures the round trip to a host.</summary>
    PingCommand Ping(string host);

    /// <summary>Chooses name servers; none: those that the network names.</summary>
    AtCommand SetNameServers(IReadOnlyList<IPAddress> servers);

    /// <summary>Asks for the name servers.</summary>
    QueryCommand<List<IPAddress>> ReadNameServers();

    /// <summary>Sets where the time is fetched from; null: not at all.</summary>
    AtCommand SetTimeSource(NetworkTimeOptions? options);

    /// <summary>Asks for that; null while the time is not fetched.</summary>
    QueryCommand<NetworkTimeOptions?> ReadTimeSource();

    /// <summary>Asks for the local time; null until it is known.</summary>
    QueryCommand<DateTime?> ReadTime();
}

/// <summary>Measures the round trip to a host.</summary>
internal abstract class PingCommand(CommandLine line, TimeSpan timeLimit) : AtCommand(line, timeLimit)
{
    /// <summary>The round trip; <see langword="null"/> if none was reported.</summary>
    public TimeSpan? RoundTrip { get; protected set; }

    /// <summary>Whether the module said that nothing came back.</summary>
    public bool HasTimedOut { get; protected set; }
}
