using System.IO.Pipelines;
using System.Runtime.InteropServices;
using ModemDriver.Simulator.Time;

namespace ModemDriver.Simulator.Ways;

/// <summary>The way in through a pseudo-terminal.</summary>
/// <remarks>
/// The port keeps a descriptor of the slave open itself: the master then never reports a hang-up, which would turn its
/// poll into a busy loop, and a lock that a killed program left can be taken away. That others open and close the
/// device is learned from inotify, how many have it open from /proc: inotify joins equal events that follow each other.
/// </remarks>
internal sealed class PtyHostPort : HostPort
{
    /// <summary>How long a program that has the device open may leave its input unread. A UART would not wait at all;
    /// this much patience lets a program be slow without losing bytes.</summary>
    private const int PatienceMilliseconds = 5000;

    private const int NotOpen = -1;

    private readonly Func<int> _moduleRate;
    private readonly Action _abandoned;
    private readonly int _master = NotOpen;
    private readonly int _slave = NotOpen;
    private readonly int _watcher = NotOpen;
    private readonly int _wake = NotOpen;
    private readonly Thread _thread;
    private volatile TaskCompletionSource<bool>? _writable;
    private volatile int _openings;
    private volatile bool _inputIsFull;
    private volatile bool _isClosing;
    private bool _isStuck;
    private int _linkIsGone;

    internal PtyHostPort(
        SimulatorLoop loop, TimeProvider time, string? linkPath, Func<int> moduleRate, Action abandoned)
        : base(loop, PipeScheduler.Inline, time)
    {
        if (!OperatingSystem.IsLinux())
        {
            throw new PlatformNotSupportedException("A pseudo-terminal needs Linux; the TCP port works everywhere.");
        }

        _moduleRate = moduleRate;
        _abandoned = () => loop.Post(abandoned);
        try
        {
            _master = PtyNative.OpenMaster();
            DevicePath = PtyNative.SlavePath(_master);
            _slave = PtyNative.OpenSlave(DevicePath);
            PtyNative.MakeRaw(_master, moduleRate());
            _watcher = PtyNative.Watch(DevicePath);
            _wake = PtyNative.NewEvent();
        }
        catch
        {
            CloseDescriptors();
            throw;
        }

        _thread = new Thread(Run) { IsBackground = true, Name = "ModemDriver.Simulator " + DevicePath };
        _ = SendAsync();
        _thread.Start();
        if (linkPath is not null)
        {
            LinkOrClose(linkPath);
            LinkPath = linkPath;
        }
    }

    internal string DevicePath { get; }

    internal string? LinkPath { get; }

    internal override bool IsListened => _openings > 0;

    internal override bool IsForPeople => true;

    internal override int? HostBitRate => IsListened && !_isClosing ? PtyNative.BitRate(_master) : null;

    /// <summary>Takes the link away at once; the rest follows on the loop.</summary>
    internal void CloseNow()
    {
        Unlink();
        Unplug();
    }

    protected override void Close()
    {
        Unlink();
        _isClosing = true;
        PtyNative.Signal(_wake);
    }

    private void LinkOrClose(string linkPath)
    {
        try
        {
            Link(linkPath);
        }
        catch
        {
            Close(); // The thread gives the descriptors back.
            throw;
        }
    }

    private void Link(string linkPath)
    {
        RequireReplaceable(linkPath);

        // A link of its own first, then over the old one: whoever opens the path finds the one or the other.
        string fresh = $"{linkPath}.{Environment.ProcessId}.{Path.GetFileName(DevicePath)}";
        File.CreateSymbolicLink(fresh, DevicePath);
        try
        {
            File.Move(fresh, linkPath, overwrite: true);
        }
        catch
        {
            File.Delete(fresh);
            throw;
        }
    }

    /// <summary>A link that a simulator has left may be replaced: it leads nowhere, or to a pseudo-terminal, whose number
    /// may be somebody else's by now. Anything else is somebody's.</summary>
    private static void RequireReplaceable(string linkPath)
    {
        if (new FileInfo(linkPath).LinkTarget is not string target)
        {
            if (Path.Exists(linkPath))
            {
                throw new IOException($"{linkPath} exists and is no link.");
            }

            return;
        }

        string leadsTo = Path.GetFullPath(target, Path.GetDirectoryName(Path.GetFullPath(linkPath)) ?? "/");
        if (Path.Exists(leadsTo) && !leadsTo.StartsWith("/dev/pts/", StringComparison.Ordinal))
        {
            throw new IOException($"{linkPath} is a link to {target}, which is no pseudo-terminal.");
        }
    }

    private void Unlink()
    {
        // Only our own: another simulator may have taken the name since.
        if (LinkPath is not null
            && Interlocked.Exchange(ref _linkIsGone, 1) == 0
            && new FileInfo(LinkPath).LinkTarget == DevicePath)
        {
            File.Delete(LinkPath);
        }
    }

