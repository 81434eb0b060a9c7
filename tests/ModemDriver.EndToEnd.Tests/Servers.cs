using ModemDriver.Simulator;

namespace ModemDriver.EndToEnd.Tests;

/// <summary>Servers that peers of links run.</summary>
internal static class Servers
{
    /// <summary>Sends back what it gets, until the other side closes.</summary>
    public static async Task EchoAsync(Stream peer)
    {
        var buffer = new byte[4096];
        while (await peer.ReadAsync(buffer) is > 0 and var count)
        {
            await peer.WriteAsync(buffer.AsMemory(0, count));
        }
    }

    public static Task EchoAsync(InMemoryPeer peer) => EchoAsync((Stream)peer);
}
