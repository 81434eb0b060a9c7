using System.Globalization;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ModemDriver.Simulator.Network;
using ModemDriver.Simulator.Personalities.Common;
using ModemDriver.Simulator.Wire;

namespace ModemDriver.Simulator.Personalities.Luat;

/// <summary>The TLS handshake of a link: what AT+SSLCFG says, with certificates out of the module's files.</summary>
internal sealed class LinkTls(LuatModule module)
{
    private const int DefaultTimeout = 120;

    private ModuleHost Host => module.Host;

    /// <summary>Shakes hands; <see langword="null"/> when that fails, and the connection is closed.</summary>
    internal async Task<NetworkConnection?> ConnectAsync(NetworkConnection inner, int id, CancellationToken life)
    {
        TlsContext context = module.Tls.Find(id)!; // Every link has one.
        if (!TryPrepare(context, out SslClientAuthenticationOptions options))
        {
            inner.Close();
            return null;
        }

        TimeSpan limit = TimeSpan.FromSeconds(context.Number("negotiatetimeout", DefaultTimeout));
        return (await TlsHandshake.RunAsync(
            Host, inner, (tls, token) => tls.AuthenticateAsClientAsync(options, token), limit, life)).Connection;
    }

    private bool TryPrepare(TlsContext context, out SslClientAuthenticationOptions options)
    {
        int level = context.Number("seclevel", 0);
        string host = context["hostname"] ?? "";
        DateTime? time = context.Number("ignorelocaltime", 1) == 1 ? null : module.Time.UtcNow;
        X509Certificate2? authority = level >= 1 ? Load(context["cacert"]) : null;
        options = new SslClientAuthenticationOptions
        {
            EnabledSslProtocols = Versions(context),
            TargetHost = host,
            CertificateChainPolicy = TlsHandshake.Policy(time),
            RemoteCertificateValidationCallback = (_, certificate, chain, _) => level == 0
                || (certificate is X509Certificate2 shown && authority is not null
                    && TlsHandshake.IsSigned(Host, shown, chain?.ChainPolicy.ExtraStore ?? [], authority, time)
                    && (host.Length == 0 || shown.MatchesHostname(host))),
        };
        if (Cipher(context) is TlsCipherSuite suite && OperatingSystem.IsLinux())
        {
            options.CipherSuitesPolicy = new CipherSuitesPolicy([suite]);
        }

        if (level < 2)
        {
            return level == 0 || authority is not null;
        }

        X509Certificate2? client = LoadPair(context["clientcert"], context["clientkey"]);
        options.LocalCertificateSelectionCallback = (_, _, _, _, _) => client!; // Without one nothing is begun.
        return authority is not null && client is not null;
    }

    private static SslProtocols Versions(TlsContext context) => context.Number("sslversion", 4) switch
    {
#pragma warning disable CS0618, SYSLIB0039, CA5397 // What the firmware offers when it is told to.
        0 => SslProtocols.Ssl3,
        1 => SslProtocols.Tls,
        2 => SslProtocols.Tls11,
#pragma warning restore CS0618, SYSLIB0039, CA5397
        _ => SslProtocols.Tls12,
    };

    private static TlsCipherSuite? Cipher(TlsContext context)
    {
        string? text = context["ciphersuite"];
        return text is null || text.EndsWith("FFFF", StringComparison.OrdinalIgnoreCase)
            ? null
            : (TlsCipherSuite)ushort.Parse(text.AsSpan(2), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
    }

    private X509Certificate2? Load(string? name) =>
        Read(name) is byte[] file ? Try(() => IsPem(file)
            ? X509Certificate2.CreateFromPem(WireText.Latin1.GetString(file))
            : X509CertificateLoader.LoadCertificate(file)) : null;

    private X509Certificate2? LoadPair(string? name, string? key) =>
        Read(name) is byte[] file && Read(key) is byte[] secret
            ? Try(() => X509Certificate2.CreateFromPem(
                WireText.Latin1.GetString(file), WireText.Latin1.GetString(secret)))
            : null;

    private byte[]? Read(string? name)
    {
        byte[]? file = name is null ? null : module.Files.Find(name);
        if (file is null)
        {
            Host.Trace($"! TLS: there is no file '{name}'");
        }

        return file;
    }

    private X509Certificate2? Try(Func<X509Certificate2> load)
    {
        try
        {
            return load();
        }
        catch (CryptographicException unreadable)
        {
            Host.Trace("! TLS: " + unreadable.Message);
            return null;
        }
    }

    private static bool IsPem(byte[] file) => file.AsSpan().IndexOf("-----BEGIN"u8) >= 0;
}