    /// <summary>Writes on whichever thread has the bytes; continues on this port's thread when the device was full.
    /// </summary>
    private async Task SendAsync()
    {
        while (true)
        {
            ReadResult read = await OutsideReader.ReadAsync().ConfigureAwait(false);
            foreach (ReadOnlyMemory<byte> segment in read.Buffer)
            {
                await SendAsync(segment).ConfigureAwait(false);
            }

            OutsideReader.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted)
            {
                return;
            }
        }
    }

    private async ValueTask SendAsync(ReadOnlyMemory<byte> data)
    {
        while (!data.IsEmpty && IsListened && !_isClosing)
        {
            int count = PtyNative.Write(_master, data.Span);
            if (count > 0)
            {
                data = data[count..];
                _isStuck = false;
                continue;
            }

            int error = Marshal.GetLastPInvokeError();
            if (error == PtyNative.Interrupted)
            {
                continue;
            }

            if (error != PtyNative.TryAgain || _isStuck)
            {
                return; // Nobody takes it: it is lost, as on a line without a reader.
            }

            var writable = new TaskCompletionSource<bool>();
            _writable = writable;
            PtyNative.Signal(_wake);
            _isStuck = !await writable.Task.ConfigureAwait(false);
        }
    }

    private void Run()
    {
        Span<PtyNative.PollEntry> entries = stackalloc PtyNative.PollEntry[3];
        while (!_isClosing)
        {
            bool waits = _writable is not null;
            int events = (_inputIsFull ? 0 : PtyNative.PollIn) | (waits ? PtyNative.PollOut : 0);
            entries[0] = new PtyNative.PollEntry { Descriptor = _master, Events = (short)events };
            entries[1] = new PtyNative.PollEntry { Descriptor = _watcher, Events = PtyNative.PollIn };
            entries[2] = new PtyNative.PollEntry { Descriptor = _wake, Events = PtyNative.PollIn };
            int ready = PtyNative.Poll(entries, waits ? PatienceMilliseconds : -1);
            if (ready > 0)
            {
                Serve(entries);
            }
            else if (ready == 0)
            {
                Finish(false);
            }
        }

        Finish(false);
        CloseDescriptors();
    }

    private void CloseDescriptors()
    {
        foreach (int descriptor in new[] { _slave, _master, _watcher, _wake })
        {
            if (descriptor != NotOpen)
            {
                PtyNative.Close(descriptor);
            }
        }
    }

    private void Serve(ReadOnlySpan<PtyNative.PollEntry> entries)
    {
        Span<byte> scratch = stackalloc byte[4096];
        if (entries[2].Happened != 0)
        {
            _ = PtyNative.Read(_wake, scratch);
        }

        // Before the bytes: who has written them must count as a listener when the answer comes.
        if (entries[1].Happened != 0)
        {
            CountOpenings(scratch[..Math.Max(0, PtyNative.Read(_watcher, scratch))]);
        }

        if ((entries[0].Happened & PtyNative.PollIn) != 0)
        {
            ReadInput();
        }

        if ((entries[0].Happened & PtyNative.PollOut) != 0)
        {
            Finish(true);
        }
    }

    private void Finish(bool isWritable)
    {
        TaskCompletionSource<bool>? writable = _writable;
        _writable = null;
        writable?.TrySetResult(isWritable);
    }

    private void CountOpenings(ReadOnlySpan<byte> events)
    {
        (int counted, bool wasClosed, bool hasChangedHands) = Follow(events, _openings);
        bool wasOpen = wasClosed || _openings > 0;

        // Before they are counted: what is there then was left, and is not what the next program has set meanwhile.
        bool isAsNew = PtyNative.IsRaw(_master, _moduleRate());
        _openings = PtyUsers.Count(DevicePath, _slave) ?? counted;
        if (_openings == 0 && isAsNew && !PtyNative.IsRaw(_master, _moduleRate()))
        {
            // Somebody came while they were counted: is there still, or has left it so.
            _openings = PtyUsers.Count(DevicePath, _slave) ?? counted;
            isAsNew = false;
        }

        if (hasChangedHands || (wasOpen && _openings == 0))
        {
            Abandon(isAsNew);
        }
    }

    /// <summary>Counts the events; tells whether the last one had closed the device, and whether another then opened it.
    /// </summary>
    private static (int Openings, bool WasClosed, bool HasChangedHands) Follow(ReadOnlySpan<byte> events, int openings)
    {
        // struct inotify_event: int wd, uint mask, uint cookie, uint len; no name, as the watch is on the file itself.
        const int Size = 16;
        bool wasClosed = false;
        bool hasChangedHands = false;
        for (; events.Length >= Size; events = events[Size..])
        {
            uint mask = MemoryMarshal.Read<uint>(events[4..]);
            if ((mask & PtyNative.InotifyOpen) != 0)
            {
                openings++;
                hasChangedHands |= wasClosed;
            }
            else if ((mask & PtyNative.InotifyClose) != 0 && openings > 0)
            {
                wasClosed |= --openings == 0;
            }
        }

        return (openings, wasClosed, hasChangedHands);
    }

    /// <summary>The last program has closed the device: the next one finds it as new.</summary>
    private void Abandon(bool isAsNew)
    {
        PtyNative.ForgetUnread(_slave);
        if (_openings == 0)
        {
            // What the next program has already set, when it was quicker than this thread, is its own.
            PtyNative.Unlock(_slave);
            if (!isAsNew)
            {
                PtyNative.MakeRaw(_master, _moduleRate());
            }
        }

        Finish(false);
        _abandoned();
    }

    private void ReadInput()
    {
        int count = PtyNative.Read(_master, OutsideWriter.GetSpan(4096));
        if (count <= 0)
        {
            return;
        }

        Arrivals.Add(count);
        OutsideWriter.Advance(count);
        ValueTask<FlushResult> flush = OutsideWriter.FlushAsync();
        if (!flush.IsCompleted)
        {
            _inputIsFull = true;
            _ = AwaitRoomAsync(flush);
        }
    }

    private async Task AwaitRoomAsync(ValueTask<FlushResult> flush)
    {
        await flush.ConfigureAwait(false);
        _inputIsFull = false;
        if (!_isClosing)
        {
            PtyNative.Signal(_wake);
        }
    }
}
