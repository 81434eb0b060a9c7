using ModemDriver.Simulator;

namespace ModemDriver.EndToEnd.Tests.Streams;

/// <summary>The Stream of a link, in each way to receive, in each connection mode, in memory and on a tty.</summary>
public abstract class LinkStreamTests(
    string firmware, ConnectionMode mode, Way way, ReceiveMode receive = ReceiveMode.Automatic) : StreamConformance
{
    private protected override async Task<StreamPair> CreateAsync()
    {
        Rig rig = await Rig.OpenAsync(firmware, way, options => options with { ConnectionMode = mode, ReceiveMode = receive });
        (LinkStream link, InMemoryPeer peer) = await rig.ConnectToPeerAsync(9);
        return new StreamPair(link, peer, rig);
    }
}

public sealed class PassiveLinkStreamTests() : LinkStreamTests("esp-at", ConnectionMode.Multiple, Way.Memory);

public sealed class PassiveLinkOnPtyStreamTests() : LinkStreamTests("esp-at", ConnectionMode.Multiple, Way.Pty);

public sealed class SingleLinkStreamTests() : LinkStreamTests("esp-at", ConnectionMode.Single, Way.Memory);

public sealed class SingleLinkOnPtyStreamTests() : LinkStreamTests("esp-at", ConnectionMode.Single, Way.Pty);

public sealed class PushedLinkStreamTests() : LinkStreamTests("esp-at-2.0", ConnectionMode.Multiple, Way.Memory);

public sealed class PushedLinkOnPtyStreamTests() : LinkStreamTests("esp-at-1.6", ConnectionMode.Multiple, Way.Pty);

public sealed class NonOsLinkStreamTests() : LinkStreamTests("esp-at-1.7", ConnectionMode.Multiple, Way.Memory);

public sealed class NonOsLinkOnPtyStreamTests() : LinkStreamTests("esp-at-1.7", ConnectionMode.Multiple, Way.Pty);

public sealed class NonOsSingleLinkOnPtyStreamTests() : LinkStreamTests("esp-at-1.7", ConnectionMode.Single, Way.Pty);
