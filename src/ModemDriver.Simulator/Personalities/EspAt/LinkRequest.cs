using ModemDriver.Simulator.Personalities.Common;

using System.Net.Sockets;

namespace ModemDriver.Simulator.Personalities.EspAt;

/// <summary>Where a link is to lead, as AT+CIPSTART or AT+SAVETRANSLINK has put it.</summary>
/// <param name="Type">TCP, UDP or SSL, perhaps with v6 behind it, as far as the firmware has them.</param>
/// <param name="Host">A name or four numbers.</param>
/// <param name="Port">1 to 65,535.</param>
internal sealed record LinkRequest(string Type, string Host, int Port)
{
    internal const string Tcp = "TCP";
    internal const string Udp = "UDP";
    internal const string Ssl = "SSL";

    private const string IPv6Mark = "v6";

    /// <summary>The type without the version of IP.</summary>
    internal string Protocol => ProtocolOf(Type);

    internal AddressFamily Family => IsIPv6(Type) ? AddressFamily.InterNetworkV6 : AddressFamily.InterNetwork;

    /// <summary>Milliseconds for the connect; 0 leaves it to the network.</summary>
    internal int Timeout { get; init; }

    /// <summary>The module's own port, of UDP; 0 takes any.</summary>
    internal int LocalPort { get; init; }

    /// <summary>What happens to the peer of UDP: see <see cref="DatagramLink"/>.</summary>
    internal int PeerMode { get; init; }

    internal static bool IsIPv6(string type) => type.EndsWith(IPv6Mark, StringComparison.Ordinal);

    internal static string ProtocolOf(string type) => IsIPv6(type) ? type[..^IPv6Mark.Length] : type;

    // TCP, SSL: "host",port[,keepalive][,"local ip"][,timeout ms]; UDP: "host",port[,local port[,mode]][,"local ip"].
    /// <summary>Reads the parameters from the type on; <see langword="null"/> when they are wrong.</summary>
    internal static LinkRequest? Read(Parameters given, int first, EspAtProfile profile)
    {
        if (!given.Text(first, 5, out string type) || !IsKnown(given, first, type, profile))
        {
            return null;
        }

        bool isUdp = ProtocolOf(type) == Udp;
        int optional = (isUdp ? 2 : 1) + (profile.AcceptsLocalAddress ? 1 : 0)
            + (!isUdp && profile.AcceptsConnectTimeout ? 1 : 0);
        if (!given.Takes(first + 3, first + 3 + optional)
            || !given.Text(first + 1, 64, out string host)
            || !given.Number(first + 2, 1, 65535, out int port))
        {
            return null;
        }

        var request = new LinkRequest(type, host, port);
        return isUdp ? request.WithUdp(given, first + 3) : request.WithTcp(given, first + 3);
    }

    private static bool IsKnown(Parameters given, int index, string type, EspAtProfile profile) =>
        (ProtocolOf(type) is Tcp or Udp or Ssl && (profile.Links.HasIPv6 || !IsIPv6(type))) || given.Refuse(ErrorCode.Invalid(index));

    private LinkRequest? WithUdp(Parameters given, int first) =>
        given.NumberOr(first, 0, 1, 65535, out int localPort)
        && given.NumberOr(first + 1, 0, 0, 2, out int mode)
        && (given.IsGiven(first) || !given.IsGiven(first + 1) || given.Refuse(ErrorCode.Type(first)))
        && given.TextOrNone(first + 2, 15, out _)
            ? this with { LocalPort = localPort, PeerMode = mode }
            : null;

    private LinkRequest? WithTcp(Parameters given, int first) =>
        given.NumberOr(first, 0, 0, 7200, out _)
        && given.TextOrNone(first + 1, 15, out _)
        && given.NumberOr(first + 2, 0, 0, 60_000, out int timeout)
            ? this with { Timeout = timeout }
            : null;
}
