using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using ModemDriver.Mqtt.Diagnostics;
using ModemDriver.Mqtt.Outbox;
using ModemDriver.Mqtt.Session;

namespace ModemDriver.Mqtt;

/// <summary>
/// An MQTT client that stays connected: what it has accepted is kept until the broker has it, through lost connections
/// and, with an outbox in a file, through the death of the process.
/// </summary>
/// <remarks>
/// Members may be called from any thread. Handlers of events run on tasks of the client: they should not block.
/// docs/mqtt.md says what is promised in which crash.
/// </remarks>
public sealed class ManagedMqttClient : IAsyncDisposable
{
    private static readonly TimeSpan DefaultWaitLimit = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan DefaultAnswerLimit = TimeSpan.FromMinutes(1);

    // How often messages that have expired are looked for while nothing is sent.
    private static readonly TimeSpan SweepPeriod = TimeSpan.FromSeconds(10);

    private readonly SessionParts _parts;
    private readonly ClientRunner _runner;
    private readonly ITimer _sweeper;
    private int _isDisposed;

    private ManagedMqttClient(SessionParts parts, string? storedIdentity)
    {
        _parts = parts;
        _runner = new ClientRunner(parts, storedIdentity);
        _runner.States.Changed = OnStateChanged;
        // Off the reader: a handler must not hold up the connection.
        parts.SubscriptionRefused = result =>
            ThreadPool.UnsafeQueueUserWorkItem(OnSubscriptionRefused, result, preferLocal: false);
        parts.Metrics.Observe(() => parts.Outbox.Count, () => parts.Outbox.Bytes, () => parts.Outbox.OldestAge);
        _sweeper = parts.Options.TimeProvider.CreateTimer(
            static client => _ = ((ManagedMqttClient)client!).SweepAsync(), this, SweepPeriod, SweepPeriod); // "this" above
    }

    /// <summary>Told of each change of state, in order.</summary>
    public event EventHandler<MqttClientStateChange>? StateChanged;

    /// <summary>Told when the broker refuses a filter that it had granted before its session was lost.</summary>
    public event EventHandler<MqttSubscribeResult>? SubscriptionRefused;

    /// <summary>Where the client stands.</summary>
    public MqttClientState State => _runner.States.Current;

    /// <summary>
    /// Why it is not connected: the last failure; <see langword="null"/> while it is connected or has never tried.
    /// </summary>
    public Exception? LastFailure => _runner.States.LastFailure;

    /// <summary>The filters that the broker has granted to this client, in order.</summary>
    public IReadOnlyList<string> Subscriptions => _parts.Subscriptions.Granted;

    /// <summary>What it has, and has had, to do.</summary>
    public MqttClientStatistics Statistics => new()
    {
        Waiting = _parts.Outbox.Count,
        WaitingBytes = _parts.Outbox.Bytes,
        OldestAge = _parts.Outbox.OldestAge,
        Accepted = _parts.Outbox.Counters.Accepted,
        Repeated = _parts.Outbox.Counters.Repeated,
        Delivered = _parts.Outbox.Counters.Delivered,
        Refused = _parts.Outbox.Counters.Refused,
        Expired = _parts.Outbox.Counters.Expired,
        Dropped = _parts.Outbox.Counters.Dropped,
        Lost = _parts.Outbox.Counters.Lost,
        InboxWaiting = _parts.Inbox.Count,
    };

