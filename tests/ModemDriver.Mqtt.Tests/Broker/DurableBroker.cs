using System.Net;
using System.Net.Sockets;
using System.Text;
using MQTTnet.Adapter;
using MQTTnet.Diagnostics.Logger;
using MQTTnet.Formatter;
using MQTTnet.Implementations;
using MQTTnet.Packets;
using MQTTnet.Protocol;

namespace ModemDriver.Mqtt.Tests.Broker;

/// <summary>
/// A broker on a port of this computer with one client's session, which it never loses. It takes a message of QoS 2 as the
/// standard says: PUBLISH is kept under its identifier, and is delivered by PUBREL (section 4.3.3, method A).
/// </summary>
internal sealed class DurableBroker : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Dictionary<ushort, string> _kept = [];
    private readonly Lock _gate = new();
    private readonly Task _serving;
    private bool _hasSession;

    public DurableBroker()
    {
        _listener.Start();
        _serving = ServeAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>The payloads in the order of their delivery, with those that came again.</summary>
    public List<string> Delivered { get; } = [];

    /// <summary>Told of each packet before it is answered.</summary>
    public Action<MqttPacket>? Received { get; set; }

    /// <summary>What went wrong while a client was served, other than its end.</summary>
    public List<string> Mistakes { get; } = [];

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _serving.WaitAsync(ScriptedBroker.Deadline, TimeProvider.System);
        _stop.Dispose();
        _listener.Dispose();
    }

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                using TcpClient client = await _listener.AcceptTcpClientAsync(_stop.Token);
                await ServeAsync(client);
            }
        }
        catch (OperationCanceledException)
        {
            // The end of the test.
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        client.NoDelay = true;
        using MqttChannelAdapter adapter = new(
            new MqttTcpChannel(client.GetStream(), null!, null!, null),
            new MqttPacketFormatterAdapter(MqttProtocolVersion.V311, new MqttBufferWriter(4096, 65_535)),
            MqttNetNullLogger.Instance);
        try
        {
            while (await adapter.ReceivePacketAsync(_stop.Token) is { } packet)
            {
                Received?.Invoke(packet);
                if (Answer(packet) is { } answer)
                {
                    await adapter.SendPacketAsync(answer, _stop.Token);
                }
            }
        }
        catch (MQTTnet.Exceptions.MqttCommunicationException)
        {
            // The client was killed.
        }
    }

    private MqttPacket? Answer(MqttPacket packet)
    {
        lock (_gate)
        {
            switch (packet)
            {
                case MqttConnectPacket:
                    bool had = _hasSession;
                    _hasSession = true;
                    return new MqttConnAckPacket { IsSessionPresent = had };
                case MqttPublishPacket { QualityOfServiceLevel: MqttQualityOfServiceLevel.AtLeastOnce } publish:
                    Delivered.Add(Text(publish));
                    return new MqttPubAckPacket { PacketIdentifier = publish.PacketIdentifier };
                case MqttPublishPacket { QualityOfServiceLevel: MqttQualityOfServiceLevel.ExactlyOnce } publish:
                    Keep(publish);
                    return new MqttPubRecPacket { PacketIdentifier = publish.PacketIdentifier };
                case MqttPubRelPacket release:
                    if (_kept.Remove(release.PacketIdentifier, out string? text))
                    {
                        Delivered.Add(text);
                    }

                    return new MqttPubCompPacket { PacketIdentifier = release.PacketIdentifier };
                case MqttPingReqPacket:
                    return new MqttPingRespPacket();
                case MqttDisconnectPacket:
                    return null;
                default:
                    Mistakes.Add($"unexpected: {packet}");
                    return null;
            }
        }
    }

    private void Keep(MqttPublishPacket publish)
    {
        if (_kept.TryGetValue(publish.PacketIdentifier, out string? kept))
        {
            if (kept != Text(publish) || !publish.Dup)
            {
                Mistakes.Add($"{publish.PacketIdentifier} was {kept} and is {Text(publish)}, DUP {publish.Dup}");
            }

            return;
        }

        _kept.Add(publish.PacketIdentifier, Text(publish));
    }

    private static string Text(MqttPublishPacket publish) => Encoding.UTF8.GetString(publish.Payload.FirstSpan);
}
