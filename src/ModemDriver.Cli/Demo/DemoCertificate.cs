using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace ModemDriver.Cli.Demo;

/// <summary>A certificate made for one run, for this host's address only.</summary>
internal static class DemoCertificate
{
    public static X509Certificate2 Create(IPAddress address, TimeProvider time)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=modem demo", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        names.AddIpAddress(address);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));

        DateTimeOffset now = time.GetUtcNow();
        using X509Certificate2 made = request.CreateSelfSigned(now.AddMinutes(-5), now.AddHours(1));
        // A key made in memory is ephemeral, which the TLS of Windows refuses; a reloaded one is not.
        return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pkcs12), password: null);
    }
}
