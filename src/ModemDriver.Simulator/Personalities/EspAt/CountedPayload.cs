using ModemDriver.Simulator.Personalities.Common;

namespace ModemDriver.Simulator.Personalities.EspAt;

/// <summary>The bytes behind the prompt of an MQTT command: so many, and nothing gives them up (esp-at issue 1027).
/// </summary>
internal sealed class CountedPayload(int length, Action<byte[]> completed) : IPayloadPhase
{
    private readonly byte[] _bytes = new byte[length];
    private int _count;

    public bool IsComplete => _count == _bytes.Length;

    public bool IsCancelled => false;

    public int Take(ReadOnlySpan<byte> chunk)
    {
        int taken = Math.Min(chunk.Length, _bytes.Length - _count);
        chunk[..taken].CopyTo(_bytes.AsSpan(_count));
        _count += taken;
        return taken;
    }

    public void Complete() => completed(_bytes);
}
