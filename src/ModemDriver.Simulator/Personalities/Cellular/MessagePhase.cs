using ModemDriver.Simulator.Personalities.Common;

namespace ModemDriver.Simulator.Personalities.Cellular;

/// <summary>What is typed behind the prompt of a message: ended by Ctrl-Z, given up by ESC.</summary>
/// <param name="newLine">Told of each CR.</param>
/// <param name="completed">Told at the end.</param>
internal sealed class MessagePhase(Action newLine, Action<MessagePhase> completed) : IPayloadPhase
{
    /// <summary>More than any message has.</summary>
    private const int Longest = 2048;

    private const byte End = 0x1a;
    private const byte Escape = 0x1b;

    private readonly List<byte> _typed = [];
    private bool _hasEnded;

    /// <summary>ESC has come.</summary>
    public bool IsCancelled { get; private set; }

    public bool IsComplete => _hasEnded || IsCancelled;

    internal bool IsTooLong { get; private set; }

    internal byte[] Typed => [.. _typed];

    public void Complete() => completed(this);

    public int Take(ReadOnlySpan<byte> chunk)
    {
        int used = 0;
        while (used < chunk.Length && !IsComplete)
        {
            byte value = chunk[used++];
            _hasEnded = value == End;
            IsCancelled = value == Escape;
            if (IsComplete)
            {
                break;
            }

            IsTooLong |= _typed.Count == Longest;
            if (!IsTooLong)
            {
                _typed.Add(value);
            }

            if (value == '\r')
            {
                newLine();
            }
        }

        return used;
    }
}
