using Microsoft.Extensions.Logging;
using ModemDriver.Diagnostics;
using Polly;
using Polly.Retry;

namespace ModemDriver.Clients;

/// <summary>Keeps one end point connected: each connection is a Stream, and when it ends the next one is made.</summary>
/// <remarks>
/// <para>A failed attempt, or a connection that ended early, is followed by a wait that doubles from time to time, with
/// jitter. While the modem recovers nothing is tried; when it is back online the attempt is made at once.</para>
/// <para>What was written and not read by the peer when a connection ended is lost with it: what must not be lost needs a
/// protocol with acknowledgements above.</para>
/// </remarks>
public sealed class ManagedTcpClient
{
    private readonly ConnectionSource _source;
    private readonly ManagedTcpOptions _options;
    private readonly ILogger _logger;
    private CancellationTokenSource? _pause;
    private long _usable;
    private int _isRunning;
    private int _state;

    /// <summary>A client over links of a modem.</summary>
    /// <param name="modem">The modem, open; someone else takes it online, and disposes it.</param>
    /// <param name="request">To where, and how.</param>
    /// <param name="options">How the connection is kept; <see langword="null"/> for the defaults.</param>
    /// <exception cref="ArgumentException">A host, port or number that cannot be; an option out of its range.</exception>
    public ManagedTcpClient(Modem modem, LinkRequest request, ManagedTcpOptions? options = null)
        : this(NewSource(modem, request), options)
    {
    }

    /// <summary>A client over connections that the caller makes.</summary>
    /// <param name="connect">Makes one connection; called anew for each, never twice at a time.</param>
    /// <param name="options">How the connection is kept; <see langword="null"/> for the defaults.</param>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public ManagedTcpClient(Func<CancellationToken, ValueTask<Stream>> connect, ManagedTcpOptions? options = null)
        : this(NewSource(connect), options)
    {
    }

    private ManagedTcpClient(ConnectionSource source, ManagedTcpOptions? options)
    {
        _source = source;
        _options = options ?? new ManagedTcpOptions();
        _options.Validate();
        _logger = _options.LoggerFactory.CreateLogger("ModemDriver.Tcp");
    }

    /// <summary>
    /// Told of each change, in order, by the task of <see cref="RunAsync"/>: a handler that blocks holds it up, and one
    /// that throws ends it.
    /// </summary>
    public event EventHandler<ManagedTcpChange>? Changed;

    /// <summary>Where the client stands.</summary>
    public ManagedTcpState State => (ManagedTcpState)Volatile.Read(ref _state);

