namespace ModemDriver.Clients;

/// <summary>Where the connections of a managed client come from.</summary>
internal abstract class ConnectionSource
{
    /// <summary>The peer, for people.</summary>
    public abstract string EndPoint { get; }

    /// <summary>Waits until an attempt makes sense.</summary>
    /// <exception cref="ModemClosedException">It never will.</exception>
    public abstract Task WaitUntilUsableAsync(CancellationToken cancellationToken);

    /// <summary>Whether an attempt makes sense now.</summary>
    public abstract bool IsUsable { get; }

    /// <summary>Makes one connection.</summary>
    public abstract ValueTask<Stream> ConnectAsync(CancellationToken cancellationToken);

    /// <summary>Has an action run whenever an attempt makes sense again.</summary>
    /// <returns>Ends it.</returns>
    public abstract IDisposable WhenUsable(Action action);
}

/// <summary>Connections that a caller makes himself.</summary>
internal sealed class CallerConnectionSource(Func<CancellationToken, ValueTask<Stream>> connect) : ConnectionSource
{
    /// <inheritdoc/>
    public override string EndPoint => "the caller's connection";

    /// <inheritdoc/>
    public override bool IsUsable => true;

    /// <inheritdoc/>
    public override Task WaitUntilUsableAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public override ValueTask<Stream> ConnectAsync(CancellationToken cancellationToken) => connect(cancellationToken);

    /// <inheritdoc/>
    public override IDisposable WhenUsable(Action action) => new Nothing();

    private sealed class Nothing : IDisposable
    {
        public void Dispose()
        {
        }
    }
}

/// <summary>Links of a modem.</summary>
internal sealed class ModemConnectionSource(Modem modem, LinkRequest request) : ConnectionSource
{
    // A wait needs a limit; it is taken up again.
    private static readonly TimeSpan WaitLimit = TimeSpan.FromMinutes(30);

    /// <inheritdoc/>
    public override string EndPoint => request.EndPoint;

    /// <inheritdoc/>
    public override bool IsUsable => modem.State == ModemState.Online;

    /// <inheritdoc/>
    public override async Task WaitUntilUsableAsync(CancellationToken cancellationToken)
    {
        while (!IsUsable)
        {
            try
            {
                await modem.WaitForStateAsync(ModemState.Online, WaitLimit, cancellationToken).ConfigureAwait(false);
            }
            catch (TimeoutException)
            {
                // Still not online: there is no limit to how long a modem may recover.
                cancellationToken.ThrowIfCancellationRequested();
            }
        }
    }

    /// <inheritdoc/>
    public override async ValueTask<Stream> ConnectAsync(CancellationToken cancellationToken) =>
        await modem.ConnectAsync(request, cancellationToken).ConfigureAwait(false);

    /// <inheritdoc/>
    public override IDisposable WhenUsable(Action action) => new Subscription(modem, action);

    private sealed class Subscription : IDisposable
    {
        private readonly Modem _modem;
        private readonly Action _action;

        public Subscription(Modem modem, Action action)
        {
            _modem = modem;
            _action = action;
            modem.StateChanged += OnStateChanged;
        }

        public void Dispose() => _modem.StateChanged -= OnStateChanged;

        private void OnStateChanged(object? sender, ModemStateChange change)
        {
            if (change.NewState == ModemState.Online)
            {
                _action();
            }
        }
    }
}
