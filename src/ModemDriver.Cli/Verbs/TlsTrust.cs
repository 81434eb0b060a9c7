using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace ModemDriver.Cli.Verbs;

/// <summary>Whose certificates are accepted.</summary>
internal sealed class TlsTrust
{
    private readonly X509Certificate2Collection? _roots;
    private readonly bool _anyone;

    private TlsTrust(X509Certificate2Collection? roots, bool anyone)
    {
        _roots = roots;
        _anyone = anyone;
    }

    /// <summary>The only roots that are accepted; null: those of the system.</summary>
    public X509Certificate2Collection? Roots => _roots;

    /// <summary>Reads the certificates of <paramref name="file"/>, where one is named.</summary>
    public static TlsTrust Load(string? file, bool anyone)
    {
        if (file is null)
        {
            return new TlsTrust(null, anyone);
        }

        var roots = new X509Certificate2Collection();
        try
        {
            roots.ImportFromPemFile(file);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException
                                              or CryptographicException)
        {
            throw new ToolException(
                ExitCode.Usage, $"--cacert {file} cannot be read: {exception.Message}", exception);
        }

        return roots.Count > 0
            ? new TlsTrust(roots, anyone)
            : throw new ToolException(ExitCode.Usage, $"--cacert {file} holds no certificate in PEM form.");
    }

    /// <summary>A handler that puts its connections on links of <paramref name="modem"/>.</summary>
    public SocketsHttpHandler CreateHandler(Modem modem)
    {
        SocketsHttpHandler handler = modem.CreateHttpHandler(new ModemHttpOptions { TrustedRoots = _roots });
        if (_anyone)
        {
#pragma warning disable CA5359 // Asked for by --insecure, whose help says what it gives up.
            handler.SslOptions.RemoteCertificateValidationCallback = (_, _, _, _) => true;
#pragma warning restore CA5359
        }

        return handler;
    }

    /// <summary>The same for any other client of TLS.</summary>
    public SslClientAuthenticationOptions ToClientOptions()
    {
        var options = new SslClientAuthenticationOptions();
        if (_roots is not null)
        {
            options.CertificateChainPolicy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                RevocationMode = X509RevocationMode.NoCheck,
            };
            options.CertificateChainPolicy.CustomTrustStore.AddRange(_roots);
        }

        if (_anyone)
        {
#pragma warning disable CA5359 // Asked for by --insecure, whose help says what it gives up.
            options.RemoteCertificateValidationCallback = (_, _, _, _) => true;
#pragma warning restore CA5359
        }

        return options;
    }
}
