using System.CommandLine;
using Microsoft.Extensions.Logging;
using ModemDriver.Mqtt;

namespace ModemDriver.Cli.Verbs.Mqtt;

/// <summary>The modem and the clients of one run; ends the work when none of them can go on by itself.</summary>
/// <remarks>
/// The modem is got online beside the work: what is accepted meanwhile is stored, and sent when the network is there.
/// </remarks>
internal sealed class MqttRun : IAsyncDisposable
{
    private static readonly TimeSpan JoinPause = TimeSpan.FromSeconds(2);

    private readonly ToolContext _context;
    private readonly ClientOptions _options;
    private readonly ParseResult _parsed;
    private readonly ILoggerFactory _loggers;
    private readonly ModemSession? _session;
    private readonly CancellationTokenSource _ended;
    private readonly List<ManagedMqttClient> _clients = [];
    private Exception? _failure;
    private bool _isClosing;
    private Task _joining = Task.CompletedTask;

    private MqttRun(
        ToolContext context,
        ClientOptions options,
        ParseResult parsed,
        ModemSession? session,
        CancellationToken cancellationToken)
    {
        _context = context;
        _options = options;
        _parsed = parsed;
        _session = session;
        _loggers = options.Session.CreateLoggerFactory(parsed, context);
        _ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
    }

    /// <summary>The modem; <see langword="null"/> with <c>--direct</c>.</summary>
    public Modem? Modem => _session?.Modem;

    /// <summary>Opens the modem, unless the run goes without.</summary>
    public static async Task<MqttRun> OpenAsync(
        ToolContext context, ClientOptions options, ParseResult parsed, CancellationToken cancellationToken)
    {
        ModemSession? session = options.IsDirect(parsed)
            ? null
            : await ModemSession.OpenAsync(options.Session, parsed, context, cancellationToken).ConfigureAwait(false);
        var run = new MqttRun(context, options, parsed, session, cancellationToken);
        if (session is not null)
        {
            run._joining = run.JoinAsync(session.Modem);
        }

        return run;
    }

    /// <summary>Opens a client, and tells on standard error how it fares.</summary>
    /// <param name="options">What the verb wants of it.</param>
    public async Task<ManagedMqttClient> OpenClientAsync(ManagedMqttOptions options)
    {
        ManagedMqttClient client = await ManagedMqttClient.OpenAsync(
            options with { LoggerFactory = _loggers, TimeProvider = _context.Time }, _ended.Token).ConfigureAwait(false);
        _clients.Add(client);
        var watch = new ClientWatch(options.Source.Name, _context.Error);
        client.StateChanged += (_, change) =>
        {
            // A connection that ends with the run is no trouble.
            if (Volatile.Read(ref _isClosing))
            {
                return;
            }

            watch.Tell(change);
            if (change.NewState is MqttClientState.Refused or MqttClientState.Closed)
            {
                End(change.Reason);
            }
        };

        // It may have been refused before anybody listened.
        if (client.State is MqttClientState.Refused or MqttClientState.Closed)
        {
            End(client.LastFailure);
        }

        return client;
    }

    /// <summary>Does the work. When modem or client cannot go on, it is cancelled, and the reason is thrown.</summary>
    public async Task WorkAsync(Func<CancellationToken, Task> work)
    {
        try
        {
            await work(_ended.Token).ConfigureAwait(false);
        }
        catch (Exception exception) when (Volatile.Read(ref _failure) is { } failure && exception != failure)
        {
            throw failure;
        }
    }

    public async ValueTask DisposeAsync()
    {
        Volatile.Write(ref _isClosing, true);

        // 1. The clients, which say goodbye over the modem. 2. The modem. 3. The log.
        foreach (ManagedMqttClient client in _clients)
        {
            await client.DisposeAsync().ConfigureAwait(false);
        }

        await _ended.CancelAsync().ConfigureAwait(false);
        await _joining.ConfigureAwait(false);
        if (_session is not null)
        {
            await _session.DisposeAsync().ConfigureAwait(false);
        }

        _loggers.Dispose();
        _ended.Dispose();
    }

    // Once it is online the modem comes back by itself; until then every failure that time may mend is tried again.
    private async Task JoinAsync(Modem modem)
    {
        string? told = null;
        while (!_ended.IsCancellationRequested)
        {
            try
            {
                await modem.GoOnlineAsync(_ended.Token).ConfigureAwait(false);
                return;
            }
            catch (OperationCanceledException) when (_ended.IsCancellationRequested)
            {
                return;
            }
            catch (ModemException failure) when (MayPass(failure, modem))
            {
                if (failure.Message != told)
                {
                    told = failure.Message;
                    await _context.Error.WriteLineAsync($"Not online: {told} Trying again.").ConfigureAwait(false);
                }
            }
#pragma warning disable CA1031 // Whatever it is, the run ends with it, and says so.
            catch (Exception failure)
#pragma warning restore CA1031
            {
                End(failure);
                return;
            }

            await Task.Delay(JoinPause, _context.Time, _ended.Token)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static bool MayPass(ModemException failure, Modem modem) =>
        modem.State is not (ModemState.Closed or ModemState.Faulted or ModemState.Locked)
        && failure is not (SimException or NetworkJoinException
        {
            Reason: NetworkJoinFailure.NotConfigured or NetworkJoinFailure.WrongPassword
                or NetworkJoinFailure.RegistrationDenied or NetworkJoinFailure.RoamingNotAllowed,
        });

    private void End(Exception? reason)
    {
        // Closing is the usual end of a client, and then there is no reason.
        if (reason is null)
        {
            return;
        }

        Interlocked.CompareExchange(ref _failure, reason, null);
        // Not on the client's own task, which may be the one that waits.
        _ = _ended.CancelAsync();
    }
}
