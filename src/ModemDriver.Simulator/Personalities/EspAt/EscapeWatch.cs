namespace ModemDriver.Simulator.Personalities.EspAt;

/// <summary>Finds the read of nothing but three plus signs that gives up a payload: 20 ms of silence before it, and 20 ms
/// behind.</summary>
internal sealed class EscapeWatch(ModuleHost host, Action escaped, CancellationToken life)
{
    private static readonly TimeSpan Silence = TimeSpan.FromMilliseconds(20);

    private long _lastAt;
    private bool _any;
    private int _holds;

    /// <summary>The signs have come, and whether something follows is not known yet.</summary>
    internal bool IsHolding { get; private set; }

    /// <summary>The payload was given up.</summary>
    internal bool HasEscaped { get; private set; }

    /// <summary>Looks at the next read. When signs were held and something follows at once, they are payload.</summary>
    /// <param name="chunk">The read.</param>
    /// <param name="releasesSigns">Signs that were held are payload, before this read.</param>
    /// <returns>True when the read is to be held, or lies behind the end of the payload.</returns>
    internal bool Catches(ReadOnlySpan<byte> chunk, out bool releasesSigns)
    {
        bool isSilent = !_any || host.Clock.Between(_lastAt, host.Uart.Input.ReadBeganAt) >= Silence;
        if (IsHolding && isSilent)
        {
            Escape();
        }

        releasesSigns = IsHolding;
        IsHolding = false;
        if (HasEscaped)
        {
            return true;
        }

        _any = true;
        _lastAt = host.Uart.Input.ReadEndedAt;
        if (!isSilent || !chunk.SequenceEqual("+++"u8))
        {
            return false;
        }

        IsHolding = true;
        int hold = ++_holds;
        host.Loop.StartHere(() => WaitAsync(hold));
        return true;
    }

    private async Task WaitAsync(int hold)
    {
        await host.Clock.WaitAsync(Silence, life);
        while (IsHolding && hold == _holds)
        {
            if (host.Uart.Input.IsQuietUntil(host.Clock.After(_lastAt, Silence)))
            {
                Escape();
                return;
            }

            await host.Clock.WaitAsync(TimeSpan.FromMilliseconds(1), life); // More is crossing the line.
        }
    }

    private void Escape()
    {
        IsHolding = false;
        HasEscaped = true;
        escaped();
    }
}
