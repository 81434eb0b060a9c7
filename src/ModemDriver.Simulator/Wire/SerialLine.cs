using ModemDriver.Simulator.Time;

namespace ModemDriver.Simulator.Wire;

/// <summary>One direction of a serial line: how long bytes take at a bit rate, 8N1, ten bits a byte.</summary>
internal sealed class SerialLine(TimeProvider time, IPace pace)
{
    private const int BitsPerByte = 10;
    private long _freeAt;
    private long _remainder;

    internal int StepBytes(int bitRate) => pace.StepBytes(bitRate);

    /// <summary>Waits until the last of these bytes has crossed the line.</summary>
    /// <param name="bytes">How many.</param>
    /// <param name="bitRate">In bit/s.</param>
    /// <param name="follows">True when they stood ready before the line was free, so that no gap lies between.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    internal Task TransferAsync(int bytes, int bitRate, bool follows, CancellationToken cancellationToken)
    {
        if (!follows)
        {
            long now = time.GetTimestamp();
            if (now > _freeAt)
            {
                _freeAt = now;
                _remainder = 0;
            }
        }

        // The part of a tick that is left over is kept, or 3 Mbit/s would be off by a percent.
        long duration = ((long)bytes * BitsPerByte * time.TimestampFrequency) + _remainder;
        _freeAt += duration / bitRate;
        _remainder = duration % bitRate;
        return pace.UntilAsync(_freeAt, cancellationToken);
    }
}
