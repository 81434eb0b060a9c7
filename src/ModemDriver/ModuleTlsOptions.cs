using System.Net;
using System.Text;

namespace ModemDriver;

/// <summary>TLS that the module does itself, with what is in its flash.</summary>
/// <remarks>
/// <para>Use it where the host cannot: TLS over a <see cref="LinkStream"/> by <c>SslStream</c> has current protocol
/// versions and the trust of the system. A module knows a few roots that were put into its firmware, and compares dates
/// with a clock that starts in 1970: set the module's time first, or nothing is valid.</para>
/// <para>What lies between the driver and the module, the serial line, is not encrypted.</para>
/// </remarks>
public sealed record ModuleTlsOptions
{
    private const int MaxSlot = 255;
    private const int MaxProtocols = 5;
    private const int MaxNameBytes = 64;

    /// <summary>
    /// Whether the server must show a certificate that the module trusts, for the name that is expected. Default true:
    /// firmware that cannot verify is refused, and has to be allowed by false.
    /// </summary>
    public bool VerifyServer { get; init; } = true;

    /// <summary>Which of the module's roots must have signed the server, 0 to 255, both included. Default 0.</summary>
    public int AuthoritySlot { get; init; }

    /// <summary>
    /// Which of the module's certificates is shown to the server, 0 to 255, both included. Default
    /// <see langword="null"/>: none.
    /// </summary>
    public int? ClientCertificateSlot { get; init; }

    /// <summary>
    /// The roots to be written into the module's file system, as PEM text of 1 to 10,240 characters in ASCII, both
    /// included; they go to <see cref="AuthoritySlot"/>, before the link is opened, unless this modem has written the same
    /// there. Default <see langword="null"/>: what is there already
    /// (<see cref="ModemFeature.ModuleTlsCertificates"/>).
    /// </summary>
    public string? AuthorityPem { get; init; }

    /// <summary>
    /// Our own certificate with its key, to be written likewise, to <see cref="ClientCertificateSlot"/>, or slot 0 if that
    /// names none. Default <see langword="null"/>: what is there already.
    /// </summary>
    public ModuleTlsCertificate? ClientCertificate { get; init; }

    /// <summary>
    /// The server's name as it is asked for in the handshake (SNI), at most 64 bytes. Default <see langword="null"/>: the
    /// host of the request, unless it is an address or the firmware cannot.
    /// </summary>
    public string? ServerName { get; init; }

    /// <summary>
    /// The name that the server's certificate must have, at most 64 bytes. Default <see langword="null"/>: that of
    /// <see cref="ServerName"/>, else the host of the request.
    /// </summary>
    public string? ExpectedName { get; init; }

    /// <summary>The protocols that are offered (ALPN), at most 5, the best first. Default: none.</summary>
    public IReadOnlyList<string> ApplicationProtocols { get; init; } = [];

    /// <summary>
    /// A key that both sides know; then no certificate is asked for. Default <see langword="null"/>: none.
    /// </summary>
    public ModuleTlsPreSharedKey? PreSharedKey { get; init; }

    internal bool NeedsVerification => (VerifyServer && PreSharedKey is null) || ClientSlot is not null;

    /// <summary>Where our own certificate is; <see langword="null"/> for none.</summary>
    internal int? ClientSlot => ClientCertificateSlot ?? (ClientCertificate is null ? null : 0);

    internal bool HasCertificates => AuthorityPem is not null || ClientCertificate is not null;

    /// <summary>The name for SNI; <see langword="null"/> for none.</summary>
    internal string? NameToAskFor(string host) => ServerName ?? (IPAddress.TryParse(host, out _) ? null : host);

    /// <summary>The name that the certificate must have.</summary>
    internal string NameToExpect(string host) => ExpectedName ?? ServerName ?? host;

    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(AuthoritySlot, 0);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(AuthoritySlot, MaxSlot);
        if (ClientCertificateSlot is { } slot)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(slot, 0, nameof(ClientCertificateSlot));
            ArgumentOutOfRangeException.ThrowIfGreaterThan(slot, MaxSlot, nameof(ClientCertificateSlot));
        }

        CheckName(ServerName, nameof(ServerName));
        CheckName(ExpectedName, nameof(ExpectedName));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(
            ApplicationProtocols.Count, MaxProtocols, nameof(ApplicationProtocols));
        foreach (var protocol in ApplicationProtocols)
        {
            ArgumentException.ThrowIfNullOrEmpty(protocol, nameof(ApplicationProtocols));
        }

        if (AuthorityPem is not null)
        {
            ModuleTlsCertificate.CheckPem(AuthorityPem, nameof(AuthorityPem));
        }

        ClientCertificate?.Validate();
        PreSharedKey?.Validate();
        if (PreSharedKey is not null && ClientSlot is not null)
        {
            throw new ArgumentException("A pre-shared key goes without a certificate.", nameof(ClientCertificateSlot));
        }
    }

    private static void CheckName(string? name, string parameter)
    {
        if (name is null)
        {
            return;
        }

        ArgumentException.ThrowIfNullOrWhiteSpace(name, parameter);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Encoding.UTF8.GetByteCount(name), MaxNameBytes, parameter);
    }
}

/// <summary>A certificate with its key, to be written into the module.</summary>
/// <param name="CertificatePem">The certificate, as PEM text of 1 to 10,240 characters in ASCII.</param>
/// <param name="KeyPem">Its key, likewise, without a password. It is in no log and no exception.</param>
public sealed record ModuleTlsCertificate(string CertificatePem, string KeyPem)
{
    // One write of the module's file system.
    private const int MaxPemLength = 10_240;

    /// <summary>Its length only.</summary>
    public override string ToString() => $"ModuleTlsCertificate {{ {CertificatePem.Length} characters }}";

    internal void Validate()
    {
        CheckPem(CertificatePem, nameof(CertificatePem));
        CheckPem(KeyPem, nameof(KeyPem));
    }

    internal static void CheckPem(string text, string parameter)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(text, parameter);
        if (!Ascii.IsValid(text) || text.ReplaceLineEndings("\r\n").Length > MaxPemLength)
        {
            throw new ArgumentException(
                $"PEM text has at most {MaxPemLength} characters with its line ends, in ASCII.", parameter);
        }
    }
}

/// <summary>A key that the module and its server know.</summary>
/// <param name="Key">The key, 1 to 32 bytes in UTF-8. It is in no log and no exception.</param>
/// <param name="Hint">What tells the server which key is meant, at most 32 bytes.</param>
public sealed record ModuleTlsPreSharedKey(string Key, string Hint)
{
    private const int MaxBytes = 32;

    /// <summary>The hint only.</summary>
    public override string ToString() => $"ModuleTlsPreSharedKey {{ Hint = {Hint} }}";

    internal void Validate()
    {
        ArgumentException.ThrowIfNullOrEmpty(Key);
        ArgumentNullException.ThrowIfNull(Hint);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Encoding.UTF8.GetByteCount(Key), MaxBytes, nameof(Key));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Encoding.UTF8.GetByteCount(Hint), MaxBytes, nameof(Hint));
    }
}
