using System.Net;
using System.Net.Sockets;

namespace ModemDriver.Cli.Tests;

/// <summary>A TCP port of loopback that refuses, and that nobody else can take meanwhile: bound, but not listening.</summary>
internal sealed class RefusingPort : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

    public RefusingPort() => _socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));

    public int Port => ((IPEndPoint)_socket.LocalEndPoint!).Port;

    public void Dispose() => _socket.Dispose();
}
