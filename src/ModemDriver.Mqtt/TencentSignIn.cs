using System.Security.Cryptography;
using System.Text;

namespace ModemDriver.Mqtt;

/// <summary>Tencent Cloud IoT Hub and IoT Explorer: a device with a key.</summary>
/// <remarks>
/// <para>Client identifier product and device name joined; user name <c>clientId;12010126;connid;expiry</c>; password the
/// HMAC of the user name in hexadecimal, then <c>;hmacsha256</c>. The key is given in Base64.</para>
/// <para>Source: Tencent Cloud, IoT Hub, "Device Connection over MQTT" (document 1105/41824). The platform has no QoS 2, no
/// will and no retained messages.</para>
/// </remarks>
public sealed class TencentSignIn : MqttSignIn
{
    // "The application of the SDK": the documentation gives this one number to all.
    private const string SdkApplication = "12010126";

    private readonly byte[] _key;

    /// <summary>The device as the console shows it.</summary>
    /// <param name="productId">The product's identifier.</param>
    /// <param name="deviceName">The device name.</param>
    /// <param name="deviceKey">The device's key, in Base64. In no log, exception or text of this object.</param>
    /// <exception cref="ArgumentException">One of them is empty, or the key is not in Base64.</exception>
    public TencentSignIn(string productId, string deviceName, string deviceKey)
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

    /// <summary>How the password is signed. Default <see cref="MqttSignAlgorithm.HmacSha256"/>.</summary>
    public MqttSignAlgorithm Algorithm { get; init; } = MqttSignAlgorithm.HmacSha256;

    /// <summary>How long a signature is good for; each connection makes a new one. Default 1 hour.</summary>
    public TimeSpan Lifetime { get; init; } = TimeSpan.FromHours(1);

    /// <summary>The broker of mainland China.</summary>
    public string Host => $"{ProductId}.iotcloud.tencentdevices.com";

    /// <summary>The topic on which the device reports properties (IoT Explorer).</summary>
    public string PropertyPostTopic => $"$thing/up/property/{ProductId}/{DeviceName}";

    /// <summary>The topic on which the platform sets properties and answers reports (IoT Explorer).</summary>
    public string PropertySetTopic => $"$thing/down/property/{ProductId}/{DeviceName}";

    internal override string Identity => ProductId + DeviceName;

    /// <summary>A topic of the product's own, <c>product/device/…</c>: <c>data</c>, <c>event</c>, <c>control</c>.</summary>
    /// <param name="suffix">What follows, without a slash before it.</param>
    public string UserTopic(string suffix) => $"{ProductId}/{DeviceName}/{suffix}";

    /// <summary>The device; never the key.</summary>
    public override string ToString() => $"Tencent device {DeviceName} of {ProductId}";

    internal override MqttCredentials Create(TimeProvider time)
    {
        // Tells connections apart in the platform's logs.
        string connection = RandomNumberGenerator.GetString("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", 5);
        return Create(connection, CloudSignature.ExpiryOf(time, Lifetime));
    }

    /// <summary>The fields for a given connection and time limit.</summary>
    internal MqttCredentials Create(string connection, long expiry)
    {
        string user = FormattableString.Invariant($"{Identity};{SdkApplication};{connection};{expiry}");
        byte[] signed = CloudSignature.Sign(Algorithm, _key, Encoding.UTF8.GetBytes(user));
        string method = Algorithm == MqttSignAlgorithm.HmacSha256 ? "hmacsha256" : "hmacsha1";
        return new MqttCredentials(
            Identity, user, Encoding.ASCII.GetBytes($"{Convert.ToHexStringLower(signed)};{method}"));
    }
}
