using System.Security.Cryptography.X509Certificates;

namespace ModemDriver.Simulator;

/// <summary>The certificates in the flash of a module, by slot. A firmware writes them there when it is made; no command
/// changes them.</summary>
public sealed record ModuleCertificates
{
    /// <summary>What a link that verifies its server trusts: the roots. Default: every slot is empty.</summary>
    public IReadOnlyDictionary<int, X509Certificate2> Authorities { get; init; } =
        new Dictionary<int, X509Certificate2>();

    /// <summary>What a link shows to a server that asks, with their private keys; one without it is a slot whose key is
    /// missing. Default: every slot is empty.</summary>
    public IReadOnlyDictionary<int, X509Certificate2> Clients { get; init; } = new Dictionary<int, X509Certificate2>();

    /// <summary>What a TLS server of the module shows, with its private key. Default: <see langword="null"/>, none.
    /// </summary>
    public X509Certificate2? Server { get; init; }
}
