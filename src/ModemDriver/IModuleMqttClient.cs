namespace ModemDriver;

/// <summary>A message that has come.</summary>
/// <param name="Topic">Its topic.</param>
/// <param name="Payload">Its payload.</param>
/// <remarks>The module has acknowledged it to the broker, and does not say its QoS, nor whether it was retained.</remarks>
public sealed record ModuleMqttMessage(string Topic, ReadOnlyMemory<byte> Payload)
{
    /// <summary>
    /// Whether it goes on with the message before it: some firmware hands out a long message in pieces, and names the topic only
    /// with the first. Other firmware names it with each: then the pieces cannot be told from messages (docs/mqtt.md).
    /// </summary>
    public bool IsContinuation { get; init; }

    /// <summary>The topic and the size; never the payload.</summary>
    public override string ToString() => $"{Topic} ({Payload.Length} bytes)";
}

/// <summary>The module's own MQTT client, with a session at a broker. MQTT 3.1.1.</summary>
/// <remarks>
/// One at a time, and it does not come back by itself: when the connection has ended, dispose it and connect another one. Calls
/// may overlap; they are carried out one after the other. Every call ends by <see cref="ModuleMqttOptions.ReplyLimit"/> and the
/// limits of its commands.
/// </remarks>
public interface IModuleMqttClient : IAsyncDisposable
{
    /// <summary>Whether there is a session, as far as is known.</summary>
    bool IsConnected { get; }

    /// <summary>Why the session has ended; <see langword="null"/> while there is one, and when it was closed from this side.</summary>
    ModuleMqttException? LostReason { get; }

    /// <summary>
    /// How many messages were lost between broker and reader, as far as could be seen: damaged on the line to the module,
    /// overwritten in the module, come while <see cref="ModuleMqttOptions.ReceiveBufferBytes"/> waited for the reader or while the
    /// session was being ended; each piece that goes on with such a one counts as well.
    /// </summary>
    long LostMessages { get; }

    /// <summary>The session has ended, and not from this side. Told once, off the modem's own thread.</summary>
    event EventHandler<ModuleMqttException>? ConnectionLost;

    /// <summary>Whether the module can take a message: its topic, and so many bytes. Nothing is sent.</summary>
    /// <param name="topic">Where to.</param>
    /// <param name="payload">What.</param>
    /// <param name="qos">How surely.</param>
    bool CanPublish(string topic, ReadOnlyMemory<byte> payload, ModuleMqttQos qos = ModuleMqttQos.AtMostOnce);

    /// <summary>Publishes a message.</summary>
    /// <param name="topic">Where to: no wildcards, and what the module takes (docs/mqtt.md).</param>
    /// <param name="payload">Any bytes, also none. They must not be changed before the call has ended.</param>
    /// <param name="qos">
    /// How surely; the call ends when the module has sent it (QoS 0), when the broker has acknowledged it (QoS 1), and when the
    /// exchange is at its end (QoS 2).
    /// </param>
    /// <param name="retain">Whether the broker keeps it for later subscribers.</param>
    /// <param name="cancellationToken">Ends the wait; what has begun is carried out all the same.</param>
    /// <exception cref="ArgumentException">The module cannot take it: the topic, or so many bytes; nothing was sent.</exception>
    /// <exception cref="ModuleMqttException">It was refused, not acknowledged, or there is no session any more.</exception>
    /// <exception cref="ModemException">The module did not answer, or is not usable.</exception>
    Task PublishAsync(
        string topic,
        ReadOnlyMemory<byte> payload,
        ModuleMqttQos qos = ModuleMqttQos.AtMostOnce,
        bool retain = false,
        CancellationToken cancellationToken = default);

    /// <summary>Subscribes; the call ends when the broker has agreed.</summary>
    /// <param name="topicFilter">To what; wildcards are allowed.</param>
    /// <param name="qos">How surely at most.</param>
    /// <param name="cancellationToken">Ends the wait; what has begun is carried out all the same.</param>
    /// <exception cref="ArgumentException">The module cannot take it; nothing was sent.</exception>
    /// <exception cref="ModuleMqttException">It was refused, not answered, or there is no session any more.</exception>
    /// <exception cref="ModemException">The module did not answer, or is not usable.</exception>
    Task SubscribeAsync(
        string topicFilter, ModuleMqttQos qos = ModuleMqttQos.AtLeastOnce, CancellationToken cancellationToken = default);

    /// <summary>Ends a subscription; the call ends when the broker has agreed.</summary>
    /// <param name="topicFilter">As it was subscribed to.</param>
    /// <param name="cancellationToken">Ends the wait; what has begun is carried out all the same.</param>
    /// <exception cref="ArgumentException">The module cannot take it; nothing was sent.</exception>
    /// <exception cref="ModuleMqttException">It was refused, not answered, or there is no session any more.</exception>
    /// <exception cref="ModemException">The module did not answer, or is not usable.</exception>
    Task UnsubscribeAsync(string topicFilter, CancellationToken cancellationToken = default);

    /// <summary>
    /// All messages, one after the other, until the session is closed from this side. One reader at a time.
    /// </summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="ModuleMqttException">The session was lost, and all that had come before was taken.</exception>
    /// <exception cref="InvalidOperationException">Somebody else reads.</exception>
    IAsyncEnumerable<ModuleMqttMessage> ReadMessagesAsync(CancellationToken cancellationToken = default);

    /// <summary>
    /// Says goodbye to the broker, which then does not publish the will, and gives the module's client back. Does not throw for
    /// a module that does not answer; may be repeated. Disposal does the same.
    /// </summary>
    Task DisconnectAsync();
}
