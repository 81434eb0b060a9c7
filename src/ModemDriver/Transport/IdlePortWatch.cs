using Microsoft.Win32.SafeHandles;
using PollEntry = ModemDriver.Transport.LinuxSerialTransport.PollEntry;

namespace ModemDriver.Transport;

/// <summary>Waits for all ports of the process that have been quiet for a while, on one thread.</summary>
/// <remarks>
/// <para>It waits and nothing else: it reads no port and calls no sink, so that what one port does cannot hold up
/// another. A port that stirs leaves the watch first, and then goes on by its own means.</para>
/// <para>A port has one owner at a time. It hands itself over as the last thing that its thread does, and is not closed
/// while it is here. Nothing is lost on the way in or out: what became ready meanwhile is still ready at the next
/// poll(2), for nobody here takes it.</para>
/// </remarks>
internal sealed class IdlePortWatch
{
    private const int RefusedMilliseconds = 100;

    private readonly Lock _gate = new();
    private readonly List<IdlePort> _arrived = []; // under _gate
    private readonly List<IdlePort> _ports = []; // the watch's thread alone
    private readonly List<IdlePort> _refused = []; // the same: stirred, but there was no thread to be had
    private SafeFileHandle? _wakeUp; // set once, under _gate, before the thread starts
    private PollEntry[] _entries = [];

    private IdlePortWatch()
    {
    }

    /// <summary>The one watch of the process.</summary>
    public static IdlePortWatch Shared { get; } = new();

    /// <summary>
    /// Takes a port over; <see langword="false"/> when the system has no thread or descriptor left for the watch. After
    /// <see langword="true"/> the port may be at work again already: the caller touches it no more.
    /// </summary>
    public bool TryTake(in IdlePort port)
    {
        lock (_gate)
        {
            if (_wakeUp is null && !TryStart())
            {
                return false;
            }

            _arrived.Add(port);
        }

        LinuxSerialTransport.Signal(_wakeUp!); // set above
        return true;
    }

    // The thread never ends: without a port it waits for the next one. To end it and start it again would save one
    // thread in a process that will most likely need it soon.
    private bool TryStart()
    {
        if (LinuxSerialTransport.TryCreateEvent() is not { } wakeUp)
        {
            return false;
        }

        _wakeUp = wakeUp;
        if (LinuxSerialTransport.TryStartThread(Run, "modem watch"))
        {
            return true;
        }

        _wakeUp = null;
        wakeUp.Dispose();
        return false;
    }

    private void Run()
    {
        while (true)
        {
            Span<PollEntry> entries = Prepare();
            // The pool is no way out when threads are short: it throws then, too. So those that need one wait.
            if (LinuxSerialTransport.Wait(entries, _refused.Count > 0 ? RefusedMilliseconds : -1))
            {
                _refused.RemoveAll(static port => port.Resume());
                ResumeThoseThatStir(entries);
            }
            else
            {
                // So many cannot be waited for at once: each has its own thread again, until it has been quiet anew.
                ResumeAll();
            }
        }
    }

    // The watch's own event, then two entries for each port.
    private Span<PollEntry> Prepare()
    {
        lock (_gate)
        {
            _ports.AddRange(_arrived);
            _arrived.Clear();
        }

        int count = 1 + 2 * _ports.Count;
        if (_entries.Length < count)
        {
            _entries = new PollEntry[2 * count];
        }

        Span<PollEntry> entries = _entries.AsSpan(0, count);
        entries[0] = LinuxSerialTransport.EntryOf(_wakeUp!); // set before this thread started
        for (int i = 0; i < _ports.Count; i++)
        {
            entries[1 + 2 * i] = _ports[i].Tty;
            entries[2 + 2 * i] = _ports[i].WakeUp;
        }

        return entries;
    }

    private void ResumeThoseThatStir(Span<PollEntry> entries)
    {
        if (entries[0].Returned != 0)
        {
            LinuxSerialTransport.TakeSignal(_wakeUp!); // set before this thread started
        }

        // From the end: those that are still to be looked at keep their places. Any answer counts, also that a
        // descriptor is none: the port finds out what it means.
        for (int i = _ports.Count - 1; i >= 0; i--)
        {
            if (entries[1 + 2 * i].Returned != 0 || entries[2 + 2 * i].Returned != 0)
            {
                Resume(i);
            }
        }
    }

    private void ResumeAll()
    {
        while (_ports.Count > 0)
        {
            Resume(_ports.Count - 1);
        }
    }

    private void Resume(int index)
    {
        IdlePort port = _ports[index];
        _ports.RemoveAt(index);
        if (!port.Resume())
        {
            _refused.Add(port);
        }
    }
}
