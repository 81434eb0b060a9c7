using System.Collections.Concurrent;
using System.Text;
using ModemDriver.Diagnostics;
using ModemDriver.Simulator;

namespace ModemDriver.EndToEnd.Tests.Mqtt;

/// <summary>A modem that is online over a simulated module in memory, and the dialogue that it had.</summary>
internal sealed class MqttModem : IAsyncDisposable
{
    private readonly ModemSimulator _simulator;
    private readonly LineWriter _dialogue;

    private MqttModem(ModemSimulator simulator, Modem modem, LineWriter dialogue)
    {
        _simulator = simulator;
        Modem = modem;
        _dialogue = dialogue;
    }

    public Modem Modem { get; }

    /// <summary>The dialogue so far, a line each.</summary>
    public IReadOnlyCollection<string> Dialogue => _dialogue.Lines;

    public static async Task<MqttModem> StartAsync(
        SimulatedNetwork network, CancellationToken token, string? personality = null)
    {
        var simulator = new ModemSimulator(new SimulatorOptions
        {
            Network = network,
            Personality = personality ?? PersonalityCatalog.Default,
        });
        var dialogue = new LineWriter();
        Modem modem = await Modem.OpenAsync(
            simulator.OpenStream(),
            new ModemOptions
            {
                WiFi = new WiFiOptions(SimulatedWorld.DefaultSsid, SimulatedWorld.DefaultPassword),
                Tap = new WireTap(dialogue),
            },
            token);
        await modem.GoOnlineAsync(token);
        return new MqttModem(simulator, modem, dialogue);
    }

    public async ValueTask DisposeAsync()
    {
        await Modem.DisposeAsync();
        await _simulator.DisposeAsync();
        await _dialogue.DisposeAsync();
    }

    /// <summary>Keeps lines that one thread writes and another reads.</summary>
    private sealed class LineWriter : TextWriter
    {
        public ConcurrentQueue<string> Lines { get; } = new();

        public override Encoding Encoding => Encoding.UTF8;

        public override void WriteLine(string? value) => Lines.Enqueue(value ?? "");
    }
}