    /// <summary>Opens the outbox and begins to connect; does not wait for the broker.</summary>
    /// <param name="options">How.</param>
    /// <param name="cancellationToken">Ends the call before the outbox is opened; not after.</param>
    /// <exception cref="ArgumentException">Options are out of range.</exception>
    /// <exception cref="MqttOutboxException">The outbox is in use, damaged, of another version, or not accessible.</exception>
    public static async Task<ManagedMqttClient> OpenAsync(
        ManagedMqttOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        IMqttOutboxStore store = options.Outbox.Storage == MqttOutboxStorage.Memory
            ? new MemoryStore()
            : new SqliteStore(options.Outbox, options.TimeProvider);
        return await OpenCheckedAsync(options, store, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Opens an outbox that is a store of the caller's, and begins to connect.</summary>
    /// <param name="options">How; where <see cref="ManagedMqttOptions.Outbox"/> says where messages are kept, it does not count.</param>
    /// <param name="store">Keeps them. The client owns it: it is disposed with the client, also where this throws.</param>
    /// <param name="cancellationToken">Is handed to the store.</param>
    /// <exception cref="ArgumentException">Options are out of range.</exception>
    /// <exception cref="MqttOutboxException">The store could not be opened.</exception>
    public static async Task<ManagedMqttClient> OpenAsync(
        ManagedMqttOptions options, IMqttOutboxStore store, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(store);
        try
        {
            options.Validate();
        }
        catch (ArgumentException)
        {
            await store.DisposeAsync().ConfigureAwait(false);
            throw;
        }

        return await OpenCheckedAsync(options, new GuardedStore(store), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Accepts a message: it is stored, and is then sent as soon as the broker can be reached.</summary>
    /// <param name="message">The message.</param>
    /// <param name="cancellationToken">Ends the call before anything is stored; not after.</param>
    /// <returns>A receipt, with which the delivery can be awaited.</returns>
    /// <exception cref="ArgumentException">The message cannot be sent; for example, its topic has a wildcard.</exception>
    /// <exception cref="MqttOutboxException">There is no room, or it could not be stored: it was not accepted.</exception>
    /// <exception cref="ObjectDisposedException">The client is disposed.</exception>
    /// <remarks>
    /// Messages are sent in the order in which they were accepted. Which of two calls at the same time comes first is
    /// chance.
    /// </remarks>
    public ValueTask<MqttReceipt> PublishAsync(MqttMessage message, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(message);
        message.Validate();
        cancellationToken.ThrowIfCancellationRequested();
        ObjectDisposedException.ThrowIf(Volatile.Read(ref _isDisposed) != 0, this);
        return _parts.Outbox.AcceptAsync(message);
    }

    /// <summary>Subscribes to filters with one SUBSCRIBE, and waits for the broker's word on each.</summary>
    /// <param name="subscriptions">One or more. A filter that is already subscribed is replaced.</param>
    /// <param name="timeLimit">How long to wait for a connection and the answer. Above zero. Default 1 minute.</param>
    /// <param name="cancellationToken">Ends the wait; the request stays, and is carried out.</param>
    /// <returns>
    /// A result for each, in order. Granted ones are restored when the broker has lost the session; refused ones are not.
    /// </returns>
    /// <exception cref="ArgumentException">There is none, or a filter cannot be.</exception>
    /// <exception cref="TimeoutException">There was no answer in time; the request stays, and is carried out.</exception>
    /// <exception cref="MqttClosedException">The client is closed.</exception>
    /// <remarks>
    /// Messages may come before the broker's word: those of a session that it has kept, or retained ones. It stands behind
    /// them on the connection, so somebody must read (<see cref="ReadAllAsync"/>) while this waits, where more than
    /// <see cref="ManagedMqttOptions.InboxMessages"/> may be on their way.
    /// </remarks>
    public Task<IReadOnlyList<MqttSubscribeResult>> SubscribeAsync(
        IReadOnlyList<MqttSubscription> subscriptions,
        TimeSpan? timeLimit = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(subscriptions);
        ArgumentOutOfRangeException.ThrowIfZero(subscriptions.Count, nameof(subscriptions));
        foreach (MqttSubscription subscription in subscriptions)
        {
            subscription.Validate();
        }

        TimeSpan limit = CheckLimit(timeLimit, DefaultAnswerLimit);
        SubscriptionRequest request = SubscriptionRequest.Subscribe([.. subscriptions]);
        _parts.Subscriptions.Add(request);
        return request.Subscribed!.Task.WaitAsync(limit, _parts.Options.TimeProvider, cancellationToken); // made by Subscribe
    }

    /// <summary>Unsubscribes from filters with one UNSUBSCRIBE, and waits for the broker's word on each.</summary>
    /// <param name="filters">One or more.</param>
    /// <param name="timeLimit">As for <see cref="SubscribeAsync"/>.</param>
    /// <param name="cancellationToken">As for <see cref="SubscribeAsync"/>.</param>
    /// <returns>A result for each, in order.</returns>
    /// <exception cref="ArgumentException">There is none, or a filter cannot be.</exception>
    /// <exception cref="TimeoutException">There was no answer in time; the request stays, and is carried out.</exception>
    /// <exception cref="MqttClosedException">The client is closed.</exception>
    public Task<IReadOnlyList<MqttUnsubscribeResult>> UnsubscribeAsync(
        IReadOnlyList<string> filters, TimeSpan? timeLimit = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(filters);
        ArgumentOutOfRangeException.ThrowIfZero(filters.Count, nameof(filters));
        foreach (string filter in filters)
        {
            TopicRules.CheckFilter(filter, nameof(filters));
        }

        TimeSpan limit = CheckLimit(timeLimit, DefaultAnswerLimit);
        SubscriptionRequest request = SubscriptionRequest.Unsubscribe([.. filters]);
        _parts.Subscriptions.Add(request);
        return request.Unsubscribed!.Task.WaitAsync(limit, _parts.Options.TimeProvider, cancellationToken); // by Unsubscribe
    }

    /// <summary>
    /// The received messages, as they come; ends when the client is disposed. A reader that does not keep up slows the
    /// broker down. Several readers share the messages.
    /// </summary>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="MqttClosedException">The modem was closed or is faulted: no further message can come.</exception>
    /// <remarks>
    /// Messages that nobody has taken when the client is disposed are not acknowledged: a broker that keeps the session sends
    /// them again.
    /// </remarks>
    public async IAsyncEnumerable<MqttInboxMessage> ReadAllAsync(
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        while (await _parts.Inbox.TakeAsync(cancellationToken).ConfigureAwait(false) is { } message)
        {
            if (_parts.Options.Acknowledgement == MqttAcknowledgement.Automatic)
            {
                message.Acknowledge();
            }

            yield return message;
        }
    }

    /// <summary>Waits until the client is in a state.</summary>
    /// <param name="state">The state.</param>
    /// <param name="timeLimit">How long to wait. Above zero. Default 5 minutes.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="TimeoutException">It did not come to it in time.</exception>
    /// <exception cref="MqttRefusedException">The broker refused for good.</exception>
    /// <exception cref="MqttClosedException">The client was closed.</exception>
    public Task WaitForStateAsync(
        MqttClientState state, TimeSpan? timeLimit = null, CancellationToken cancellationToken = default) =>
        _runner.States.WaitForStateAsync(state, CheckLimit(timeLimit, DefaultWaitLimit), cancellationToken);

    /// <summary>Waits until the outbox is empty.</summary>
    /// <param name="timeLimit">How long to wait. Above zero. Default 5 minutes.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="TimeoutException">It was not empty in time.</exception>
    /// <exception cref="MqttClosedException">The client was closed.</exception>
    public Task DrainAsync(TimeSpan? timeLimit = null, CancellationToken cancellationToken = default) =>
        _parts.Outbox.WaitUntilEmptyAsync(CheckLimit(timeLimit, DefaultWaitLimit), cancellationToken);

    /// <summary>
    /// Makes a new connection now: ends the present one, a pause, or the state <see cref="MqttClientState.Refused"/>.
    /// </summary>
    public void Reconnect() => _runner.Reconnect();

    /// <summary>
    /// Says goodbye to the broker and closes the outbox; what waits in a file waits for the next opening. Bounded in time;
    /// may be repeated.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) != 0)
        {
            return;
        }

        // 1. Nothing new. 2. The connection. 3. Whoever waits. 4. The outbox.
        await _sweeper.DisposeAsync().ConfigureAwait(false);
        await _runner.DisposeAsync().ConfigureAwait(false);
        _parts.Subscriptions.Close();
        _parts.Inbox.Close();
        await _parts.Outbox.DisposeAsync().ConfigureAwait(false);
        _parts.Metrics.Dispose();
    }

    private static async Task<ManagedMqttClient> OpenCheckedAsync(
        ManagedMqttOptions options, IMqttOutboxStore store, CancellationToken cancellationToken)
    {
        ILogger log = options.LoggerFactory.CreateLogger<ManagedMqttClient>();
        OutboxQueue outbox = new(store, options.Outbox, options.TimeProvider);
        MqttStoredSession stored;
        try
        {
            stored = await outbox.OpenAsync(cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            await outbox.DisposeAsync().ConfigureAwait(false);
            throw;
        }

        InboundSession inbound = new(store);
        inbound.Load(stored.Received);
        MqttLog.OutboxOpened(log, options.Source.Name, outbox.Count);
        SessionParts parts = new(
            options,
            log,
            new MqttMetrics(options.SignIn.Identity),
            outbox,
            inbound,
            new Inbox(options.InboxMessages, options.InboxBytes),
            new SubscriptionTable());
        ManagedMqttClient client = new(parts, stored.Identity);
        client._runner.Start();
        return client;
    }

    private static TimeSpan CheckLimit(TimeSpan? limit, TimeSpan otherwise)
    {
        TimeSpan chosen = limit ?? otherwise;
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(chosen, TimeSpan.Zero, nameof(limit));
        return chosen;
    }

    private async Task SweepAsync()
    {
        try
        {
            await _parts.Outbox.SweepAsync().ConfigureAwait(false);
        }
        catch (MqttOutboxException failure)
        {
            // They are out of the queue; the next sweep tries again.
            MqttLog.OutboxSweepFailed(_parts.Log, _parts.Options.Source.Name, failure);
        }
    }

    private void OnStateChanged(MqttClientStateChange change)
    {
        try
        {
            StateChanged?.Invoke(this, change);
        }
#pragma warning disable CA1031 // A handler is the user's code: what it throws is logged, and the client goes on.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            MqttLog.ClientHandlerFailed(_parts.Log, _parts.Options.Source.Name, nameof(StateChanged), failure);
        }
    }

    private void OnSubscriptionRefused(MqttSubscribeResult result)
    {
        try
        {
            SubscriptionRefused?.Invoke(this, result);
        }
#pragma warning disable CA1031 // As above.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            MqttLog.ClientHandlerFailed(_parts.Log, _parts.Options.Source.Name, nameof(SubscriptionRefused), failure);
        }
    }
}
