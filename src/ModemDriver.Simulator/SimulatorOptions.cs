using System.IO.Pipelines;
using ModemDriver.Simulator.Faults;

namespace ModemDriver.Simulator;

/// <summary>What kind of module to simulate, and in which surroundings. Checked by the constructor of
/// <see cref="ModemSimulator"/>.</summary>
public sealed record SimulatorOptions
{
    /// <summary>Which module it is: a name of <see cref="PersonalityCatalog.Names"/>. Default:
    /// <see cref="PersonalityCatalog.Default"/>.</summary>
    public string Personality { get; init; } = PersonalityCatalog.Default;

    /// <summary>The only clock. Default: the system's. With another one everything, byte times included, waits for
    /// that clock to move.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>True, the default: bytes take no time and none is lost; a module whose output nobody takes waits.
    /// False: bytes take ten bits each at the current bit rate, buffers have the firmware's sizes, and what a full
    /// one does not take is lost, as on three wires.</summary>
    public bool Unpaced { get; init; } = true;

    /// <summary>The bit rate in bit/s after the first power-up, 80 to 5,000,000, both included. Default: 115,200.
    /// </summary>
    public int BitRate { get; init; } = 115_200;

    /// <summary>How long the module takes for things. Default: <see langword="null"/>, which means
    /// <see cref="ModuleTimings.Instant"/> when <see cref="Unpaced"/> and <see cref="ModuleTimings.Typical"/> when
    /// not.</summary>
    public ModuleTimings? Timings { get; init; }

    /// <summary>Where links lead. Default: the sockets of this machine (<see cref="HostNetwork"/>).</summary>
    public SimulatedNetwork Network { get; init; } = new HostNetwork();

    /// <summary>What surrounds the module: access points, addresses, names. Default: one access point,
    /// <see cref="SimulatedWorld.DefaultSsid"/> with <see cref="SimulatedWorld.DefaultPassword"/>.</summary>
    public SimulatedWorld World { get; init; } = new();

    /// <summary>The certificates in the module's flash. Default: none.</summary>
    public ModuleCertificates Certificates { get; init; } = new();

    /// <summary>Runs the loop and whoever reads from the module's Stream. Default: <see langword="null"/>, the thread
    /// pool. A scheduler that only queues, and is pumped by hand, keeps the module on one thread.</summary>
    public PipeScheduler? Scheduler { get; init; }

    /// <summary>The start of everything random. Default: 1.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>True, the default: the module has been running for a while before anyone is plugged in. False: it
    /// waits for <see cref="ModemSimulator.PowerOn"/>.</summary>
    public bool StartPowered { get; init; } = true;

    /// <summary>The SSID that the flash holds from earlier days, for the join at boot; <see langword="null"/>, the
    /// default: none.</summary>
    public string? StoredSsid { get; init; }

    /// <summary>The password beside <see cref="StoredSsid"/>; empty, the default, for an open network.</summary>
    public string StoredPassword { get; init; } = "";

    /// <summary>The SIM card in a cellular module when it gets its first power; <see langword="null"/>: none. Default: a card
    /// of the home network, without a PIN.</summary>
    public SimCard? SimCard { get; init; } = new();

    /// <summary>Switches of the personality, by name: facts that differ between builds, or that nobody has confirmed.
    /// <see cref="PersonalityCatalog.Switches"/> lists them. Default: none set, so that each has its default.</summary>
    public IReadOnlyDictionary<string, string> Switches { get; init; } =
        new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>What shall go wrong. Default: nothing; faults may be added later.</summary>
    public FaultPlan Faults { get; init; } = new();

    /// <summary>Told, on the loop, what happens: <c>&gt; </c> and <c>&lt; </c> lines with the bytes of the wire, in
    /// the notation of the transcripts, passwords included; <c>! </c> lines for the rest. Must not block, must not
    /// throw. Default: <see langword="null"/>.</summary>
    public Action<string>? Trace { get; init; }

    internal ModuleTimings EffectiveTimings =>
        Timings ?? (Unpaced ? ModuleTimings.Instant : ModuleTimings.Typical);
}
