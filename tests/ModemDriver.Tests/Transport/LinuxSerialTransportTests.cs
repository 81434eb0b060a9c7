using System.Globalization;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;
using ModemDriver.Transport;

namespace ModemDriver.Tests.Transport;

[SupportedOSPlatform("linux")]
public sealed partial class LinuxSerialTransportTests : SerialConformance
{
    private protected override string Prefix => string.Empty;

    [Fact]
    public async Task A_port_that_another_transport_has_open_is_busy_and_the_message_names_the_program()
    {
        await using PtyRig rig = CreatePtyRig();
        await rig.OpenAsync(Stop);

        TransportException thrown = await OpenFailsAsync(rig.Pty.Path);

        Assert.Equal(TransportFailure.Busy, thrown.Failure);
        Assert.Contains(
            string.Create(CultureInfo.InvariantCulture, $"(process {Environment.ProcessId})"),
            thrown.Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_port_that_another_program_has_marked_as_its_own_is_busy()
    {
        using TestPty pty = new();
        using SafeFileHandle other = pty.OpenClientExclusively();

        TransportException thrown = await OpenFailsAsync(pty.Path);

        Assert.Equal(TransportFailure.Busy, thrown.Failure);
    }

    [Fact]
    public async Task A_port_that_this_user_may_not_open_names_the_group_to_join()
    {
        using TestPty pty = new();
        File.SetUnixFileMode(pty.Path, UnixFileMode.None);
        await using ITransport transport = TransportFactory.Create(pty.Path);

        Task opening = OpenWithoutRights(transport);

        TransportException thrown = await Assert.ThrowsAsync<TransportException>(() => opening.Within(Stop));
        Assert.Equal(TransportFailure.AccessDenied, thrown.Failure);
        Assert.Contains("dialout", thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_terminal_without_control_lines_loses_nothing_once_it_is_open_and_asking_changes_nothing()
    {
        await using PtyRig rig = CreatePtyRig();
        Assert.False(rig.Transport.IsLossless, "of a port that is not open nothing is known");
        await rig.OpenAsync(Stop);
        Assert.True(rig.Transport.TryPauseReceiving(true));

        Assert.True(rig.Transport.IsLossless, "there is no wire beneath it");

        await rig.PeerWriteAsync("held"u8.ToArray()).Within(Stop);
        Assert.True(rig.Transport.IsLossless);
        Assert.Empty(rig.Sink.Bytes);
        Assert.True(rig.Transport.TryPauseReceiving(false));
        await rig.Sink.WaitForAsync(4, Stop);
    }

    [Fact]
    public async Task A_bit_rate_off_every_list_is_set()
    {
        await using PtyRig rig = CreatePtyRig();
        await rig.OpenAsync(Stop);

        await rig.Transport.SetBitRateAsync(1_234_567, Stop).Within(Stop);

        Assert.Equal(1_234_567, rig.Pty.ClientSettings().BitRate);
    }

    [Fact]
    public async Task Writes_and_reads_allocate_nothing()
    {
        const int WarmUp = 200, Measured = 2000;
        await using PtyRig rig = CreatePtyRig();
        EchoSink sink = new();
        await rig.Transport.OpenAsync(sink, Stop).Within(Stop);
        byte[] ping = [0x55];

        long onCaller = await Task.Factory.StartNew(
            () =>
            {
                long before = 0;
                byte[] answer = new byte[1];
                for (int i = 0; i < WarmUp + Measured; i++)
                {
                    if (i == WarmUp)
                    {
                        sink.Mark();
                        before = GC.GetAllocatedBytesForCurrentThread();
                    }

                    ValueTask written = rig.Transport.WriteAsync(ping, Stop);
                    Assert.True(written.IsCompletedSuccessfully);
                    rig.Pty.Read(answer, Deadline.Limit);
                    rig.Pty.Write(answer, Deadline.Limit);
                    Assert.True(sink.Arrived.Wait(Deadline.Limit, CancellationToken.None)); // a token that is listened to allocates
                }

                return GC.GetAllocatedBytesForCurrentThread() - before;
            },
            Stop,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default).Within(Stop);

        Assert.Equal(0, sink.AllocatedSinceMark);
        Assert.Equal(0, onCaller);
    }

    // File rights are a matter of the thread's file system user id, which the port's thread inherits from the one that
    // starts it. With an id other than 0 root loses its override of rights, on this thread only.
    private static Task OpenWithoutRights(ITransport transport)
    {
        const uint Nobody = 65534;
        Task? opening = null;
        Thread thread = new(() =>
        {
            uint before = (uint)setfsuid(Nobody);
            opening = transport.OpenAsync(new RecordingSink(), Stop).AsTask();
            _ = setfsuid(before);
        });
        thread.Start();
        Assert.True(thread.Join(Deadline.Limit));
        return opening!; // set by the thread, which has ended
    }

#pragma warning disable IDE1006 // the name is that of the C library
    [LibraryImport("libc")]
    private static partial int setfsuid(uint user);
#pragma warning restore IDE1006

    /// <summary>Signals every arrival, and measures on the thread that calls it.</summary>
    private sealed class EchoSink : ITransportSink
    {
        private long _mark;
        private volatile bool _marking;

        public SemaphoreSlim Arrived { get; } = new(0);

        public long AllocatedSinceMark { get; private set; }

        public void Mark() => _marking = true;

        public void Received(ReadOnlySpan<byte> data)
        {
            long now = GC.GetAllocatedBytesForCurrentThread();
            if (_marking)
            {
                _marking = false;
                _mark = now;
            }

            AllocatedSinceMark = now - _mark;
            Arrived.Release();
        }

        public void Closed(TransportException? reason)
        {
        }
    }
}
