using System.Text;
using Microsoft.Extensions.Time.Testing;

namespace ModemDriver.Simulator.Tests;

/// <summary>A module on one thread and a virtual clock: bytes go in, bytes come out, nothing else moves.</summary>
internal sealed class Bench : IAsyncDisposable
{
    private readonly Pump _pump = new();
    private readonly StringBuilder _output = new();

    internal Bench(string? personality = null, Func<SimulatorOptions, SimulatorOptions>? change = null)
    {
        Network = new InMemoryNetwork { Scheduler = _pump };
        var options = new SimulatorOptions
        {
            Personality = personality ?? PersonalityCatalog.Default,
            TimeProvider = Time,
            Scheduler = _pump,
            Network = Network,
        };
        Module = new ModemSimulator(change?.Invoke(options) ?? options);
        Host = Connect();
    }

    internal FakeTimeProvider Time { get; } = new();

    internal InMemoryNetwork Network { get; }

    internal ModemSimulator Module { get; }

    internal HostConnection Host { get; private set; }

    /// <summary>Told of each piece of output.</summary>
    internal Action<string>? Pieces { get; set; }

    /// <summary>Sends text (one character, one byte) and returns what the module said to it without time passing.
    /// </summary>
    internal string Send(string text)
    {
        Host.Send(Encoding.Latin1.GetBytes(text));
        return Take();
    }

    /// <summary>Sends a command line with its end; the echo is off after <see cref="Quiet"/>.</summary>
    internal string Command(string line) => Send(line + "\r\n");

    /// <summary>What the module has said since the last look.</summary>
    internal string Take()
    {
        _pump.RunAll();
        Assert.Null(Module.Failure);
        string said = _output.ToString();
        _output.Clear();
        return said;
    }

    /// <summary>Lets time pass, then looks.</summary>
    internal string After(TimeSpan time)
    {
        // In steps: a timer that is armed by another one's callback must get its turn.
        TimeSpan step = TimeSpan.FromMilliseconds(5);
        for (TimeSpan passed = TimeSpan.Zero; passed < time; passed += step)
        {
            _pump.RunAll();
            Time.Advance(step < time - passed ? step : time - passed);
        }

        return Take();
    }

    /// <summary>Lets time pass until the module has said something and is done with it; returns how long that took.
    /// </summary>
    internal TimeSpan Until(string ending, TimeSpan step)
    {
        TimeSpan passed = TimeSpan.Zero;
        _pump.RunAll();
        while (!_output.ToString().EndsWith(ending, StringComparison.Ordinal))
        {
            Assert.True(passed < TimeSpan.FromMinutes(5), $"'{ending}' did not come; there is '{_output}'.");
            Time.Advance(step);
            passed += step;
            _pump.RunAll();
        }

        return passed;
    }

    /// <summary>Echo off.</summary>
    internal Bench Quiet()
    {
        Send("ATE0\r\n");
        return this;
    }

    /// <summary>Echo off and joined to the default access point.</summary>
    internal Bench Online()
    {
        Quiet();
        Assert.EndsWith("\r\nOK\r\n", Command(
            $"AT+CWJAP=\"{SimulatedWorld.DefaultSsid}\",\"{SimulatedWorld.DefaultPassword}\""), StringComparison.Ordinal);
        return this;
    }

    /// <summary>Connects anew after an unplug.</summary>
    internal void Plug() => Host = Connect();

    internal InMemoryPeer Accept(InMemoryListener listener)
    {
        _pump.RunAll();
        Assert.True(listener.TryAccept(out InMemoryPeer? peer));
        return peer!;
    }

    /// <summary>What the peer has received.</summary>
    internal string Read(InMemoryPeer peer, int atMost = 65536)
    {
        _pump.RunAll();
        var buffer = new byte[atMost];
        Task<int> reading = peer.ReadAsync(buffer, CancellationToken.None).AsTask();
        Assert.True(reading.IsCompleted, "The peer has received nothing.");
#pragma warning disable xUnit1031 // It has completed.
        return Encoding.Latin1.GetString(buffer.AsSpan(0, reading.Result));
#pragma warning restore xUnit1031
    }

    internal void Write(InMemoryPeer peer, string text)
    {
        ValueTask writing = peer.WriteAsync(Encoding.Latin1.GetBytes(text), CancellationToken.None);
        Assert.True(writing.IsCompleted, "The peer's window is full.");
        _pump.RunAll();
    }

    private HostConnection Connect()
    {
        _pump.RunAll();
        HostConnection host = Module.ConnectHost(bytes =>
        {
            string piece = Encoding.Latin1.GetString(bytes.Span);
            _output.Append(piece);
            Pieces?.Invoke(piece);
        });
        _pump.RunAll();
        return host;
    }

    public async ValueTask DisposeAsync()
    {
        ValueTask disposing = Module.DisposeAsync();
        _pump.RunAll();
        await disposing;
    }
}
