using System.Security.Authentication;

namespace ModemDriver.Mqtt.Session;

/// <summary>Makes a connection that the broker has accepted, within the time limit, or says why there is none.</summary>
internal sealed class ConnectionOpener(SessionParts parts)
{
    /// <summary>Opens a connection.</summary>
    /// <param name="stop">Ends the attempt.</param>
    /// <returns>The connection, and whether the broker still has the session.</returns>
    /// <exception cref="MqttRefusedException">The broker refused.</exception>
    /// <exception cref="MqttConnectionException">There was no connection, or no answer in time.</exception>
    public async Task<(MqttConnection Connection, bool IsPresent)> OpenAsync(CancellationToken stop)
    {
        using CancellationTokenSource limit = new(parts.Options.ConnectTimeLimit, parts.Options.TimeProvider);
        using CancellationTokenSource both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, stop);
        MqttConnection? connection = null;
        try
        {
            Stream stream = await OpenStreamAsync(both.Token).ConfigureAwait(false);
            connection = new MqttConnection(parts, stream);
            // A Stream that ignores tokens must not hold up the attempt: disposing it ends its calls.
            using CancellationTokenRegistration ending = both.Token.Register(stream.Dispose);
            bool isPresent = await connection
                .OpenAsync(parts.Options.SignIn.Create(parts.Options.TimeProvider), both.Token).ConfigureAwait(false);
            return (connection, isPresent);
        }
        catch (Exception failure)
        {
            if (connection is not null)
            {
                await connection.DisposeAsync().ConfigureAwait(false);
            }

            stop.ThrowIfCancellationRequested();
            if (failure is ManagedMqttException)
            {
                throw;
            }

            if (MqttConnection.FindProtocolViolation(failure) is { } violation)
            {
                throw MqttConnection.Protocol("The broker sent what cannot be: " + violation.Message, failure);
            }

            throw limit.IsCancellationRequested
                ? new MqttConnectionException(
                    MqttDisconnectCause.NoAnswer, $"There was no connection within {parts.Options.ConnectTimeLimit}.", failure)
                : new MqttConnectionException(
                    connection is null ? MqttDisconnectCause.NotReachable : MqttDisconnectCause.StreamFailed,
                    "The connection failed before the broker had accepted it: " + failure.Message,
                    failure);
        }
    }

    private async Task<Stream> OpenStreamAsync(CancellationToken cancellationToken)
    {
        Task<Stream> opening = parts.Options.Source.OpenAsync(cancellationToken);
        try
        {
            return await opening.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // A source that ignores the token may still come with a Stream, which nobody wants any more.
            _ = opening.ContinueWith(
                static late => late.Result.Dispose(),
                CancellationToken.None,
                TaskContinuationOptions.OnlyOnRanToCompletion,
                TaskScheduler.Default);
            throw;
        }
        catch (AuthenticationException failure)
        {
            throw new MqttConnectionException(MqttDisconnectCause.TlsFailed, "TLS failed: " + failure.Message, failure);
        }
    }
}
