using System.Net;
using System.Net.Security;

namespace ModemDriver.Simulator.Network;

/// <summary>A connection under TLS.</summary>
/// <param name="tls">After its handshake.</param>
/// <param name="inner">What it stands on; ended with it.</param>
/// <param name="time">The clock for the farewell.</param>
internal sealed class TlsConnection(SslStream tls, NetworkConnection inner, TimeProvider time) : NetworkConnection
{
    // The peer may take nothing any more.
    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(1);

    internal override IPEndPoint Local => inner.Local;

    internal override IPEndPoint Remote => inner.Remote;

    internal override async ValueTask<int> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        try
        {
            return await tls.ReadAsync(buffer, cancellationToken);
        }
        catch (Exception gone) when (gone is (IOException and not NetworkException) or ObjectDisposedException)
        {
            throw new NetworkException("The TLS connection is gone.", gone);
        }
    }

    internal override async ValueTask SendAsync(ReadOnlyMemory<byte> data, CancellationToken cancellationToken)
    {
        try
        {
            await tls.WriteAsync(data, cancellationToken);
        }
        catch (Exception gone) when (gone is (IOException and not NetworkException) or ObjectDisposedException
            or InvalidOperationException)
        {
            throw new NetworkException("The TLS connection is gone.", gone);
        }
    }

    internal override void Close() => _ = CloseAsync();

    internal override void Abort()
    {
        inner.Abort();
        tls.Dispose();
    }

    private async Task CloseAsync()
    {
        try
        {
            await tls.ShutdownAsync().WaitAsync(Farewell, time); // close_notify
        }
        catch (Exception gone) when (gone is IOException or ObjectDisposedException or InvalidOperationException
            or TimeoutException)
        {
            // The peer was faster, or takes nothing.
        }
        finally
        {
            inner.Close();
            tls.Dispose();
        }
    }
}
