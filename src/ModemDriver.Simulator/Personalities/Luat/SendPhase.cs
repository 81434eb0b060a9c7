using ModemDriver.Simulator.Personalities.Common;

namespace ModemDriver.Simulator.Personalities.Luat;

/// <summary>The bytes behind the prompt of AT+CIPSEND: counted, or ended by Ctrl-Z and given up by ESC.</summary>
/// <param name="buffer">Where they go.</param>
/// <param name="length">How many; <see langword="null"/>: until Ctrl-Z.</param>
/// <param name="completed">Told when they are complete, or given up.</param>
internal sealed class SendPhase(byte[] buffer, int? length, Action<SendPhase> completed) : IPayloadPhase
{
    private const byte End = 0x1a;
    private const byte Escape = 0x1b;

    private bool _hasEnded;

    internal int Count { get; private set; }

    /// <summary>ESC has come.</summary>
    public bool IsCancelled { get; private set; }

    public bool IsComplete => _hasEnded || IsCancelled || Count == (length ?? buffer.Length);

    public void Complete() => completed(this);

    public int Take(ReadOnlySpan<byte> chunk)
    {
        if (length is int all)
        {
            int taken = Math.Min(chunk.Length, all - Count);
            chunk[..taken].CopyTo(buffer.AsSpan(Count));
            Count += taken;
            return taken;
        }

        int used = 0;
        while (used < chunk.Length && !IsComplete)
        {
            byte value = chunk[used++];
            _hasEnded = value == End;
            IsCancelled = value == Escape;
            if (value is not (End or Escape))
            {
                buffer[Count++] = value;
            }
        }

        return used;
    }
}
