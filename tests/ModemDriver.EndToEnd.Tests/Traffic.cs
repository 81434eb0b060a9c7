using System.Security.Cryptography;

namespace ModemDriver.EndToEnd.Tests;

/// <summary>Bytes that a test sends and knows again.</summary>
internal static class Traffic
{
    /// <summary>Bytes with everything in them that could be taken for something of the wire.</summary>
    public static byte[] Bytes(int count, int seed)
    {
        var bytes = new byte[count];
        new Random(seed).NextBytes(bytes);
        ReadOnlySpan<byte> hostile = "\r\nOK\r\n> +IPD,0,5:+++\r\n0,CLOSED\r\nready\r\nbusy p...\r\nSEND OK\r\n"u8;
        for (int at = 100; at + hostile.Length < count; at += 1000)
        {
            hostile.CopyTo(bytes.AsSpan(at));
        }

        return bytes;
    }

    /// <summary>Sends bytes to a server that sends them back, and compares the hashes of what went and came.</summary>
    public static async Task EchoAsync(Stream link, int count, int seed, CancellationToken cancellationToken)
    {
        byte[] sent = Bytes(count, seed);
        Task writing = WriteAsync(link, sent, cancellationToken);
        var received = new byte[count];
        await link.ReadExactlyAsync(received, cancellationToken).Within(cancellationToken);
        await writing.Within(cancellationToken);
        Assert.Equal(SHA256.HashData(sent), SHA256.HashData(received));
    }

    private static async Task WriteAsync(Stream link, byte[] bytes, CancellationToken cancellationToken)
    {
        await link.WriteAsync(bytes, cancellationToken);
        await link.FlushAsync(cancellationToken);
    }
}
