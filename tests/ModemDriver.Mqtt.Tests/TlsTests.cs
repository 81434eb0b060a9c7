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
