using ModemDriver.Simulator.Time;

namespace ModemDriver.Simulator.Wire;

/// <summary>One direction of a serial line: how long bytes take at a bit rate, 8N1, ten bits a byte.</summary>
internal sealed class SerialLine(TimeProvider time, IPace pace)
{
    private const int BitsPerByte = 10;
    private long _freeAt;
    private long _remainder;

    /// <summary>When the first of the bytes of the latest transfer began to cross.</summary>
    internal long BeganAt { get; private set; }

    /// <summary>When the last of them has crossed.</summary>
    internal long EndsAt => _freeAt;

    internal int StepBytes(int bitRate) => pace.StepBytes(bitRate);

    /// <summary>When so many bytes more have crossed the line, if they were ready at a moment.</summary>
    internal long CrossedAt(int bytes, int bitRate, long readyAt) =>
        Math.Max(_freeAt, readyAt) + ((long)bytes * BitsPerByte * time.TimestampFrequency / bitRate);

    /// <summary>Waits until the last of these bytes has crossed the line.</summary>
    /// <param name="bytes">How many.</param>
    /// <param name="bitRate">In bit/s.</param>
    /// <param name="readyAt">Since when they have been ready; before the line was free means that no gap lies between.
    /// </param>
    /// <param name="cancellationToken">Ends the wait.</param>
    internal Task TransferAsync(int bytes, int bitRate, long readyAt, CancellationToken cancellationToken)
    {
        if (readyAt > _freeAt)
        {
            _freeAt = readyAt;
            _remainder = 0;
        }

        BeganAt = _freeAt;

        // The part of a tick that is left over is kept, or 3 Mbit/s would be off by a percent.
        long duration = ((long)bytes * BitsPerByte * time.TimestampFrequency) + _remainder;
        _freeAt += duration / bitRate;
        _remainder = duration % bitRate;
        return pace.UntilAsync(_freeAt, cancellationToken);
    }
}
