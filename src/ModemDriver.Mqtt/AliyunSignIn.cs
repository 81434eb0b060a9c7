using System.Globalization;
using System.Text;

namespace ModemDriver.Mqtt;

/// <summary>How a cloud sign-in is signed.</summary>
public enum MqttSignAlgorithm
{
    /// <summary>HMAC with SHA-256.</summary>
    HmacSha256,

    /// <summary>HMAC with SHA-1, for platforms and products that know nothing else.</summary>
    HmacSha1,
}

/// <summary>Aliyun (Alibaba Cloud) IoT Platform: a device with a secret of its own.</summary>
/// <remarks>
/// <para>Client identifier <c>id|securemode=2,signmethod=hmacsha256,timestamp=ms|</c>, user name <c>device&amp;product</c>,
/// password the HMAC of <c>clientIdID deviceNameNAME productKeyKEY timestampMS</c> without the spaces, in hexadecimal.</para>
/// <para>Source: Alibaba Cloud IoT Platform, "Establish MQTT connections over TCP" (document 73742) and "How to sign"
/// (63656).</para>
/// </remarks>
public sealed class AliyunSignIn : MqttSignIn
{
    private readonly byte[] _secret;

    /// <summary>The device as the console shows it.</summary>
    /// <param name="productKey">The product key.</param>
    /// <param name="deviceName">The device name.</param>
    /// <param name="deviceSecret">The device secret. In no log, exception or text of this object.</param>
    /// <exception cref="ArgumentException">One of them is empty.</exception>
    public AliyunSignIn(string productKey, string deviceName, string deviceSecret)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(productKey);
        ArgumentException.ThrowIfNullOrWhiteSpace(deviceName);
        ArgumentException.ThrowIfNullOrWhiteSpace(deviceSecret);
        (ProductKey, DeviceName) = (productKey, deviceName);
        _secret = Encoding.UTF8.GetBytes(deviceSecret);
    }

    /// <summary>The product key.</summary>
    public string ProductKey { get; }

    /// <summary>The device name.</summary>
    public string DeviceName { get; }

    /// <summary>
    /// The caller's part of the client identifier, at most 64 characters; a serial number, say. Default
    /// <see langword="null"/>: product key and device name, joined by a dot.
    /// </summary>
    public string? ClientId { get; init; }

    /// <summary>How the password is signed. Default <see cref="MqttSignAlgorithm.HmacSha256"/>.</summary>
    public MqttSignAlgorithm Algorithm { get; init; } = MqttSignAlgorithm.HmacSha256;

    /// <summary>Whether the source has TLS; the platform wants to be told. Default true.</summary>
    public bool IsOverTls { get; init; } = true;

    /// <summary>The topic on which the device reports properties of its thing model.</summary>
    public string PropertyPostTopic => $"/sys/{ProductKey}/{DeviceName}/thing/event/property/post";

    /// <summary>The topic on which the platform answers such reports.</summary>
    public string PropertyPostReplyTopic => PropertyPostTopic + "_reply";

    /// <summary>The topic on which the platform sets properties.</summary>
    public string PropertySetTopic => $"/sys/{ProductKey}/{DeviceName}/thing/service/property/set";

    internal override string Identity => $"{ProductKey}.{DeviceName}";

    /// <summary>The public instance's broker.</summary>
    /// <param name="region">The region, such as <c>cn-shanghai</c>.</param>
    public string HostOf(string region = "cn-shanghai") => $"{ProductKey}.iot-as-mqtt.{region}.aliyuncs.com";

    /// <summary>A topic of the product's own, <c>/product/device/user/…</c>.</summary>
    /// <param name="suffix">What follows, without a slash before it.</param>
    public string UserTopic(string suffix) => $"/{ProductKey}/{DeviceName}/user/{suffix}";

    /// <summary>The device; never the secret.</summary>
    public override string ToString() => $"Aliyun device {DeviceName} of {ProductKey}";

    internal override MqttCredentials Create(TimeProvider time)
    {
        string id = ClientId ?? Identity;
        string stamp = time.GetUtcNow().ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture);
        string method = Algorithm == MqttSignAlgorithm.HmacSha256 ? "hmacsha256" : "hmacsha1";
        byte[] content = Encoding.UTF8.GetBytes($"clientId{id}deviceName{DeviceName}productKey{ProductKey}timestamp{stamp}");
        byte[] signed = CloudSignature.Sign(Algorithm, _secret, content);
        return new MqttCredentials(
            $"{id}|securemode={(IsOverTls ? 2 : 3)},signmethod={method},timestamp={stamp}|",
            $"{DeviceName}&{ProductKey}",
            Encoding.ASCII.GetBytes(Convert.ToHexStringLower(signed)));
    }
}
