using System.Net;
using System.Net.Sockets;
using ModemDriver.Simulator;

namespace ModemDriver.Cli.Demo;

/// <summary>The module of a demonstration: simulated for the run, or a real one.</summary>
internal sealed class DemoTarget : IAsyncDisposable
{
    private readonly ModemSimulator? _simulator;
    private HostNetwork? _network;
    private SimulatedWorld? _world;
    private IReadOnlyList<AccessPoint> _lost = [];

    private DemoTarget(string port, WiFiOptions? network, CellularOptions? cellular, ModemSimulator? simulator)
    {
        Port = port;
        Network = network;
        Cellular = cellular;
        _simulator = simulator;
    }

    public string Port { get; }

    /// <summary>The network to join; <see langword="null"/> when a real module is to stay in the one it is in.</summary>
    public WiFiOptions? Network { get; }

    /// <summary>How a cellular module is to register; <see langword="null"/> for the usual way.</summary>
    public CellularOptions? Cellular { get; }

    /// <summary>The number of the simulated module's card.</summary>
    public string OwnNumber { get; private init; } = "";

    /// <summary>The options for this target.</summary>
    public ModemOptions ApplyTo(ModemOptions options) =>
        options with { WiFi = Network, Cellular = Cellular ?? options.Cellular };

    /// <summary>A module of the user's.</summary>
    public static DemoTarget Real(string port, WiFiOptions? network, CellularOptions? cellular) =>
        new(port, network, cellular, null);

    /// <summary>A simulated module on a pseudo-terminal. It has no network stored, so that the join is shown; the card of
    /// a cellular one asks for its PIN.</summary>
    /// <param name="prefix">What goes before the name of the port.</param>
    /// <param name="personality">Which module.</param>
    public static DemoTarget Simulate(string prefix, string personality)
    {
        var card = new SimCard { IsPinEnabled = true };
        var network = new HostNetwork();
        SimulatedWorld world = SimulatedWorld.CreateNeighbourhood();
        var simulator = new ModemSimulator(new SimulatorOptions
        {
            Personality = personality,
            SimCard = card,
            Unpaced = true,
            Network = network,
            World = world,
        });
        string port = prefix + simulator.OpenPty().DevicePath;
        return new DemoTarget(
            port,
            new WiFiOptions(SimulatedWorld.DefaultSsid, SimulatedWorld.DefaultPassword),
            new CellularOptions
            {
                Pin = card.Pin,
                PinRecordPath = Path.Combine(Directory.CreateTempSubdirectory("modem-demo").FullName, "refused-pins"),
            },
            simulator)
        {
            _network = network,
            _world = world,
            OwnNumber = card.Number,
        };
    }

    /// <summary>Switches the simulated network off: the access point, and the cells.</summary>
    public void LoseNetwork()
    {
        SimulatedWorld world = World();
        _lost = world.LoseAccessPoint(SimulatedWorld.DefaultSsid);
        world.Mobile.LoseCoverage();
    }

    /// <summary>Switches it on again.</summary>
    public void RestoreNetwork()
    {
        SimulatedWorld world = World();
        foreach (AccessPoint accessPoint in _lost)
        {
            world.AddAccessPoint(accessPoint);
        }

        world.Mobile.RestoreCoverage();
    }

    /// <summary>This computer's address as the module reaches it.</summary>
    /// <param name="module">The module's own address, once it has joined.</param>
    public IPAddress FindHostAddress(IPAddress? module)
    {
        if (_simulator is not null)
        {
            return IPAddress.Loopback;
        }

        if (module is not null)
        {
            try
            {
                // Connecting a datagram socket sends nothing; it asks the system which way it would go.
                using var probe = new Socket(module.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
                probe.Connect(module, 9);
                return ((IPEndPoint)probe.LocalEndPoint!).Address;
            }
            catch (SocketException)
            {
                // No way there: said below, like an address that is not known.
            }
        }

        throw new ToolException(
            ExitCode.Usage, "This computer's address in the module's network is not plain: give it with --host-address.");
    }

    /// <summary>Where this computer reaches a port on which the module listens.</summary>
    /// <param name="modulePort">The module's port; it listens.</param>
    /// <param name="module">The module's address.</param>
    public Uri UrlOf(int modulePort, IPAddress? module)
    {
        if (_network is null)
        {
            return new UriBuilder("http", $"{module}", modulePort).Uri;
        }

        ModuleListener there = _network.Listeners.First(listener => listener.ModulePort == modulePort);
        return new UriBuilder("http", "127.0.0.1", there.Port).Uri;
    }

    public async ValueTask DisposeAsync()
    {
        if (_simulator is not null)
        {
            await _simulator.DisposeAsync().ConfigureAwait(false);

            // The card of this run is a card of its own, and so is what it has refused.
            Directory.Delete(Path.GetDirectoryName(Cellular!.PinRecordPath)!, recursive: true); // given with the simulator
        }
    }

    private SimulatedWorld World() =>
        _world ?? throw new InvalidOperationException("A real network cannot be switched off from here.");
}
