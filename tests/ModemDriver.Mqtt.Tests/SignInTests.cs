using System.Text;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace ModemDriver.Mqtt.Tests;

/// <summary>Sign-ins against values that others have published.</summary>
public sealed class SignInTests
{
    // "Self-service access to Alibaba Cloud IoT with open-source MQTT", developer community article by wongxmig, section 2:
    // the device, the time and all three results.
    [Fact]
    public void Aliyun_with_SHA_1_and_a_timestamp()
    {
        AliyunSignIn signIn = new("a14Xib5kdYd", "light1983432", "oLyaKqVxtRvjH284LdhqVgVUx1UPy6zq")
        {
            ClientId = "SN1928339",
            Algorithm = MqttSignAlgorithm.HmacSha1,
            IsOverTls = false,
        };

        MqttCredentials credentials = signIn.Create(At(1_539_421_321_846));

        Assert.Equal("SN1928339|securemode=3,signmethod=hmacsha1,timestamp=1539421321846|", credentials.ClientId);
        Assert.Equal("light1983432&a14Xib5kdYd", credentials.UserName);
        Assert.Equal("b2488041f64f425016b467ee1c94959ebd592ad1", Text(credentials));
        Assert.Equal("a14Xib5kdYd.iot-as-mqtt.cn-shanghai.aliyuncs.com", signIn.HostOf());
    }

    // NewLife.MQTT, XUnitTestClient/MqttSignTests.cs: key, name and secret with their asterisks, as Alibaba's Paho guide
    // shows them, and the password for the time 1578321210292. Hexadecimal digits of either case are accepted.
    [Fact]
    public void Aliyun_with_SHA_256_and_a_timestamp()
    {
        AliyunSignIn signIn = new("a1X2bEn****", "example1", "ga7XA6KdlEeiPXQPpRbAjOZXwG8y****");

        MqttCredentials credentials = signIn.Create(At(1_578_321_210_292));

        Assert.Equal(
            "a1X2bEn****.example1|securemode=2,signmethod=hmacsha256,timestamp=1578321210292|", credentials.ClientId);
        Assert.Equal("example1&a1X2bEn****", credentials.UserName);
        Assert.Equal(
            "B144BAE52CF8A5B5F2B37743D8440C85CDC05861A1BF87C564E4FB2CBF43FAFB", Text(credentials), ignoreCase: true);
    }

    // A public Python client for Tencent's IoT Hub gives, in the comment of its class TencentIOT, a device with its key, a
    // user name and the password for it.
    [Fact]
    public void Tencent_with_SHA_256()
    {
        TencentSignIn signIn = new("J5M4D6INI9", "pi_dht11", "u/nAbSmZKbCW7lugludvLg==");

        MqttCredentials credentials = signIn.Create("13GB9", 1_645_079_520);

        Assert.Equal("J5M4D6INI9pi_dht11", credentials.ClientId);
        Assert.Equal("J5M4D6INI9pi_dht11;12010126;13GB9;1645079520", credentials.UserName);
        Assert.Equal(
            "995566e2241a06391c30d9ac23de2706a0e9e59247830c556eb55ccfdee5f127;hmacsha256", Text(credentials));
    }

    // A public Arduino sketch (product X15T01ZVAx) gives its device's key and the token that OneNET's own tool made of it.
    [Fact]
    public void OneNet_with_SHA_256()
    {
        OneNetSignIn signIn = new(
            "X15T01ZVAx", "SoilMoisture_System", "VU5Pd0hqeWkxMW9qbXB6enRaU21wUWN4VnJta0FodGI=");

        MqttCredentials credentials = signIn.Create(1_988_121_600);

        Assert.Equal("SoilMoisture_System", credentials.ClientId);
        Assert.Equal("X15T01ZVAx", credentials.UserName);
        Assert.Equal(
            "version=2018-10-31&res=products%2FX15T01ZVAx%2Fdevices%2FSoilMoisture_System&et=1988121600&method=sha256"
            + "&sign=IS8MliNutFuKugawuj7bnaHrCFrmLAgcmbXs1dIjazA%3D",
            Text(credentials));
    }

    [Fact]
    public void Every_connection_is_signed_anew_with_a_limit_from_now()
    {
        FakeTimeProvider time = At(1_800_000_000_000);
        TencentSignIn tencent = new("P", "D", "AAAA");
        OneNetSignIn oneNet = new("P", "D", "AAAA") { Lifetime = TimeSpan.FromMinutes(1) };

        Assert.EndsWith(";1800003600", tencent.Create(time).UserName, StringComparison.Ordinal);
        Assert.Contains("&et=1800000060&", Text(oneNet.Create(time)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_clock_that_is_not_set_does_not_make_a_limit_that_is_over()
    {
        FakeTimeProvider time = At(1000);

        Assert.EndsWith(";2147483647", new TencentSignIn("P", "D", "AAAA").Create(time).UserName, StringComparison.Ordinal);
        Assert.Contains("&et=2147483647&", Text(new OneNetSignIn("P", "D", "AAAA").Create(time)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_key_that_is_not_in_Base64_is_refused_without_being_shown()
    {
        ArgumentException refused = Assert.Throws<ArgumentException>(() => new TencentSignIn("P", "D", "!secret!"));

        Assert.DoesNotContain("secret", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Topics_are_those_of_the_platforms()
    {
        AliyunSignIn aliyun = new("pk", "dn", "x");
        TencentSignIn tencent = new("P", "D", "AAAA");
        OneNetSignIn oneNet = new("P", "D", "AAAA");

        Assert.Equal("/sys/pk/dn/thing/event/property/post", aliyun.PropertyPostTopic);
        Assert.Equal("/sys/pk/dn/thing/event/property/post_reply", aliyun.PropertyPostReplyTopic);
        Assert.Equal("/sys/pk/dn/thing/service/property/set", aliyun.PropertySetTopic);
        Assert.Equal("/pk/dn/user/get", aliyun.UserTopic("get"));
        Assert.Equal("$thing/up/property/P/D", tencent.PropertyPostTopic);
        Assert.Equal("P/D/data", tencent.UserTopic("data"));
        Assert.Equal("$sys/P/D/thing/property/post", oneNet.PropertyPostTopic);
    }

    private static FakeTimeProvider At(long milliseconds) => new(DateTimeOffset.FromUnixTimeMilliseconds(milliseconds));

    private static string Text(MqttCredentials credentials) => Encoding.ASCII.GetString(credentials.Password!);
}
