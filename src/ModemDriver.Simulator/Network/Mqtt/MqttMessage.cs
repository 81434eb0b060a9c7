namespace ModemDriver.Simulator.Network.Mqtt;

/// <summary>What is published. A topic is bytes, one character each, as everywhere in the simulator: UTF-8 passes through.
/// </summary>
/// <param name="Topic">At most 65,535 bytes.</param>
/// <param name="Payload">Any bytes.</param>
/// <param name="Qos">0, 1 or 2.</param>
/// <param name="Retain">Whether the broker keeps it, or had kept it.</param>
internal sealed record MqttMessage(string Topic, ReadOnlyMemory<byte> Payload, int Qos, bool Retain);
