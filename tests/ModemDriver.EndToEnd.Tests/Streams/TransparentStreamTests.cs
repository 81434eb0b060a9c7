using ModemDriver.Simulator;

namespace ModemDriver.EndToEnd.Tests.Streams;

/// <summary>The Stream of a transparent session.</summary>
public abstract class TransparentStreamTests(string firmware, Way way, int guardMilliseconds = 500) : TransferConformance
{
    private protected override async Task<StreamPair> CreateAsync()
    {
        Rig rig = await Rig.OpenAsync(firmware, way);
        InMemoryListener listener = rig.Network.Listen(Rig.Host, 9);
        var request = new TransparentRequest(Rig.Host, 9)
        {
            // The module keeps real time here, and a busy machine may keep it from looking for long.
            EscapeGuard = TimeSpan.FromMilliseconds(guardMilliseconds),
            BufferBytes = 64 * 1024,
        };
        TransparentSession session = await rig.Modem.OpenTransparentAsync(request, Token).Within(Token);
        return new StreamPair(session, await listener.AcceptAsync(Token).Within(Token), rig);
    }
}

public sealed class TransparentStreamInMemoryTests() : TransparentStreamTests("esp-at", Way.Memory);

public sealed class TransparentStreamOnPtyTests() : TransparentStreamTests("esp-at-1.7", Way.Pty);

public sealed class CellularTransparentStreamInMemoryTests() : TransparentStreamTests("air780", Way.Memory, 1300);

public sealed class CellularTransparentStreamOnPtyTests() : TransparentStreamTests("air820", Way.Pty, 1300);
