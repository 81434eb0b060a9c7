using System.Text;

namespace ModemDriver.Mqtt;

/// <summary>China Mobile OneNET: a device with a key.</summary>
/// <remarks>
/// <para>Client identifier the device name, user name the product, password a token
/// <c>version=2018-10-31&amp;res=…&amp;et=…&amp;method=sha256&amp;sign=…</c>, where <c>sign</c> is the HMAC of the lines
/// <c>et</c>, <c>method</c>, <c>res</c> and <c>version</c>, in Base64; values are percent-encoded.</para>
/// <para>Source: OneNET documentation, MQTT, "Token algorithm".</para>
/// </remarks>
public sealed class OneNetSignIn : MqttSignIn
{
    /// <summary>The platform's broker without TLS, at port 1883.</summary>
    public const string Host = "mqtts.heclouds.com";

    /// <summary>The platform's broker with TLS, at port 8883.</summary>
    public const string TlsHost = "mqttstls.heclouds.com";

    private const string TokenVersion = "2018-10-31";

    private readonly byte[] _key;

    /// <summary>The device as the console shows it.</summary>
    /// <param name="productId">The product's identifier.</param>
    /// <param name="deviceName">The device name.</param>
    /// <param name="deviceKey">The device's key, in Base64. In no log, exception or text of this object.</param>
    /// <exception cref="ArgumentException">One of them is empty, or the key is not in Base64.</exception>
    public OneNetSignIn(string productId, string deviceName, string deviceKey)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(productId);
        ArgumentException.ThrowIfNullOrWhiteSpace(deviceName);
        (ProductId, DeviceName) = (productId, deviceName);
        _key = CloudSignature.DecodeKey(deviceKey, nameof(deviceKey));
    }

    /// <summary>The product's identifier.</summary>
    public string ProductId { get; }

    /// <summary>The device name.</summary>
    public string DeviceName { get; }

    /// <summary>How the token is signed. Default <see cref="MqttSignAlgorithm.HmacSha256"/>.</summary>
    public MqttSignAlgorithm Algorithm { get; init; } = MqttSignAlgorithm.HmacSha256;

    /// <summary>How long a token is good for; each connection makes a new one. Default 1 hour.</summary>
    public TimeSpan Lifetime { get; init; } = TimeSpan.FromHours(1);

    /// <summary>The topic on which the device reports properties.</summary>
    public string PropertyPostTopic => $"$sys/{ProductId}/{DeviceName}/thing/property/post";

    /// <summary>The topic on which the platform answers such reports.</summary>
    public string PropertyPostReplyTopic => PropertyPostTopic + "/reply";

    /// <summary>The topic on which the platform sets properties.</summary>
    public string PropertySetTopic => $"$sys/{ProductId}/{DeviceName}/thing/property/set";

    internal override string Identity => $"{ProductId}/{DeviceName}";

    /// <summary>The device; never the key.</summary>
    public override string ToString() => $"OneNET device {DeviceName} of {ProductId}";

    internal override MqttCredentials Create(TimeProvider time) => Create(CloudSignature.ExpiryOf(time, Lifetime));

    /// <summary>The fields for a given time limit.</summary>
    internal MqttCredentials Create(long expiry)
    {
        string method = Algorithm == MqttSignAlgorithm.HmacSha256 ? "sha256" : "sha1";
        string resource = $"products/{ProductId}/devices/{DeviceName}";
        byte[] content = Encoding.UTF8.GetBytes(
            FormattableString.Invariant($"{expiry}\n{method}\n{resource}\n{TokenVersion}"));
        string sign = Convert.ToBase64String(CloudSignature.Sign(Algorithm, _key, content));
        string token = FormattableString.Invariant(
            $"version={TokenVersion}&res={Uri.EscapeDataString(resource)}&et={expiry}&method={method}&sign={Uri.EscapeDataString(sign)}");
        return new MqttCredentials(DeviceName, ProductId, Encoding.ASCII.GetBytes(token));
    }
}