    /// <summary>Connects, and connects again, until it is told to stop.</summary>
    /// <param name="use">
    /// Uses one connection. When it returns, or throws an <see cref="IOException"/>, <see cref="TimeoutException"/> or
    /// <see cref="ModemException"/>, the connection is disposed and the next one made; any other exception ends the
    /// client. The token is that of this call.
    /// </param>
    /// <param name="cancellationToken">Ends the client.</param>
    /// <returns>A task that ends by the token, or when there can be no connection any more.</returns>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    /// <exception cref="InvalidOperationException">The client runs already.</exception>
    /// <exception cref="FeatureNotSupportedException">The module cannot do it.</exception>
    /// <exception cref="ModemClosedException">The modem was closed, or is faulted.</exception>
    public async Task RunAsync(Func<Stream, CancellationToken, Task> use, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(use);
        if (Interlocked.Exchange(ref _isRunning, 1) == 1)
        {
            throw new InvalidOperationException("The client runs already.");
        }

        try
        {
            using var usable = _source.WhenUsable(OnUsable);
            while (true)
            {
                await WaitForModemAsync(cancellationToken).ConfigureAwait(false);
                await RunSeriesAsync(use, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (Exception exception)
        {
            Tell(ManagedTcpState.Stopped, 0, null, cancellationToken.IsCancellationRequested ? null : exception);
            throw;
        }
        finally
        {
            Volatile.Write(ref _isRunning, 0);
        }
    }

    private static ModemConnectionSource NewSource(Modem modem, LinkRequest request)
    {
        ArgumentNullException.ThrowIfNull(modem);
        ArgumentNullException.ThrowIfNull(request);
        request.Validate();
        return new ModemConnectionSource(modem, request);
    }

    private static CallerConnectionSource NewSource(Func<CancellationToken, ValueTask<Stream>> connect)
    {
        ArgumentNullException.ThrowIfNull(connect);
        return new CallerConnectionSource(connect);
    }

    private static bool IsLoss(Exception exception) =>
        exception is IOException or TimeoutException or ModemException or System.Net.Sockets.SocketException;

    private async Task WaitForModemAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (!_source.IsUsable)
        {
            Tell(ManagedTcpState.WaitingForModem, 0, null, null);
            await _source.WaitUntilUsableAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    // One series of attempts with growing waits; it ends with a good connection, or when the modem is back online.
    private async Task RunSeriesAsync(Func<Stream, CancellationToken, Task> use, CancellationToken cancellationToken)
    {
        using var pause = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var usable = Volatile.Read(ref _usable);
        var attempt = 0;
        var pipeline = NewPipeline(arguments =>
        {
            Tell(ManagedTcpState.Waiting, attempt, arguments.RetryDelay, arguments.Outcome.Result.Reason);
            Volatile.Write(ref _pause, pause);
            if (!_source.IsUsable || Volatile.Read(ref _usable) != usable)
            {
                // It went, or came back, during the attempt: no wait, but a new series.
                pause.Cancel();
            }
        });
        try
        {
            await pipeline.ExecuteAsync(
                async _ =>
                {
                    Volatile.Write(ref _pause, null);
                    return await TryOnceAsync(use, ++attempt, cancellationToken).ConfigureAwait(false);
                },
                pause.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (pause.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            // The wait was cut short.
        }
        finally
        {
            Volatile.Write(ref _pause, null);
        }
    }

    private ResiliencePipeline<Outcome> NewPipeline(Action<OnRetryArguments<Outcome>> beforeWait) =>
        new ResiliencePipelineBuilder<Outcome> { TimeProvider = _options.TimeProvider }
            .AddRetry(new RetryStrategyOptions<Outcome>
            {
                ShouldHandle = arguments => ValueTask.FromResult(
                    arguments.Outcome.Exception is null && !arguments.Outcome.Result.WasGood),
                MaxRetryAttempts = int.MaxValue,
                Delay = _options.FirstDelay,
                MaxDelay = _options.LongestDelay,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                OnRetry = arguments =>
                {
                    beforeWait(arguments);
                    return ValueTask.CompletedTask;
                },
            })
            .Build();

    private async Task<Outcome> TryOnceAsync(
        Func<Stream, CancellationToken, Task> use, int attempt, CancellationToken cancellationToken)
    {
        Tell(ManagedTcpState.Connecting, attempt, null, null);
        Stream stream;
        try
        {
            stream = await ConnectAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (IsLoss(exception))
        {
            return new Outcome(false, exception);
        }

        var started = _options.TimeProvider.GetTimestamp();
        Tell(ManagedTcpState.Connected, attempt, null, null);
        var reason = await UseAsync(stream, use, cancellationToken).ConfigureAwait(false);
        return new Outcome(_options.TimeProvider.GetElapsedTime(started) >= _options.StableAfter, reason);
    }

    private async Task<Stream> ConnectAsync(CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(_options.ConnectTimeLimit, _options.TimeProvider);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        try
        {
            return await _source.ConnectAsync(both.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException exception)
            when (limit.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"There was no connection within {_options.ConnectTimeLimit}.", exception);
        }
    }

    // Returns why the connection ended; null if the user has ended it.
    private async Task<Exception?> UseAsync(
        Stream stream, Func<Stream, CancellationToken, Task> use, CancellationToken cancellationToken)
    {
        var connection = new WatchedConnection(stream, _options);
        await using (connection.ConfigureAwait(false))
        {
            var watch = connection.WatchAsync();
            Exception? reason = null;
            try
            {
                await use(connection, cancellationToken).ConfigureAwait(false);
            }
            catch (Exception exception) when (IsLoss(exception))
            {
                reason = exception;
            }

            await connection.DisposeAsync().ConfigureAwait(false);
            await watch.ConfigureAwait(false);
            return connection.Failure ?? reason;
        }
    }

    private void OnUsable()
    {
        Interlocked.Increment(ref _usable);
        try
        {
            Volatile.Read(ref _pause)?.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The series has ended in this moment, and the next one begins.
        }
    }

    private void Tell(ManagedTcpState state, int attempt, TimeSpan? delay, Exception? reason)
    {
        Volatile.Write(ref _state, (int)state);
        Log.ManagedTcpChanged(_logger, _source.EndPoint, state, attempt, delay, reason);
        Changed?.Invoke(this, new ManagedTcpChange(state, attempt, delay, reason));
    }

    private readonly record struct Outcome(bool WasGood, Exception? Reason);
}
