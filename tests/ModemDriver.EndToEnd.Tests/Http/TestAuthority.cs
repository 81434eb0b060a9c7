using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace ModemDriver.EndToEnd.Tests.Http;

/// <summary>An authority that signs certificates of servers, and that no system trusts.</summary>
internal sealed class TestAuthority : IDisposable
{
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly DateTimeOffset _now = TimeProvider.System.GetUtcNow();

    public TestAuthority()
    {
        var request = new CertificateRequest("CN=Test authority", _key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true));
        Root = request.CreateSelfSigned(_now.AddMinutes(-10), _now.AddHours(2));
    }

    /// <summary>Its own certificate: what a client must trust.</summary>
    public X509Certificate2 Root { get; }

    /// <summary>A certificate of a server for one name, with its key.</summary>
    /// <param name="name">The name.</param>
    /// <param name="minutesLeft">How long it is still good; below zero, how long ago it was.</param>
    public X509Certificate2 Issue(string name, int minutesLeft = 60)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(name);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        byte[] serial = RandomNumberGenerator.GetBytes(8);
        using X509Certificate2 signed = request.Create(Root, _now.AddMinutes(-5), _now.AddMinutes(minutesLeft), serial);
        using X509Certificate2 whole = signed.CopyWithPrivateKey(key);
        return X509CertificateLoader.LoadPkcs12(whole.Export(X509ContentType.Pkcs12), password: null);
    }

    public void Dispose()
    {
        Root.Dispose();
        _key.Dispose();
    }
}
