using System.IO.Pipelines;
using ModemDriver.Simulator.Time;

namespace ModemDriver.Simulator.Ways;

/// <summary>A way in: two pipes between the module's UART and something outside.</summary>
internal abstract class HostPort
{
    // Room for the largest payload that a module sends in one piece, so that a lone command never waits for a reader.
    private const int PipeBytes = 64 * 1024;

    // A host that waits goes on before a slow line has emptied half of that: at 9,600 bit/s after two seconds.
    private const int RoomBytes = 2 * 1024;

    private readonly SimulatorLoop _loop;
    private readonly Pipe _fromHost;
    private readonly Pipe _toHost;
    private int _ended;

    /// <param name="loop">The module's.</param>
    /// <param name="rim">Runs the outside.</param>
    /// <param name="time">When bytes arrive.</param>
    /// <param name="waits">Whether the outside waits while the module takes nothing; else all of it is kept.</param>
    protected HostPort(SimulatorLoop loop, PipeScheduler rim, TimeProvider time, bool waits = true)
    {
        _loop = loop;
        Arrivals = new ArrivalLog(time);
        _fromHost = new Pipe(new PipeOptions(
            null,
            loop.Scheduler,
            rim,
            waits ? PipeBytes : 0,
            waits ? PipeBytes - RoomBytes : 0,
            useSynchronizationContext: false));
        _toHost = new Pipe(new PipeOptions(
            null, rim, loop.Scheduler, PipeBytes, PipeBytes / 2, useSynchronizationContext: false));
    }

    /// <summary>The module's ends; for the loop only.</summary>
    internal PipeReader FromHost => _fromHost.Reader;

    internal PipeWriter ToHost => _toHost.Writer;

    /// <summary>Who is outside notes bytes here before writing them.</summary>
    internal ArrivalLog Arrivals { get; }

    /// <summary>The rate at which the host runs its port; <see langword="null"/> where that is not known.</summary>
    internal virtual int? HostBitRate => null;

    /// <summary>False while nobody has the port open: output then goes nowhere.</summary>
    internal virtual bool IsListened => true;

    /// <summary>Whether a person may sit there, whose Enter key sends CR alone.</summary>
    internal virtual bool IsForPeople => false;

    /// <summary>Told on the loop, once, when the connection has ended from either side.</summary>
    internal Action<HostPort>? Ended { get; set; }

    internal bool HasEnded => Volatile.Read(ref _ended) != 0;

    /// <summary>The outside's ends.</summary>
    protected PipeReader OutsideReader => _toHost.Reader;

    protected PipeWriter OutsideWriter => _fromHost.Writer;

    /// <summary>The cable is pulled, by whichever side. Safe to call from any thread, any number of times.</summary>
    internal void Unplug()
    {
        if (Interlocked.Exchange(ref _ended, 1) == 0)
        {
            _loop.Post(() =>
            {
                // 1. The UART lets go of the pipes. 2. What is left in them ends. 3. The outside.
                Ended?.Invoke(this);
                _toHost.Writer.Complete();
                _fromHost.Reader.Complete();
                Close();
            });
        }
    }

    /// <summary>Lets go of what is outside: descriptors, sockets, links. Called once, on the loop.</summary>
    protected abstract void Close();
}
