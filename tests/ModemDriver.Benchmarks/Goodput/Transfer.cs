using ModemDriver.Simulator;

namespace ModemDriver.Benchmarks.Goodput;

/// <summary>Which way payload goes.</summary>
internal enum GoodputDirection
{
    /// <summary>From the host to the peer.</summary>
    Out,

    /// <summary>From the peer to the host.</summary>
    In,

    /// <summary>Both at once, as much each way.</summary>
    Both,
}

/// <summary>Payload through a link, compared byte for byte.</summary>
internal static class Transfer
{
    private const double BitsPerByte = 10; // 8N1

    /// <summary>On the virtual clock: the share of the bit rate that was payload; of both directions together.</summary>
    public static double Measure(
        GoodputModule module, ModuleTimings timings, GoodputMode mode, GoodputDirection direction, int rate, byte[] payload)
    {
        using VirtualStage stage = new(module.Personality, rate, timings, mode);
        (Stream link, InMemoryPeer peer) = stage.Connect(mode);
        TimeSpan start = stage.Now;
        try
        {
            stage.Complete(RunAsync(link, peer, direction, payload));
        }
        catch (Exception e) when (e is IOException or InvalidOperationException)
        {
            throw new InvalidOperationException($"{module.Personality}, {mode.Name}, {direction}, {rate} bit/s: {e.Message}", e);
        }

        int times = direction == GoodputDirection.Both ? 2 : 1;
        return times * payload.Length * BitsPerByte / rate / (stage.Now - start).TotalSeconds;
    }

    /// <summary>Sends, receives, and compares.</summary>
    public static Task RunAsync(Stream link, Stream peer, GoodputDirection direction, byte[] payload) => direction switch
    {
        GoodputDirection.Out => Task.WhenAll(WriteAsync(link, payload), CompareAsync(peer, payload)),
        GoodputDirection.In => Task.WhenAll(WriteAsync(peer, payload), CompareAsync(link, payload)),
        _ => Task.WhenAll(
            WriteAsync(link, payload),
            CompareAsync(peer, payload),
            WriteAsync(peer, payload),
            CompareAsync(link, payload)),
    };

    private static async Task WriteAsync(Stream stream, byte[] payload)
    {
        await stream.WriteAsync(payload);
        await stream.FlushAsync();
    }

    private static async Task CompareAsync(Stream stream, byte[] sent)
    {
        byte[] received = new byte[sent.Length];
        await stream.ReadExactlyAsync(received);
        if (!received.AsSpan().SequenceEqual(sent))
        {
            throw new InvalidDataException("What arrived is not what was sent.");
        }
    }
}
