using ModemDriver.EndToEnd.Tests.Streams;
using ModemDriver.Simulator;

namespace ModemDriver.EndToEnd.Tests.Links;

/// <summary>The Stream of a link that a peer began does what every Stream of the driver does.</summary>
public abstract class AcceptedStreamTests(string firmware, Way way) : StreamConformance
{
    private protected override async Task<StreamPair> CreateAsync()
    {
        Rig rig = await Rig.OpenAsync(firmware, way);
        LinkListener listener = await rig.Modem.ListenAsync(80, Token).Within(Token);
        InMemoryPeer peer = rig.Network.Connect(ServerTests.ModuleAddress, 80);
        LinkStream link = await listener.AcceptAsync(Token).Within(Token);
        return new StreamPair(link, peer, rig);
    }
}

public sealed class PassiveAcceptedStreamTests() : AcceptedStreamTests("esp-at", Way.Memory);

public sealed class PassiveAcceptedOnPtyStreamTests() : AcceptedStreamTests("esp-at", Way.Pty);

public sealed class PushedAcceptedStreamTests() : AcceptedStreamTests("esp-at-2.0", Way.Memory);

public sealed class NonOsAcceptedStreamTests() : AcceptedStreamTests("esp-at-1.7", Way.Memory);

public sealed class OldNonOsAcceptedOnPtyStreamTests() : AcceptedStreamTests("esp-at-1.6", Way.Pty);
