namespace ModemDriver.Simulator.Personalities.EspAt;

/// <summary>AT+CIPSSLCCONF, for one link.</summary>
/// <param name="Verification">Bit 0: show a certificate of one's own; bit 1: verify the server's.</param>
/// <param name="ClientSlot">Which certificate to show.</param>
/// <param name="AuthoritySlot">Which authority to trust.</param>
internal sealed record TlsPolicy(int Verification, int ClientSlot, int AuthoritySlot)
{
    internal bool ShowsCertificate => (Verification & 1) != 0;

    internal bool VerifiesServer => (Verification & 2) != 0;
}

/// <summary>Names of TLS, for one link.</summary>
/// <param name="CommonName">AT+CIPSSLCCN: whom the server's certificate must name; empty: anybody.</param>
/// <param name="ServerName">AT+CIPSSLCSNI: what is sent as the server's name; empty: nothing.</param>
/// <param name="Protocols">AT+CIPSSLCALPN: what is offered to the server.</param>
internal sealed record TlsNames(string CommonName, string ServerName, IReadOnlyList<string> Protocols)
{
    internal static TlsNames None { get; } = new("", "", []);
}
