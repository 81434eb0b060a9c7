using System.Text;

namespace ModemDriver.Mqtt;

/// <summary>Who a client is: its identifier, and what it proves it with. No secret is in its text.</summary>
public abstract class MqttSignIn
{
    private protected MqttSignIn()
    {
    }

    /// <summary>
    /// What the session belongs to at the broker: the same for every connection, even where the client identifier has a
    /// time in it.
    /// </summary>
    internal abstract string Identity { get; }

    /// <summary>A client identifier alone.</summary>
    /// <param name="clientId">1 to 65,535 bytes in UTF-8; MQTT 3.1.1 promises 23 letters and digits only.</param>
    /// <exception cref="ArgumentException">It is empty or too long.</exception>
    public static MqttSignIn Anonymous(string clientId) => new PlainSignIn(clientId, null, null);

    /// <summary>A client identifier, a user name and a password.</summary>
    /// <param name="clientId">As for <see cref="Anonymous"/>.</param>
    /// <param name="userName">At most 65,535 bytes in UTF-8.</param>
    /// <param name="password">In UTF-8. In no log, exception or text of this object.</param>
    /// <exception cref="ArgumentException">The identifier or the name is empty, or one of the three is too long.</exception>
    public static MqttSignIn Password(string clientId, string userName, string password)
    {
        ArgumentException.ThrowIfNullOrEmpty(userName);
        ArgumentNullException.ThrowIfNull(password);
        return new PlainSignIn(clientId, userName, Encoding.UTF8.GetBytes(password));
    }

    /// <summary>The fields of CONNECT, for one connection.</summary>
    /// <param name="time">The clock, for presets that sign the time.</param>
    internal abstract MqttCredentials Create(TimeProvider time);

    private sealed class PlainSignIn : MqttSignIn
    {
        private readonly MqttCredentials _credentials;

        public PlainSignIn(string clientId, string? userName, byte[]? password)
        {
            ArgumentException.ThrowIfNullOrEmpty(clientId);
            _credentials = new MqttCredentials(clientId, userName, password);
            _credentials.Validate();
        }

        internal override string Identity => _credentials.ClientId;

        public override string ToString() => $"client {_credentials.ClientId}, user {_credentials.UserName ?? "none"}";

        internal override MqttCredentials Create(TimeProvider time) => _credentials;
    }
}
