using ModemDriver.EndToEnd.Tests.Recovery;
using ModemDriver.Simulator;
using ModemDriver.Simulator.Faults;

namespace ModemDriver.EndToEnd.Tests.Cellular;

/// <summary>
/// What goes wrong while a transparent session is suspended and resumed: each side reads the other's bytes, in order and from
/// the first on, and all of them or the session's Stream throws; and the modem works afterwards.
/// </summary>
public sealed class LuatTransparentFaultTests
{
    private const int Count = 12_000;

    private static readonly Fault[][] Plans =
    [
        [Fault.SplitOutput(1)],
        [Fault.SplitOutputRandomly(7), Fault.DelayOutput(700, TimeSpan.FromSeconds(2))],
        [Fault.Busy(3)],
        [Fault.LateAnswer("ATO", 1, TimeSpan.FromSeconds(3))],
        [Fault.LateAnswer("ATO", 1, TimeSpan.FromSeconds(8))],
        [Fault.LateAnswer("ATO", 2, TimeSpan.FromSeconds(20))],
        [Fault.MissingAnswer("ATO", 1)],
        [Fault.Splice("ATO", 1, 0, "\r\n+CSQ: 26,0\r\n")],
        [Fault.LateAnswer("AT", 1, TimeSpan.FromSeconds(3))],
        [Fault.MissingAnswer("AT", 1)],
        [Fault.ReplacedAnswer("AT", 1, "\r\nERROR\r\n")],
        [Fault.Splice("AT+CIPSTATUS", 1, 0, "\r\n+NITZ: 24/07/23,08:35:01+32,0\r\n")],
        [Fault.MissingAnswer("AT+CIPSTATUS", 2)],
        [Fault.MissingAnswer("AT+CIPSHUT", 1)],
        [Fault.ResetAt(2)],
        [Fault.ResetAt(3, ResetCause.BrownOut)],
        [Fault.UnplugAt(1)],
        [Fault.UnplugAt(5)],
    ];

    // A module that obeys, and says that it does not, gives its peer the commands that follow: the session ends by it.
    private static readonly Fault[][] PlansOfObedience =
    [
        [Fault.ReplacedAnswer("ATO", 2, "\r\nNO CARRIER\r\n")],
    ];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<string, int> Rows()
    {
        var rows = new TheoryData<string, int>();
        foreach (string firmware in (string[])["air820", "air724", "air780", "air780ep"])
        {
            for (int plan = 0; plan < Plans.Length + PlansOfObedience.Length; plan++)
            {
                rows.Add(firmware, plan);
            }
        }

        return rows;
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public Task Each_side_reads_the_bytes_of_the_other_or_is_told(string firmware, int plan) => plan < Plans.Length
        ? RunAsync(firmware, Plans[plan], isHeardRight: true)
        : RunAsync(firmware, PlansOfObedience[plan - Plans.Length], isHeardRight: false);

    private static async Task RunAsync(string firmware, Fault[] plan, bool isHeardRight)
    {
        string name = string.Join(", ", plan.AsEnumerable());
        await using VirtualRig rig = await VirtualRig.OnlineAsync(firmware);
        InMemoryListener listener = rig.Network.Listen(Rig.Host, 9);
        TransparentSession session = await rig.PassAsync(rig.Modem.OpenTransparentAsync(Rig.Host, 9, Token));
        InMemoryPeer peer = await rig.PassAsync(listener.AcceptAsync(Token).AsTask());
        foreach (Fault fault in plan)
        {
            rig.Module.Faults.Add(fault);
        }

        byte[] up = Traffic.Bytes(Count, 1);
        byte[] down = Traffic.Bytes(Count, 2);
        var read = new MemoryStream();
        var heard = new MemoryStream();
        Task<bool> reading = CopyAsync(session, read);
        Task<bool> hearing = CopyAsync(peer, heard);
        Task writing = WriteAsync(session, up);
        Task answering = WriteAsync(peer, down);
        await rig.PassAsync(SuspendAsync(session));
        await rig.PassAsync(writing);
        await rig.PassAsync(TimeSpan.FromSeconds(5));
        bool isEarly = reading.IsCompleted;
        await rig.PassAsync(session.DisposeAsync().AsTask());
        bool wasInOrder = await rig.PassAsync(reading);
        await rig.PassAsync(TimeSpan.FromSeconds(5));

        // A module that has started anew tells its peer nothing, so that no end can be waited for there.
        Assert.True(down.AsSpan().StartsWith(read.ToArray()), $"{name}: other bytes were read:\n{rig.Wire}");
        Assert.True(isEarly || isHeardRight, $"{name}: a session that may have given its peer commands goes on:\n{rig.Wire}");
        Assert.True(!isHeardRight || up.AsSpan().StartsWith(heard.ToArray()), $"{name}: other bytes were heard:\n{rig.Wire}");
        Assert.True(read.Length == Count || isEarly, $"{name}: {read.Length} bytes were read, and nothing was told:\n{rig.Wire}");
        Assert.False(isEarly && wasInOrder, $"{name}: an end in order behind {read.Length} bytes:\n{rig.Wire}");
        Assert.True(answering.IsCompleted || isEarly, $"{name}: the peer cannot send:\n{rig.Wire}");
        Assert.True(isEarly || hearing.IsCompleted, $"{name}: the peer is not told that the session was closed:\n{rig.Wire}");

        rig.Module.Faults.Clear();
        await rig.PassAsync(TimeSpan.FromSeconds(10));
        await rig.PassAsync(rig.Modem.WaitForStateAsync(ModemState.Online, TimeSpan.FromHours(1), Token));
        await rig.NewLinkWorksAsync();
        Assert.Equal(ConnectionMode.Multiple, rig.Modem.ConnectionMode);
    }

    private static async Task SuspendAsync(TransparentSession session)
    {
        try
        {
            for (int i = 0; i < 3; i++)
            {
                await session.SuspendAsync(Token);
                await session.ResumeAsync(Token);
            }
        }
        catch (ModemException)
        {
            // The session has ended by it, and so has its Stream.
        }
    }

    // Whether it ended in order.
    private static async Task<bool> CopyAsync(Stream stream, MemoryStream all)
    {
        try
        {
            await stream.CopyToAsync(all, Token);
            return true;
        }
        catch (Exception failure) when (failure is IOException or ObjectDisposedException)
        {
            return false;
        }
    }

    private static async Task WriteAsync(Stream stream, byte[] bytes)
    {
        try
        {
            for (int at = 0; at < bytes.Length; at += 3000)
            {
                await stream.WriteAsync(bytes.AsMemory(at, 3000), Token);
            }

            await stream.FlushAsync(Token);
        }
        catch (Exception failure) when (failure is IOException or ObjectDisposedException)
        {
            // The session has ended by then, which its reader is told.
        }
    }
}
