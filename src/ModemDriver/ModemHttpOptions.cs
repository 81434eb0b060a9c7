using System.Security.Cryptography.X509Certificates;

namespace ModemDriver;

/// <summary>How HTTP goes over the links of a modem.</summary>
public sealed record ModemHttpOptions
{
    /// <summary>
    /// How long a connection may take, with its TLS handshake. Above zero. Default 60 seconds: a module may take 30 for
    /// the connection alone.
    /// </summary>
    public TimeSpan ConnectTimeLimit { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>
    /// How many links one server may take, at least 1. Default 2: modules have about five in all, and further requests
    /// wait for a connection that is free.
    /// </summary>
    public int MaxConnectionsPerServer { get; init; } = 2;

    /// <summary>How long an unused connection keeps its link. Above zero. Default 15 seconds.</summary>
    public TimeSpan IdleTimeLimit { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>
    /// The only roots that are trusted for HTTPS. Default <see langword="null"/>: those of the system.
    /// </summary>
    public X509Certificate2Collection? TrustedRoots { get; init; }

    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(ConnectTimeLimit, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxConnectionsPerServer, 1);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(IdleTimeLimit, TimeSpan.Zero);
    }
}
