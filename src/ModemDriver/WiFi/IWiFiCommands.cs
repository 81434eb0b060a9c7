using System.Net;
using ModemDriver.Commands;
using ModemDriver.Framing;

namespace ModemDriver.WiFi;

/// <summary>The commands of a Wi-Fi station: what a dialect must supply. All are built anew for each use.</summary>
internal interface IWiFiCommands
{
    /// <summary>Joins an access point.</summary>
    JoinCommand Join(WiFiOptions network);

    /// <summary>Asks which access point is joined.</summary>
    ReadAccessPointCommand ReadAccessPoint();

    /// <summary>Asks for the module's addresses.</summary>
    ReadAddressesCommand ReadAddresses();

    /// <summary>Resolves a host name.</summary>
    ResolveCommand Resolve(string host);
}

/// <summary>Joins an access point; a dialect's version reads the module's reason.</summary>
internal abstract class JoinCommand(CommandLine line, TimeSpan timeLimit) : AtCommand(line, timeLimit)
{
    /// <summary>What the module said about the failure.</summary>
    public NetworkJoinFailure Failure { get; protected set; }
}

/// <summary>Asks which access point is joined.</summary>
internal abstract class ReadAccessPointCommand(CommandLine line, TimeSpan timeLimit) : AtCommand(line, timeLimit)
{
    /// <summary>The access point; <see langword="null"/> for none.</summary>
    public AccessPointInfo? AccessPoint { get; protected set; }
}

/// <summary>Asks for the module's addresses.</summary>
internal abstract class ReadAddressesCommand(CommandLine line, TimeSpan timeLimit) : AtCommand(line, timeLimit)
{
    /// <summary>The addresses.</summary>
    public ModuleAddresses Addresses { get; protected set; } = new(null, null);
}

/// <summary>Resolves a host name.</summary>
internal abstract class ResolveCommand(CommandLine line, TimeSpan timeLimit) : AtCommand(line, timeLimit)
{
    /// <summary>The address; <see langword="null"/> if there was none.</summary>
    public IPAddress? Address { get; protected set; }
}
