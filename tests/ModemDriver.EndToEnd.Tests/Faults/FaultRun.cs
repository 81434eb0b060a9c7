using ModemDriver.EndToEnd.Tests.Links;
using ModemDriver.EndToEnd.Tests.Recovery;
using ModemDriver.Simulator;
using ModemDriver.Simulator.Faults;

namespace ModemDriver.EndToEnd.Tests.Faults;

/// <summary>How a link is led.</summary>
public enum LinkMode
{
    /// <summary>The only link, fetched or pushed as the firmware can.</summary>
    Only,

    /// <summary>One of several.</summary>
    Multiple,

    /// <summary>Pushed by firmware that could keep the bytes.</summary>
    Push,

    /// <summary>The only link, pushed by firmware that could keep the bytes.</summary>
    OnlyPush,

    /// <summary>Begun by the peer.</summary>
    Accepted,

    /// <summary>Through the data state, suspended now and then.</summary>
    Transparent,
}

/// <summary>Bytes in both directions of a link while something goes wrong, and the modem afterwards.</summary>
internal static class FaultRun
{
    private const int Count = 12_000;

    // A module that answers nothing to the end of a session: its limits, then the way back.
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(3);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>A link of a module with these faults.</summary>
    /// <param name="firmware">Its firmware.</param>
    /// <param name="mode">How the link is led.</param>
    /// <param name="plan">What goes wrong from the opening of the link on.</param>
    /// <param name="isHeardRight">Whether what the module takes from the driver is what the driver has sent.</param>
    /// <param name="longest">How long the session may take, and the way back; null: three minutes.</param>
    /// <param name="isPeerTold">Whether the peer is told of the end: a module that starts anew may say nothing to it.</param>
    public static async Task RunAsync(
        string firmware, LinkMode mode, Fault[] plan, bool isHeardRight = true, TimeSpan? longest = null, bool isPeerTold = true)
    {
        TimeSpan limit = longest ?? Longest;
        string name = string.Join(", ", plan.AsEnumerable());
        await using VirtualRig rig = await VirtualRig.OnlineAsync(firmware, options => options with
        {
            ConnectionMode = mode is LinkMode.Only or LinkMode.OnlyPush ? ConnectionMode.Single : ConnectionMode.Multiple,
            ReceiveMode = mode is LinkMode.Push or LinkMode.OnlyPush ? ReceiveMode.Push : ReceiveMode.Automatic,
        });
        (Stream link, InMemoryPeer peer) = await OpenAsync(rig, mode);
        foreach (Fault fault in plan)
        {
            rig.Module.Faults.Add(fault);
        }

        byte[] up = Traffic.Bytes(Count, 1);
        byte[] down = Traffic.Bytes(Count, 2);
        long began = rig.Time.GetTimestamp();
        var allRead = new MemoryStream();
        Task<bool> reading = ReadAsync(link, allRead);
        var allHeard = new MemoryStream();
        Task<bool> hearing = ReadAsync(peer, allHeard);
        Task<bool> writing = WriteAsync(link, up);
        Task<bool> answering = WriteAsync(peer, down);
        if (link is TransparentSession session)
        {
            await rig.PassAsync(SuspendAsync(session));
        }

        bool wasWritten = await rig.PassAsync(writing);
        await rig.PassAsync(answering);
        bool hasFailed = await rig.PassAsync(reading);
        await rig.PassAsync(link.DisposeAsync().AsTask());
        TimeSpan took = rig.Time.GetElapsedTime(began);
        TimeSpan patience = isPeerTold ? limit : TimeSpan.FromSeconds(10);
        for (long closed = rig.Time.GetTimestamp(); !hearing.IsCompleted && rig.Time.GetElapsedTime(closed) < patience;)
        {
            await rig.PassAsync(TimeSpan.FromSeconds(1));
        }

        byte[] read = allRead.ToArray();
        byte[] heard = allHeard.ToArray();
        Assert.True(hearing.IsCompleted || !isPeerTold, $"{name}: the peer is not told of the end:\n{rig.Wire}");
        Assert.True(down.AsSpan().StartsWith(read), $"{name}: other bytes were read:\n{rig.Wire}");
        Assert.True(!isHeardRight || up.AsSpan().StartsWith(heard), $"{name}: other bytes were heard:\n{rig.Wire}");
        Assert.True(read.Length == Count || hasFailed, $"{name}: {read.Length} bytes, and then an end:\n{rig.Wire}");
        if (wasWritten && isHeardRight && mode != LinkMode.Transparent)
        {
            // What was flushed has been taken by the module for the peer.
            Assert.True(heard.Length == Count || hasFailed, $"{name}: only {heard.Length} bytes arrived:\n{rig.Wire}");
        }

        Assert.True(took < limit, $"{name}: {took}:\n{rig.Wire}");
        rig.Module.Faults.Clear();
        await rig.PassAsync(TimeSpan.FromMilliseconds(100));
        await rig.PassAsync(rig.Modem.WaitForStateAsync(ModemState.Online, limit, Token));
        try
        {
            await rig.NewLinkWorksAsync();
        }
        catch (IOException exception)
        {
            Assert.Fail($"{name}: {exception.Message}\n{rig.Wire}");
        }
    }

    private static async Task<(Stream Link, InMemoryPeer Peer)> OpenAsync(VirtualRig rig, LinkMode mode)
    {
        if (mode == LinkMode.Accepted)
        {
            LinkListener server = await rig.PassAsync(rig.Modem.ListenAsync(80, Token));
            InMemoryPeer peer = rig.Network.Connect(ServerTests.ModuleAddress, 80);
            return (await rig.PassAsync(server.AcceptAsync(Token)), peer);
        }

        InMemoryListener listener = rig.Network.Listen(Rig.Host, 9);
        Stream link = mode == LinkMode.Transparent
            ? await rig.PassAsync(rig.Modem.OpenTransparentAsync(Rig.Host, 9, Token))
            : await rig.ConnectAsync(9);
        return (link, await rig.PassAsync(listener.AcceptAsync(Token).AsTask()));
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

    // All, or up to the end; whether that was a failure.
    private static async Task<bool> ReadAsync(Stream stream, MemoryStream all)
    {
        var buffer = new byte[1000];
        try
        {
            for (int read = 1; read > 0 && all.Length < Count;)
            {
                read = await stream.ReadAsync(buffer.AsMemory(0, (int)Math.Min(buffer.Length, Count - all.Length)), Token);
                all.Write(buffer, 0, read);
            }

            return false;
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException)
        {
            return true;
        }
    }

    private static async Task<bool> WriteAsync(Stream stream, byte[] bytes)
    {
        try
        {
            for (int at = 0; at < bytes.Length; at += 3000)
            {
                await stream.WriteAsync(bytes.AsMemory(at, Math.Min(3000, bytes.Length - at)), Token);
            }

            await stream.FlushAsync(Token);
            return true;
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException)
        {
            return false;
        }
    }
}
