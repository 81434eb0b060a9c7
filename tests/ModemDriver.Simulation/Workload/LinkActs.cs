using System.Buffers.Binary;
using ModemDriver.Simulation.Checks;
using ModemDriver.Simulator;

namespace ModemDriver.Simulation.Workload;

/// <summary>Links that the driver opens, and links that peers begin.</summary>
internal static class LinkActs
{
    private const int ListenPort = 80;
    private const int HeaderBytes = 4;

    // Beside its own limit: the turn of the commands before it, and the way back of the channel.
    private static readonly TimeSpan ConnectLimit = TimeSpan.FromMinutes(4);

    private static readonly TimeSpan AcceptPatience = TimeSpan.FromSeconds(20);

    /// <summary>Some links at once, with commands between them.</summary>
    public static async Task LinksAsync(Stage stage, Random random)
    {
        int most = stage.Modem.ConnectionMode == ConnectionMode.Multiple ? 5 : 1;
        int count = random.Next(1, most + 1);
        var running = new List<Task>();
        for (int i = 0; i < count; i++)
        {
            running.Add(LinkAsync(stage, new Random(random.Next())));
            await stage.DelayAsync(TimeSpan.FromMilliseconds(random.Next(3) == 0 ? random.Next(500) : 0));
        }

        if (random.Next(2) == 0)
        {
            running.Add(CommandAct.RunAsync(stage, new Random(random.Next()), random.Next(1, 5)));
        }

        await Task.WhenAll(running);
    }

    /// <summary>A listener, and peers that begin links.</summary>
    public static async Task ListenAsync(Stage stage, Random random)
    {
        if (stage.Modem.ConnectionMode != ConnectionMode.Multiple)
        {
            return; // refused by name before anything is sent
        }

        Outcome<LinkListener> listening = await stage.Calls.TryAsync(
            "Listen", ConnectLimit, token => stage.Modem.ListenAsync(new ListenRequest(ListenPort), token));
        if (listening.Value is not { } listener)
        {
            return;
        }

        int count = random.Next(1, 10);
        var running = new List<Task>();
        for (int i = 0; i < count; i++)
        {
            running.Add(ClientAsync(stage, listener, new Random(random.Next())));
            await stage.DelayAsync(TimeSpan.FromMilliseconds(random.Next(2) == 0 ? random.Next(800) : 0));
        }

        if (random.Next(3) == 0)
        {
            running.Add(LinkAsync(stage, new Random(random.Next())));
        }

        await Task.WhenAll(running);
        await stage.Calls.TryAsync("Listener.Dispose", TimeSpan.FromMinutes(2), _ => listener.DisposeAsync().AsTask());
    }

    private static async Task LinkAsync(Stage stage, Random random)
    {
        TalkPlan plan = TalkPlan.Draw(random);
        var talk = new Talk(stage, plan, random);
        int port = stage.Peers.NextPort();
        stage.Peers.Serve(port, talk.ServeAsync);
        TimeSpan? cancel = random.Next(8) == 0 ? TimeSpan.FromMilliseconds(random.Next(3000)) : null;
        bool isNumbered = random.Next(10) == 0 && stage.Modem.ConnectionMode == ConnectionMode.Multiple;
        var request = new LinkRequest(Stage.Host, port) { LinkId = isNumbered ? random.Next(5) : null };
        Outcome<LinkStream> opened = await stage.Calls.TryAsync(
            "Connect", ConnectLimit, token => stage.Modem.ConnectAsync(request, token), cancel);
        if (opened.Value is { } link)
        {
            await talk.UseAsync(link);
        }

        stage.Peers.Close(port);
    }

    // A peer begins a link; whichever link is accepted says by its first bytes whose it is.
    private static async Task ClientAsync(Stage stage, LinkListener listener, Random random)
    {
        TalkPlan plan = TalkPlan.Draw(random) with { DownBytes = random.Next(HeaderBytes, 8000) };
        plan = plan.End is TalkEnd.HalfOpen or TalkEnd.Flood ? plan with { End = TalkEnd.UserCloses } : plan;
        var talk = new Talk(stage, plan, random);
        Connection connection;
        try
        {
            InMemoryPeer peer = stage.Network.Connect(stage.World.FirstAddress.ToString(), ListenPort);
            connection = stage.Peers.Add(peer, plan.HasTraps);
        }
        catch (IOException)
        {
            return; // nobody listens: the module is starting anew, or has no network
        }

        stage.Accepting.Add(connection.Down.Id, talk);
        Task serving = talk.ServeAsync(connection);
        using var patience = new CancellationTokenSource(AcceptPatience, stage.Clock);
        Outcome<LinkStream> accepted = await stage.Calls.TryAsync(
            "Accept", AcceptPatience + TimeSpan.FromSeconds(1), _ => AcceptAsync(listener, patience.Token));
        if (accepted.Value is { } link)
        {
            await UseAcceptedAsync(stage, link);
        }

        await Task.WhenAny(serving, stage.DelayAsync(AcceptPatience));
    }

    private static async Task<LinkStream> AcceptAsync(LinkListener listener, CancellationToken patience)
    {
        try
        {
            return await listener.AcceptAsync(patience);
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException("No link has come.");
        }
    }

    private static async Task UseAcceptedAsync(Stage stage, LinkStream link)
    {
        var header = new byte[HeaderBytes];
        Outcome<int> read = await stage.Calls.TryAsync(
            "Stream.Read", TimeSpan.FromHours(1), async token =>
            {
                // A peer whose module says nothing any more is left.
                using var patience = CancellationTokenSource.CreateLinkedTokenSource(token);
                using ITimer leave = stage.Clock.CreateTimer(
                    _ => patience.Cancel(), null, TimeSpan.FromMinutes(2), Timeout.InfiniteTimeSpan);
                return await ReadHeaderAsync(link, header, patience.Token);
            });
        if (read.Value != HeaderBytes)
        {
            await stage.Calls.TryAsync("Stream.Dispose", LinkStream.DisposeLimit, _ => link.DisposeAsync().AsTask());
            return;
        }

        uint word = BinaryPrimitives.ReadUInt32BigEndian(header);
        if (stage.Accepting.Remove((int)(word & 0xFFFF), out Talk? talk))
        {
            talk.SkipHeader(HeaderBytes);
            await talk.UseAsync(link);
            return;
        }

        if (stage.HasNoise)
        {
            stage.Ledger.Count("excused: payload bytes changed on the wire");
        }
        else
        {
            stage.Ledger.Violated(Promise.Bytes, $"an accepted link begins with {Convert.ToHexStringLower(header)}");
        }

        await stage.Calls.TryAsync("Stream.Dispose", LinkStream.DisposeLimit, _ => link.DisposeAsync().AsTask());
    }

    private static async Task<int> ReadHeaderAsync(LinkStream link, byte[] header, CancellationToken token)
    {
        try
        {
            return await link.ReadAtLeastAsync(header, header.Length, throwOnEndOfStream: false, token);
        }
        catch (OperationCanceledException)
        {
            return 0;
        }
    }
}
