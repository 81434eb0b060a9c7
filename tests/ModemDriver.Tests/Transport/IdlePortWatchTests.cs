using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;
using ModemDriver.Transport;

namespace ModemDriver.Tests.Transport;

[SupportedOSPlatform("linux")]
public sealed class IdlePortWatchTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_port_that_waits_for_no_bytes_is_not_resumed_by_bytes()
    {
        using TestPty pty = new();
        using SafeFileHandle client = pty.OpenClient();
        pty.Write(new byte[1], Deadline.Limit);
        pty.AwaitUnreadBytes(Deadline.Limit);
        using FakePort deaf = new(client, waitsForBytes: false);

        deaf.Park();
        // Each of these has been in the watch together with the first, and the second of them in another round.
        for (int i = 0; i < 2; i++)
        {
            using FakePort other = new(client, waitsForBytes: true);
            other.Park();
            await other.Resumed.Task.Within(Stop);
        }

        Assert.False(deaf.Resumed.Task.IsCompleted);
        deaf.Signal();
        await deaf.Resumed.Task.Within(Stop);
    }

    [Fact]
    public async Task A_descriptor_that_is_none_goes_back_to_its_port_and_the_watch_goes_on()
    {
        using TestPty pty = new();
        using SafeFileHandle client = pty.OpenClient();
        using FakePort broken = new(int.MaxValue, waitsForBytes: true);
        using FakePort sound = new((int)client.DangerousGetHandle(), waitsForBytes: true);

        sound.Park();
        broken.Park();

        await broken.Resumed.Task.Within(Stop);
        Assert.False(sound.Resumed.Task.IsCompleted);
        pty.Write(new byte[1], Deadline.Limit);
        await sound.Resumed.Task.Within(Stop);
    }

    [Fact]
    public async Task A_port_for_which_there_is_no_thread_is_resumed_when_there_is_one()
    {
        using TestPty pty = new();
        using SafeFileHandle client = pty.OpenClient();
        using FakePort port = new(client, waitsForBytes: true) { Refusals = 3 };
        port.Park();

        pty.Write(new byte[1], Deadline.Limit);

        await port.Resumed.Task.Within(Stop);
        Assert.Equal(0, port.Refusals);
    }

    /// <summary>What the watch sees of a port. It leaves the watch before it is disposed.</summary>
    private sealed class FakePort : IDisposable
    {
        private readonly SafeFileHandle _wakeUp = LinuxSerialTransport.TryCreateEvent()!; // there are descriptors left
        private readonly LinuxSerialTransport.PollEntry _tty;

        public FakePort(SafeFileHandle tty, bool waitsForBytes)
            : this((int)tty.DangerousGetHandle(), waitsForBytes)
        {
        }

        public FakePort(int tty, bool waitsForBytes)
        {
            const short PollIn = 1;
            _tty = new() { Descriptor = tty, Events = waitsForBytes ? PollIn : (short)0 };
        }

        public TaskCompletionSource Resumed { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        /// <summary>How many times there is no thread for the port.</summary>
        public int Refusals { get; set; }

        public void Park() => Assert.True(IdlePortWatch.Shared.TryTake(
            new IdlePort(_tty, LinuxSerialTransport.EntryOf(_wakeUp), TryResume)));

        public void Signal() => LinuxSerialTransport.Signal(_wakeUp);

        public void Dispose() => _wakeUp.Dispose();

        private bool TryResume()
        {
            if (Refusals > 0)
            {
                Refusals--;
                return false;
            }

            return Resumed.TrySetResult();
        }
    }
}
