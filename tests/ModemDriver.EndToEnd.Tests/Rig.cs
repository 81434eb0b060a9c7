using ModemDriver.Simulator;
using ModemDriver.Transport;

namespace ModemDriver.EndToEnd.Tests;

/// <summary>How driver and module are connected.</summary>
public enum Way
{
    /// <summary>A Stream in the process.</summary>
    Memory,

    /// <summary>A pseudo-terminal, by the driver's own back end.</summary>
    Pty,

    /// <summary>A pseudo-terminal, by System.IO.Ports.</summary>
    SerialPort,
}

/// <summary>A module, the network behind it, and a modem that drives it.</summary>
internal sealed class Rig : IAsyncDisposable
{
    /// <summary>Where the servers of the tests are.</summary>
    public const string Host = "10.0.0.2";

    private readonly PtyPort? _pty;

    private Rig(ModemSimulator module, PtyPort? pty, Modem modem, InMemoryNetwork network)
    {
        Module = module;
        _pty = pty;
        Modem = modem;
        Network = network;
    }

    public ModemSimulator Module { get; }

    public Modem Modem { get; }

    public InMemoryNetwork Network { get; }

    /// <summary>A modem that is online, unless told otherwise.</summary>
    public static async Task<Rig> OpenAsync(
        string personality,
        Way way = Way.Memory,
        Func<ModemOptions, ModemOptions>? drive = null,
        Func<SimulatorOptions, SimulatorOptions>? simulate = null,
        bool goOnline = true)
    {
        CancellationToken token = TestContext.Current.CancellationToken;
        var network = new InMemoryNetwork();
        network.Serve(Host, 7, Servers.EchoAsync);
        var simulated = new SimulatorOptions { Personality = personality, Network = network };
        var module = new ModemSimulator(simulate?.Invoke(simulated) ?? simulated);
        PtyPort? pty = way == Way.Memory ? null : module.OpenPty();
        var options = new ModemOptions
        {
            WiFi = new WiFiOptions(SimulatedWorld.DefaultSsid, SimulatedWorld.DefaultPassword),
        };
        try
        {
            Modem modem = await Modem
                .OpenAsync(FactoryFor(module, pty, way), drive?.Invoke(options) ?? options, token)
                .Within(token);
            var rig = new Rig(module, pty, modem, network);
            if (goOnline)
            {
                await modem.GoOnlineAsync(token).Within(token);
            }

            return rig;
        }
        catch
        {
            pty?.Dispose();
            await module.DisposeAsync();
            throw;
        }
    }

    public Task<LinkStream> ConnectAsync(int port = 7) => Modem.ConnectAsync(
        Host, port, TestContext.Current.CancellationToken).Within(TestContext.Current.CancellationToken);

    /// <summary>A link, and the peer that it led to.</summary>
    public async Task<(LinkStream Link, InMemoryPeer Peer)> ConnectToPeerAsync(int port)
    {
        InMemoryListener listener = Network.Listen(Host, port);
        LinkStream link = await ConnectAsync(port);
        return (link, await listener.AcceptAsync(TestContext.Current.CancellationToken)
            .Within(TestContext.Current.CancellationToken));
    }

    public async ValueTask DisposeAsync()
    {
        await Modem.DisposeAsync();
        _pty?.Dispose();
        await Module.DisposeAsync();
        Assert.Null(Module.Failure);
    }

    private static TransportFactory FactoryFor(ModemSimulator module, PtyPort? pty, Way way) => way switch
    {
        Way.Memory => TransportFactory.ForStream("memory", _ => ValueTask.FromResult<Stream>(module.OpenStream())),
        Way.Pty => TransportFactory.ForPort(pty!.DevicePath), // the two ways below have made one
        _ => TransportFactory.ForPort("serialport:" + pty!.DevicePath),
    };
}
