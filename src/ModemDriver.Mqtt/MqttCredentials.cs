using System.Text;

namespace ModemDriver.Mqtt;

/// <summary>The fields of a CONNECT that say who the client is.</summary>
internal sealed class MqttCredentials(string clientId, string? userName, byte[]? password)
{
    // [MQTT-1.5.3], [MQTT-1.5.6]: a string or binary field has a length of two bytes.
    private const int MaxBytes = 65_535;

    /// <summary>The client identifier.</summary>
    public string ClientId { get; } = clientId;

    /// <summary>The user name, where there is one.</summary>
    public string? UserName { get; } = userName;

    /// <summary>The password, where there is one.</summary>
    public byte[]? Password { get; } = password;

    /// <summary>Throws where a field does not fit into the packet.</summary>
    public void Validate()
    {
        if (Encoding.UTF8.GetByteCount(ClientId) > MaxBytes
            || (UserName is not null && Encoding.UTF8.GetByteCount(UserName) > MaxBytes)
            || Password?.Length > MaxBytes)
        {
            throw new ArgumentException($"Identifier, user name and password have at most {MaxBytes} bytes each.");
        }
    }

    /// <summary>Without the password.</summary>
    public override string ToString() => $"client {ClientId}, user {UserName ?? "none"}";
}
