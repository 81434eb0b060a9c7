using System.Net;

namespace ModemDriver;

/// <summary>A datagram that the module has received.</summary>
public sealed class Datagram
{
    internal Datagram(ReadOnlyMemory<byte> data, IPEndPoint? remoteEndPoint)
    {
        Data = data;
        RemoteEndPoint = remoteEndPoint;
    }

    /// <summary>Its payload; may be empty.</summary>
    public ReadOnlyMemory<byte> Data { get; }

    /// <summary>
    /// Who sent it, as the module says; <see langword="null"/> where it did not. With <see cref="UdpPeerMode.Fixed"/>
    /// some firmware names the peer of the request instead.
    /// </summary>
    public IPEndPoint? RemoteEndPoint { get; }
}
