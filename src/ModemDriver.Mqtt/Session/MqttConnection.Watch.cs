using MQTTnet.Packets;

namespace ModemDriver.Mqtt.Session;

/// <summary>The watchdog: notices silence, whatever this side goes on writing.</summary>
/// <remarks>
/// A link can die without a word, and then takes what is written for a long while. So only what comes from the broker
/// counts as a sign of life: after half the keep-alive without any, PINGREQ asks for one; after the whole of it, the
/// connection is lost. While a slow reader holds up the connection, no sign is expected.
/// </remarks>
internal sealed partial class MqttConnection
{
    private long _pingWritten;
    private bool _isPinging;
    private bool _isHeldUp;
    private long _pingAsked;

    private async Task WatchAsync()
    {
        _channel.Touch();
        while (!_ended.IsCancellationRequested)
        {
            TimeSpan pause = Inspect();
            await Task.Delay(pause, _time, _ended.Token).ConfigureAwait(false);
        }
    }

    /// <summary>Acts on what is due.</summary>
    /// <returns>How long nothing else will be.</returns>
    private TimeSpan Inspect()
    {
        TimeSpan whole = _limits.KeepAlive;
        TimeSpan half = whole / 2;
        long now = _time.GetTimestamp();
        bool isHeldUp = Volatile.Read(ref _isHeldUp);
        TimeSpan silence = isHeldUp ? TimeSpan.Zero : Since(_channel.ReceivedAt, now);
        TimeSpan writing = _channel.IsWriting ? Since(_channel.WrittenAt, now) : TimeSpan.Zero;
        long written = Volatile.Read(ref _pingWritten);
        TimeSpan pinged = Volatile.Read(ref _isPinging) && written != 0 && !isHeldUp ? Since(written, now) : TimeSpan.Zero;
        bool isPingStuck = Volatile.Read(ref _isPinging) && written == 0;
        if (writing >= whole)
        {
            throw Silent($"The connection has taken nothing for {whole}.");
        }

        // A PINGREQ behind a large message that is still being written has asked nothing yet.
        if (silence >= whole && !isPingStuck)
        {
            throw Silent($"Nothing has come from the broker for {whole}.");
        }

        if (pinged >= whole)
        {
            throw Silent($"PINGREQ has had no answer for {whole}.");
        }

        TimeSpan idle = Since(_channel.WrittenAt, now);
        // Held up, an answer cannot be seen; but the broker must still hear from us.
        bool mayPing = isHeldUp || !Volatile.Read(ref _isPinging);
        if (mayPing && (silence >= half || idle >= half))
        {
            _pingAsked = now;
            Volatile.Write(ref _pingWritten, 0);
            Volatile.Write(ref _isPinging, true);
            Enqueue(new MqttPingReqPacket());
            mayPing = false;
        }

        return Pause(silence, writing, pinged, mayPing ? idle : TimeSpan.Zero);
    }

    private TimeSpan Pause(TimeSpan silence, TimeSpan writing, TimeSpan pinged, TimeSpan idle)
    {
        TimeSpan whole = _limits.KeepAlive;
        TimeSpan half = whole / 2;
        TimeSpan pause = half;
        Shorten(ref pause, whole - silence);
        if (writing > TimeSpan.Zero)
        {
            Shorten(ref pause, whole - writing);
        }

        if (pinged > TimeSpan.Zero)
        {
            Shorten(ref pause, whole - pinged);
        }

        if (!Volatile.Read(ref _isPinging))
        {
            Shorten(ref pause, half - silence);
        }

        Shorten(ref pause, half - idle);
        return pause;
    }

    private static void Shorten(ref TimeSpan pause, TimeSpan other)
    {
        // What is overdue and waits for something else is looked at again soon, not at once.
        TimeSpan least = TimeSpan.FromMilliseconds(20);
        TimeSpan bounded = other < least ? least : other;
        pause = bounded < pause ? bounded : pause;
    }

    private void PingAnswered()
    {
        // A late one, or one that nobody asked for, is a sign of life like any other.
        if (Volatile.Read(ref _isPinging))
        {
            Volatile.Write(ref _isPinging, false);
            _parts.Metrics.RecordPing(_time.GetElapsedTime(_pingAsked));
        }
    }

    private TimeSpan Since(long stamp, long now)
    {
        TimeSpan elapsed = _time.GetElapsedTime(stamp, now);
        return elapsed > TimeSpan.Zero ? elapsed : TimeSpan.Zero;
    }

    private static MqttConnectionException Silent(string message) => new(MqttDisconnectCause.Silence, message);
}
