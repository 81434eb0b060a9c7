using ModemDriver.Simulator.Network;

namespace ModemDriver.Simulator.Personalities.Luat;

/// <summary>Payloads on their way to the peers: a queue for each link, and what the peer has of it.</summary>
internal sealed class LinkSender(LuatModule module)
{
    /// <summary>What a link keeps before a send waits.</summary>
    private const int QueueBytes = 16 * 1024;

    /// <summary>How long a send waits for room, or for the peer.</summary>
    private static readonly TimeSpan VerdictLimit = TimeSpan.FromSeconds(50);

    private static readonly TimeSpan SlowClose = TimeSpan.FromSeconds(10);

    private ModuleHost Host => module.Host;

    /// <summary>Sends what is queued until the link ends.</summary>
    internal async Task PumpAsync(LuatLink link)
    {
        NetworkConnection connection = link.Connection!; // It has connected.
        try
        {
            while (true)
            {
                if (link.Outgoing.Count == 0 || !module.Packet.Flows)
                {
                    await link.Work.WaitAsync(link.Life);
                    continue;
                }

                byte[] data = link.Outgoing.Dequeue();
                await connection.SendAsync(data, link.Life);
                link.Acknowledged += data.Length;
                link.Progress.Set();
            }
        }
        catch (NetworkException failure)
        {
            Host.Trace($"! link {link.Id}: {failure.Message}");
        }

        link.Life.ThrowIfCancellationRequested();
        module.Links.Gone(link, wasReset: true);
    }

    /// <summary>Takes a payload; false when the link is lost, or there is no room for too long.</summary>
    internal async Task<bool> TrySendAsync(LuatLink link, ReadOnlyMemory<byte> data, CancellationToken life)
    {
        long start = Host.Clock.Now;
        while (link.IsOpen && link.Outstanding + data.Length > QueueBytes)
        {
            if (!await ProgressAsync(link, start, VerdictLimit, life))
            {
                return false;
            }
        }

        if (!link.IsOpen)
        {
            return false;
        }

        if (data.IsEmpty)
        {
            // What is buffered is sent, and nothing is.
            return true;
        }

        link.Outgoing.Enqueue(data.ToArray());
        link.Sent += data.Length;
        link.Work.Set();
        while (module.Ip.QuickSend == 2 && link.IsOpen && link.Outstanding > 0)
        {
            if (!await ProgressAsync(link, start, VerdictLimit, life))
            {
                return false;
            }
        }

        return module.Ip.QuickSend != 2 || link.Outstanding == 0;
    }

    /// <summary>Waits until what is queued has left, for as long as a slow close does.</summary>
    internal async Task DrainAsync(LuatLink link, CancellationToken life)
    {
        long start = Host.Clock.Now;
        while (link.IsOpen && link.Outstanding > 0 && await ProgressAsync(link, start, SlowClose, life))
        {
        }
    }

    /// <summary>Waits for the peer; false when that takes too long.</summary>
    private async Task<bool> ProgressAsync(LuatLink link, long start, TimeSpan limit, CancellationToken life)
    {
        TimeSpan left = limit - Host.Clock.Since(start);
        if (left <= TimeSpan.Zero)
        {
            return false;
        }

        using var deadline = new CancellationTokenSource(left, Host.Clock.Provider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, life);
        try
        {
            await link.Progress.WaitAsync(either.Token);
            return true;
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested)
        {
            return false;
        }
    }
}
