using Xunit;
using System.Threading.Channels;
using MQTTnet.Adapter;
using MQTTnet.Diagnostics.Logger;
using MQTTnet.Formatter;
using MQTTnet.Implementations;
using MQTTnet.Packets;

namespace ModemDriver.Mqtt.Tests.Broker;

/// <summary>The other end of a client's connections: a test reads each packet and answers it as it likes.</summary>
internal sealed class ScriptedBroker : IAsyncDisposable
{
    /// <summary>Real time: how long a test waits for what should happen at once.</summary>
    public static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);

    private readonly Channel<BrokerLink> _links = System.Threading.Channels.Channel.CreateUnbounded<BrokerLink>();
    private readonly MqttProtocolVersion _version;
    private readonly List<BrokerLink> _all = [];
    private int _attempts;

    public ScriptedBroker(MqttProtocolVersion version = MqttProtocolVersion.V311)
    {
        _version = version;
        Source = MqttStreamSource.ForStreams("broker", OpenAsync);
    }

    public MqttStreamSource Source { get; }

    /// <summary>What is thrown instead of opening a Stream.</summary>
    public Exception? Unreachable { get; set; }

    public int Attempts => Volatile.Read(ref _attempts);

    public ValueTask<Stream> OpenAsync(CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _attempts);
        if (Unreachable is { } failure)
        {
            throw failure;
        }

        DuplexPipe pipe = new();
        BrokerLink link = new(pipe, _version);
        _all.Add(link);
        _links.Writer.TryWrite(link);
        return ValueTask.FromResult(pipe.Client);
    }

    /// <summary>The next connection, before its CONNECT.</summary>
    public async Task<BrokerLink> AcceptAsync() =>
        await _links.Reader.ReadAsync().AsTask().WaitAsync(Deadline, TimeProvider.System);

    /// <summary>The next connection, its CONNECT answered with yes.</summary>
    public async Task<BrokerLink> AcceptAsync(bool sessionPresent)
    {
        BrokerLink link = await AcceptAsync();
        await link.ExpectAsync<MqttConnectPacket>();
        await link.SendAsync(BrokerLink.ConnAck(sessionPresent));
        return link;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (BrokerLink link in _all)
        {
            await link.DisposeAsync();
        }
    }
}

/// <summary>One connection of a client, seen from the broker.</summary>
internal sealed class BrokerLink : IAsyncDisposable
{
    private readonly DuplexPipe? _pipe;
    private readonly Stream _stream;
    private readonly MqttChannelAdapter _adapter;
    private readonly Channel<MqttPacket> _packets = System.Threading.Channels.Channel.CreateUnbounded<MqttPacket>();
    private readonly Task _reading;

    public BrokerLink(DuplexPipe pipe, MqttProtocolVersion version)
        : this(pipe.Server, version) => _pipe = pipe;

    public BrokerLink(Stream stream, MqttProtocolVersion version)
    {
        _stream = stream;
        _adapter = new MqttChannelAdapter(
            new MqttTcpChannel(_stream, null!, null!, null),
            new MqttPacketFormatterAdapter(version, new MqttBufferWriter(4096, 65_535)),
            MqttNetNullLogger.Instance);
        _reading = ReadAsync();
    }

    /// <summary>Raw bytes to the client.</summary>
    public Stream Raw => _stream;

    public static MqttConnAckPacket ConnAck(bool sessionPresent) => new()
    {
        IsSessionPresent = sessionPresent,
        MaximumQoS = MQTTnet.Protocol.MqttQualityOfServiceLevel.ExactlyOnce,
        RetainAvailable = true,
        SharedSubscriptionAvailable = true,
        SubscriptionIdentifiersAvailable = true,
        WildcardSubscriptionAvailable = true,
    };

    public Task SendAsync(MqttPacket packet) =>
        _adapter.SendPacketAsync(packet, CancellationToken.None).WaitAsync(ScriptedBroker.Deadline, TimeProvider.System);

    /// <summary>The next packet, which must be of this kind.</summary>
    public async Task<T> ExpectAsync<T>()
        where T : MqttPacket
    {
        MqttPacket packet = await _packets.Reader.ReadAsync().AsTask().WaitAsync(ScriptedBroker.Deadline, TimeProvider.System);
        return Assert.IsType<T>(packet);
    }

    /// <summary>The client has sent nothing more, and closes or has closed the connection.</summary>
    public async Task ExpectEndAsync()
    {
        bool more = await _packets.Reader.WaitToReadAsync().AsTask().WaitAsync(ScriptedBroker.Deadline, TimeProvider.System);
        Assert.False(more, more && _packets.Reader.TryPeek(out MqttPacket? packet) ? packet.ToString() : null);
    }

    /// <summary>The network takes no more of the client's bytes: nothing is read from here on.</summary>
    public void StopReading() => _pipe!.HoldUp();

    /// <summary>Waits until a write of the client is stuck.</summary>
    public Task StalledAsync() => _pipe!.Stalled.WaitAsync(ScriptedBroker.Deadline, TimeProvider.System);

    /// <summary>Whether a packet is there that was not expected yet.</summary>
    public bool HasPacket => _packets.Reader.TryPeek(out _);

    public async ValueTask DisposeAsync()
    {
        await _stream.DisposeAsync();
        await _reading;
        _adapter.Dispose();
    }

    private async Task ReadAsync()
    {
        try
        {
            while (await _adapter.ReceivePacketAsync(CancellationToken.None) is { } packet)
            {
                _packets.Writer.TryWrite(packet);
            }
        }
        catch (Exception failure) when (failure is not Xunit.Sdk.XunitException)
        {
            // The client, or the test itself, has closed the connection: ExpectAsync says so.
        }

        _packets.Writer.TryComplete();
    }
}
