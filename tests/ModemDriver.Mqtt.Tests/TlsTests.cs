using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ModemDriver.Mqtt.Tests.Broker;
using MQTTnet.Formatter;
using MQTTnet.Packets;
using Xunit;

namespace ModemDriver.Mqtt.Tests;

/// <summary>TLS over the Stream.</summary>
public sealed class TlsTests
{
    [Fact]
    public async Task A_trusted_broker_is_connected_to()
    {
        using X509Certificate2 certificate = NewCertificate("broker.test");
        DuplexPipe pipe = new();
        SslClientAuthenticationOptions tls = new()
        {
            TargetHost = "broker.test",
            CertificateChainPolicy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                RevocationMode = X509RevocationMode.NoCheck,
                CustomTrustStore = { certificate },
            },
        };
        await using ManagedMqttClient client = await OpenAsync(pipe, tls);
        await using SslStream server = new(pipe.Server);
        await server.AuthenticateAsServerAsync(certificate).WaitAsync(ScriptedBroker.Deadline, TestContext.Current.CancellationToken);
        await using BrokerLink link = new(server, MqttProtocolVersion.V311);

        await link.ExpectAsync<MqttConnectPacket>();
        await link.SendAsync(BrokerLink.ConnAck(sessionPresent: false));

        await client.WaitForStateAsync(MqttClientState.Connected, cancellationToken: TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task An_untrusted_broker_is_not_told_anything_and_the_cause_is_TLS()
    {
        using X509Certificate2 certificate = NewCertificate("broker.test");
        DuplexPipe pipe = new();
        await using ManagedMqttClient client = await OpenAsync(
            pipe, new SslClientAuthenticationOptions { TargetHost = "broker.test" });
        await using SslStream server = new(pipe.Server);
        Task<int> serving = ReadAsync(server, certificate);

        await client.WaitForStateAsync(MqttClientState.BackingOff, cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal(MqttDisconnectCause.TlsFailed, Assert.IsType<MqttConnectionException>(client.LastFailure).Cause);
        Assert.Equal(0, await serving.WaitAsync(ScriptedBroker.Deadline, TestContext.Current.CancellationToken));
    }

    [Fact]
    public void Options_that_two_brokers_share_stay_as_they_are()
    {
        SslClientAuthenticationOptions shared = new();
        MqttStreamSource first = MqttStreamSource.ForTcp("one.test", 8883, shared);
        Assert.Null(shared.TargetHost);
        Assert.Null(shared.CertificateChainPolicy);

        Assert.Equal("one.test", first.Tls!.TargetHost);
        Assert.Equal("two.test", MqttStreamSource.ForTcp("two.test", 8883, shared).Tls!.TargetHost);
        Assert.True(first.Tls.CertificateChainPolicy!.DisableCertificateDownloads);
    }

    [Fact]
    public void Every_option_of_TLS_is_copied()
    {
        SslClientAuthenticationOptions given = new()
        {
            TargetHost = "other.test",
            CertificateChainPolicy = new X509ChainPolicy(),
            EnabledSslProtocols = SslProtocols.Tls12,
            EncryptionPolicy = EncryptionPolicy.RequireEncryption,
            AllowRenegotiation = false,
            AllowTlsResume = false,
            ApplicationProtocols = [new SslApplicationProtocol("mqtt")],
            ClientCertificates = [],
            LocalCertificateSelectionCallback = (_, _, _, _, _) => null!,
            RemoteCertificateValidationCallback = (_, _, _, _) => false,
            CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
        };

        SslClientAuthenticationOptions copy = MqttStreamSource.ForTcp("one.test", 8883, given).Tls!;

        foreach (System.Reflection.PropertyInfo property in typeof(SslClientAuthenticationOptions).GetProperties())
        {
            Assert.Equal(property.GetValue(given), property.GetValue(copy));
        }
    }

    /// <summary>How much the client has said over TLS. It refuses in the handshake, or, for TLS 1.3, right after it.</summary>
    private static async Task<int> ReadAsync(SslStream server, X509Certificate2 certificate)
    {
        try
        {
            await server.AuthenticateAsServerAsync(certificate);
            return await server.ReadAsync(new byte[1]);
        }
        catch (Exception refusal) when (refusal is IOException or AuthenticationException)
        {
            return 0;
        }
    }

    private static Task<ManagedMqttClient> OpenAsync(DuplexPipe pipe, SslClientAuthenticationOptions tls)
    {
        Stream? once = pipe.Client;
        MqttStreamSource source = MqttStreamSource.ForStreams(
            "broker",
            _ => Interlocked.Exchange(ref once, null) is { } stream
                ? ValueTask.FromResult(stream)
                : throw new IOException("There is one only."),
            tls);
        ManagedMqttOptions options = new(source, MqttSignIn.Anonymous("test"))
        {
            Outbox = new MqttOutboxOptions { Storage = MqttOutboxStorage.Memory },
            Reconnect = new MqttReconnectOptions { FirstDelay = TimeSpan.FromHours(1), LongestDelay = TimeSpan.FromHours(2) },
        };
        return ManagedMqttClient.OpenAsync(options, TestContext.Current.CancellationToken);
    }

    private static X509Certificate2 NewCertificate(string name)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new($"CN={name}", key, HashAlgorithmName.SHA256);
        SubjectAlternativeNameBuilder names = new();
        names.AddDnsName(name);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        using X509Certificate2 made = request.CreateSelfSigned(now.AddMinutes(-5), now.AddHours(1));
        return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pkcs12), password: null);
    }
}
