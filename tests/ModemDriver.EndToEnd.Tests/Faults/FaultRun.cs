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
    public static async Task RunAsync(string firmware, LinkMode mode, Fault[] plan, bool isHeardRight = true)
    {
        string name = string.Join(", ", plan.AsEnumerable());
        await using VirtualRig rig = await VirtualRig.OnlineAsync(firmware, options => options with
        {
            ConnectionMode = mode == LinkMode.Only ? ConnectionMode.Single : ConnectionMode.Multiple,
            ReceiveMode = mode == LinkMode.Push ? ReceiveMode.Push : ReceiveMode.Automatic,
        });
        (Stream link, InMemoryPeer peer) = await OpenAsync(rig, mode);
        foreach (Fault fault in plan)
        {
            rig.Module.Faults.Add(fault);
        }

        byte[] up = Traffic.Bytes(Count, 1);
        byte[] down = Traffic.Bytes(Count, 2);
        long began = rig.Time.GetTimestamp();
        Task<(byte[] Bytes, bool HasFailed)> reading = ReadAsync(link);
        Task<(byte[] Bytes, bool HasFailed)> hearing = ReadAsync(peer);
        Task<bool> writing = WriteAsync(link, up);
        Task<bool> answering = WriteAsync(peer, down);
        if (link is TransparentSession session)
        {
            await rig.PassAsync(SuspendAsync(session));
        }

        bool wasWritten = await rig.PassAsync(writing);
        await rig.PassAsync(answering);
        (byte[] read, bool hasFailed) = await rig.PassAsync(reading);
        await rig.PassAsync(link.DisposeAsync().AsTask());
        (byte[] heard, _) = await rig.PassAsync(hearing);
        TimeSpan took = rig.Time.GetElapsedTime(began);

        Assert.True(down.AsSpan().StartsWith(read), $"{name}: other bytes were read:\n{rig.Wire}");
        Assert.True(!isHeardRight || up.AsSpan().StartsWith(heard), $"{name}: other bytes were heard:\n{rig.Wire}");
        Assert.True(read.Length == Count || hasFailed, $"{name}: {read.Length} bytes, and then an end:\n{rig.Wire}");
        if (wasWritten && isHeardRight && mode != LinkMode.Transparent)
        {
            // What was flushed has been taken by the module for the peer.
            Assert.True(heard.Length == Count || hasFailed, $"{name}: only {heard.Length} bytes arrived:\n{rig.Wire}");
        }

        Assert.True(took < Longest, $"{name}: {took}:\n{rig.Wire}");
        rig.Module.Faults.Clear();
        await rig.PassAsync(TimeSpan.FromMilliseconds(100));
        await rig.PassAsync(rig.Modem.WaitForStateAsync(ModemState.Online, Longest, Token));
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

    // All, or up to the end, and whether that was a failure.
    private static async Task<(byte[] Bytes, bool HasFailed)> ReadAsync(Stream stream)
    {
        var all = new byte[Count];
        int count = 0;
        try
        {
            for (int read = 1; read > 0 && count < Count; count += read)
            {
                read = await stream.ReadAsync(all.AsMemory(count, Math.Min(1000, Count - count)), Token);
            }

            return (all[..count], false);
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException)
        {
            return (all[..count], true);
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
