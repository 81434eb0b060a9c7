using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using ModemDriver.Simulator.Network;

namespace ModemDriver.Simulator.Personalities.Common;

/// <summary>TLS of a module: the handshake over a connection of the network, and the look at certificates.</summary>
internal static class TlsHandshake
{
    /// <summary>Shakes hands within a time. A failure ends what it stands on.</summary>
    internal static async Task<(NetworkConnection? Connection, TlsFailure Failure)> RunAsync(
        ModuleHost host,
        NetworkConnection inner,
        Func<SslStream, CancellationToken, Task> shake,
        TimeSpan limit,
        CancellationToken life)
    {
        var tls = new SslStream(new ConnectionStream(inner));
        using var deadline = new CancellationTokenSource(limit, host.Clock.Provider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, life);
        try
        {
            await shake(tls, either.Token);
            host.Trace("! " + tls.NegotiatedCipherSuite);
            return (new TlsConnection(tls, inner, host.Clock.Provider), TlsFailure.None);
        }
        catch (Exception failure) when (failure is AuthenticationException or IOException or ObjectDisposedException
            || (failure is OperationCanceledException && !life.IsCancellationRequested))
        {
            host.Trace("! TLS: " + failure.Message);
            await tls.DisposeAsync();
            inner.Close();
            return (null, failure is IOException ? TlsFailure.ClosedByPeer : TlsFailure.Refused);
        }
        catch
        {
            inner.Abort();
            throw;
        }
    }

    /// <summary>Whether an authority has signed what was shown, at a time of the module's own clock; nobody is asked.
    /// </summary>
    /// <param name="host">For the trace.</param>
    /// <param name="shown">The peer's certificate.</param>
    /// <param name="intermediates">What it has sent beside it.</param>
    /// <param name="authority">The root.</param>
    /// <param name="time"><see langword="null"/>: dates do not count.</param>
    internal static bool IsSigned(
        ModuleHost host,
        X509Certificate2 shown,
        X509Certificate2Collection intermediates,
        X509Certificate2 authority,
        DateTime? time)
    {
        using var chain = new X509Chain { ChainPolicy = Policy(time) };
        chain.ChainPolicy.CustomTrustStore.Add(authority);
        chain.ChainPolicy.ExtraStore.AddRange(intermediates);
        bool isGood = chain.Build(shown);
        foreach (X509ChainStatus status in chain.ChainStatus)
        {
            host.Trace("! TLS: " + status.StatusInformation);
        }

        return isGood;
    }

    /// <summary>The look at a chain, without asking anybody.</summary>
    internal static X509ChainPolicy Policy(DateTime? time)
    {
        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
            DisableCertificateDownloads = true,
        };
        if (time is DateTime now)
        {
            policy.VerificationTimeIgnored = false;
            policy.VerificationTime = now;
        }
        else
        {
            policy.VerificationFlags = X509VerificationFlags.IgnoreNotTimeValid;
        }

        return policy;
    }
}

/// <summary>How a handshake failed.</summary>
internal enum TlsFailure
{
    None,
    Refused,
    ClosedByPeer,
}
