using System.Net.Sockets;

namespace ModemDriver.Transport;

/// <summary>A raw TCP connection to a serial server such as ser2net. Bit rate and lines are set over there.</summary>
internal sealed class TcpTransport : ReadLoopTransport
{
    // A serial server that loses power sends nothing. Found out after 30 + 3 x 10 s, well before a person looks.
    private const int KeepAliveSeconds = 30;
    private const int KeepAliveIntervalSeconds = 10;
    private const int KeepAliveRetries = 3;

    private readonly string _host;
    private readonly int _port;

    public TcpTransport(string name, string host, int port, SerialTransportOptions options, TimeProvider timeProvider)
        : base(name, options, timeProvider)
    {
        _host = host;
        _port = port;
    }

    protected override async ValueTask<Stream> ConnectAsync(CancellationToken cancellationToken)
    {
        Socket socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
            socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, KeepAliveSeconds);
            socket.SetSocketOption(
                SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, KeepAliveIntervalSeconds);
            socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount, KeepAliveRetries);
            await socket.ConnectAsync(_host, _port, cancellationToken).ConfigureAwait(false);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch (SocketException e)
        {
            socket.Dispose();
            throw Explain(e);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private TransportException Explain(SocketException e)
    {
        string what = e.SocketErrorCode switch
        {
            SocketError.ConnectionRefused =>
                $"Nobody listens at {_host} port {_port}: start the serial server there, or check the port number.",
            SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain =>
                $"There is no host {_host}: check the name, and that this computer can resolve it.",
            SocketError.TimedOut or SocketError.HostDown
                or SocketError.HostUnreachable or SocketError.NetworkUnreachable =>
                $"{_host} does not answer: check that it is switched on and reachable from here.",
            _ => $"Connecting to {_host} port {_port} failed: {e.Message.TrimEnd('.')}.",
        };
        return new TransportException(TransportFailure.NotFound, Name, what, e);
    }
}
