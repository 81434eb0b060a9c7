using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace ModemDriver.Simulator.Tests;

/// <summary>An authority of its own, a server that it has signed, and a client.</summary>
internal sealed class TestCertificates
{
    internal const string ServerName = "server.example";

    private readonly DateTimeOffset _now = TimeProvider.System.GetUtcNow();
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    private TestCertificates()
    {
        var request = new CertificateRequest("CN=Test authority", _key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        Authority = request.CreateSelfSigned(_now.AddMinutes(-10), _now.AddHours(2));
        Server = Sign(ServerName);
        Client = Sign("client");
        using var stranger = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var other = new CertificateRequest("CN=Other authority", stranger, HashAlgorithmName.SHA256);
        other.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        OtherAuthority = other.CreateSelfSigned(_now.AddMinutes(-10), _now.AddHours(2));
    }

    internal static TestCertificates Shared { get; } = new();

    internal X509Certificate2 Authority { get; }

    internal X509Certificate2 OtherAuthority { get; }

    internal X509Certificate2 Server { get; }

    internal X509Certificate2 Client { get; }

    /// <summary>The client's, without its key.</summary>
    internal X509Certificate2 KeylessClient => X509CertificateLoader.LoadCertificate(Client.RawData);

    private X509Certificate2 Sign(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(name);
        request.CertificateExtensions.Add(names.Build());
        byte[] serial = RandomNumberGenerator.GetBytes(8);
        using X509Certificate2 signed = request.Create(Authority, _now.AddMinutes(-5), _now.AddHours(1), serial);
        using X509Certificate2 complete = signed.CopyWithPrivateKey(key);

        // Keys that live in memory only are not for every platform's TLS.
        return X509CertificateLoader.LoadPkcs12(complete.Export(X509ContentType.Pfx), null);
    }
}
