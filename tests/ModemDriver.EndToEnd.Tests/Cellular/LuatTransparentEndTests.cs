using System.Text;
using ModemDriver.EndToEnd.Tests.Recovery;
using ModemDriver.Simulator;
using ModemDriver.Simulator.Faults;

namespace ModemDriver.EndToEnd.Tests.Cellular;

/// <summary>
/// What ends a transparent session in the middle of its data, at many moments: what was read is what the peer sent, to its
/// end or up to a failure that is told, and the modem works afterwards.
/// </summary>
public sealed class LuatTransparentEndTests
{
    private const int Count = 12_000;

    private static readonly Fault[][] Plans = [[], [Fault.SplitOutput(1)], [Fault.SplitOutputRandomly(9)]];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public enum Ending
    {
        /// <summary>The peer closes: CLOSED.</summary>
        Closed,

        /// <summary>The peer resets the connection: TCP ERROR:14.</summary>
        TcpError,

        /// <summary>The network takes the address back: +PDP DEACT.</summary>
        Deactivated,

        /// <summary>+PDP: DEACT.</summary>
        DeactivatedWithColon,

        /// <summary>+PDP:DEACT.</summary>
        DeactivatedWithoutBlank,

        /// <summary>The network detaches the module.</summary>
        Detached,

        /// <summary>The module starts anew.</summary>
        Restarted,

        /// <summary>So it does for lack of power.</summary>
        BrownedOut,
    }

    public static TheoryData<string, Ending, bool> Rows()
    {
        var rows = new TheoryData<string, Ending, bool>();
        foreach (string firmware in (string[])["air820", "air724", "air780", "air780ep"])
        {
            foreach (Ending ending in Enum.GetValues<Ending>())
            {
                rows.Add(firmware, ending, false);
                rows.Add(firmware, ending, true);
            }
        }

        return rows;
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public async Task Nothing_but_the_peers_bytes_is_read_and_the_end_is_told(string firmware, Ending ending, bool isWriting)
    {
        foreach (int sent in (int[])[0, 1, 700, Count])
        {
            foreach (Fault[] plan in Plans)
            {
                await RunAsync(firmware, ending, isWriting, sent, plan);
            }
        }
    }

    private static async Task RunAsync(string firmware, Ending ending, bool isWriting, int sent, Fault[] plan)
    {
        string name = $"{sent} bytes, {string.Join(", ", plan.AsEnumerable())}";
        await using VirtualRig rig = await VirtualRig.OnlineAsync(firmware, simulate: options => options with
        {
            Switches = SwitchesFor(ending),
        });
        InMemoryListener listener = rig.Network.Listen(Rig.Host, 9);
        TransparentSession session = await rig.PassAsync(rig.Modem.OpenTransparentAsync(Rig.Host, 9, Token));
        InMemoryPeer peer = await rig.PassAsync(listener.AcceptAsync(Token).AsTask());
        foreach (Fault fault in plan)
        {
            rig.Module.Faults.Add(fault);
        }

        byte[] up = Traffic.Bytes(Count, 1);
        byte[] down = Traffic.Bytes(sent, 2);
        Task<(byte[] Bytes, Exception? Failure)> reading = ReadAsync(session);
        Task<(byte[] Bytes, Exception? Failure)> hearing = HearAsync(peer, ending);
        Task writing = isWriting ? WriteAsync(session, up) : Task.CompletedTask;
        await rig.PassAsync(peer.WriteAsync(down, Token).AsTask());
        await EndAsync(rig, peer, ending);
        (byte[] read, Exception? failure) = await rig.PassAsync(reading);
        await rig.PassAsync(writing);
        await rig.PassAsync(session.DisposeAsync().AsTask());
        (byte[] heard, _) = await rig.PassAsync(hearing);

        Assert.True(down.AsSpan().StartsWith(read), $"{name}: other bytes were read: {Behind(down, read)}\n{rig.Wire}");
        Assert.True(up.AsSpan().StartsWith(heard), $"{name}: other bytes were heard:\n{rig.Wire}");
        if (failure is not null)
        {
            Assert.True(failure is IOException { InnerException: LinkException }, $"{name}: {failure}");

            // A peer that closes is an end in order, unless what was written to it has become commands.
            Assert.True(isWriting || ending != Ending.Closed, $"{name}: {failure.Message}\n{rig.Wire}");
        }
        else
        {
            Assert.True(ending == Ending.Closed && read.Length == sent, $"{name}: {read.Length} bytes, and an end:\n{rig.Wire}");
        }

        rig.Module.Faults.Clear();
        await rig.PassAsync(TimeSpan.FromSeconds(10));
        await rig.PassAsync(rig.Modem.WaitForStateAsync(ModemState.Online, TimeSpan.FromHours(1), Token));
        try
        {
            await rig.NewLinkWorksAsync();
        }
        catch (Exception late) when (late is IOException or ModemException)
        {
            Assert.Fail($"{name}: {late.Message}\n{rig.Wire}");
        }

        Assert.Equal(ConnectionMode.Multiple, rig.Modem.ConnectionMode);
    }

    // What was read and not sent, for people.
    private static string Behind(byte[] sent, byte[] read) =>
        Encoding.Latin1.GetString(read.AsSpan(sent.AsSpan().CommonPrefixLength(read))).ReplaceLineEndings("|");

    // One that resets the connection reads no more; one whose module starts anew is never told.
    private static Task<(byte[] Bytes, Exception? Failure)> HearAsync(InMemoryPeer peer, Ending ending) =>
        ending is Ending.TcpError or Ending.Restarted or Ending.BrownedOut ? Task.FromResult<(byte[], Exception?)>(([], null)) : ReadAsync(peer);

    private static Dictionary<string, string> SwitchesFor(Ending ending) => ending switch
    {
        Ending.TcpError => new() { ["reset-line"] = "tcp-error" },
        Ending.DeactivatedWithColon => new() { ["pdp-deact"] = "+PDP: DEACT" },
        Ending.DeactivatedWithoutBlank => new() { ["pdp-deact"] = "+PDP:DEACT" },
        _ => [],
    };

    private static async Task EndAsync(VirtualRig rig, InMemoryPeer peer, Ending ending)
    {
        switch (ending)
        {
            case Ending.Closed:
                await rig.PassAsync(peer.DisposeAsync().AsTask());
                break;
            case Ending.TcpError:
                peer.Reset();
                break;
            case Ending.Restarted:
                rig.Module.Reset(ResetCause.Watchdog);
                break;
            case Ending.BrownedOut:
                rig.Module.Reset(ResetCause.BrownOut);
                break;
            case Ending.Detached:
                rig.Module.World.Mobile.Detach();
                break;
            default:
                rig.Module.World.Mobile.DeactivateContexts();
                break;
        }
    }

    private static async Task<(byte[] Bytes, Exception? Failure)> ReadAsync(Stream stream)
    {
        var all = new MemoryStream();
        try
        {
            await stream.CopyToAsync(all, Token);
            return (all.ToArray(), null);
        }
        catch (Exception failure) when (failure is IOException or ObjectDisposedException)
        {
            return (all.ToArray(), failure);
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
