using System.Security.Cryptography;

namespace ModemDriver.Mqtt;

/// <summary>What the sign-ins of clouds have in common.</summary>
internal static class CloudSignature
{
    // A clock before this has not been set: a time limit counted from it would be long over.
    private static readonly DateTimeOffset EarliestPlausible = new(2024, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>The HMAC of some bytes.</summary>
    public static byte[] Sign(MqttSignAlgorithm algorithm, byte[] key, byte[] content) =>
        algorithm == MqttSignAlgorithm.HmacSha256
            ? HMACSHA256.HashData(key, content)
            // The platform's choice, and not ours: HMAC with SHA-1 is not broken as SHA-1 alone is.
#pragma warning disable CA5350
            : HMACSHA1.HashData(key, content);
#pragma warning restore CA5350

    /// <summary>A key that is given in Base64.</summary>
    /// <exception cref="ArgumentException">It is not; the message does not have it.</exception>
    public static byte[] DecodeKey(string key, string parameter)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(key, parameter);
        byte[] decoded = new byte[key.Length];
        return Convert.TryFromBase64String(key, decoded, out int length)
            ? decoded[..length]
            : throw new ArgumentException("The key is not in Base64, as the console shows it.", parameter);
    }

    /// <summary>When a signature runs out, in seconds since 1970; as late as can be where the clock is not set.</summary>
    public static long ExpiryOf(TimeProvider time, TimeSpan lifetime)
    {
        DateTimeOffset now = time.GetUtcNow();
        return now < EarliestPlausible ? int.MaxValue : (now + lifetime).ToUnixTimeSeconds();
    }
}
