using System.Text;

namespace ModemDriver.Mqtt.Outbox;

/// <summary>User properties as bytes: pairs of strings, each with its length before it.</summary>
internal static class PropertyCodec
{
    /// <summary><see langword="null"/> for none.</summary>
    public static byte[]? Encode(IReadOnlyList<MqttProperty> properties)
    {
        if (properties.Count == 0)
        {
            return null;
        }

        using MemoryStream bytes = new();
        using BinaryWriter writer = new(bytes, Encoding.UTF8);
        foreach (MqttProperty property in properties)
        {
            writer.Write(property.Name);
            writer.Write(property.Value);
        }

        writer.Flush();
        return bytes.ToArray();
    }

    /// <summary>The pairs again.</summary>
    public static IReadOnlyList<MqttProperty> Decode(byte[] encoded)
    {
        List<MqttProperty> properties = [];
        using MemoryStream bytes = new(encoded);
        using BinaryReader reader = new(bytes, Encoding.UTF8);
        while (bytes.Position < bytes.Length)
        {
            properties.Add(new MqttProperty(reader.ReadString(), reader.ReadString()));
        }

        return properties;
    }
}
