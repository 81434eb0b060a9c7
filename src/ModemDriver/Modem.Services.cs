using System.Net;
using ModemDriver.Commands;
using ModemDriver.Services;

namespace ModemDriver;

/// <content>Names, echoes and time, as the module's network has them.</content>
public sealed partial class Modem
{
    private static readonly TimeSpan AskForTimeAgain = TimeSpan.FromSeconds(1);

    /// <summary>Resolves a host name by the module's own network.</summary>
    /// <param name="host">The name.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="ArgumentException">A name that cannot be sent; nothing was sent.</exception>
    /// <exception cref="FeatureNotSupportedException">The module cannot do it.</exception>
    /// <exception cref="CommandFailedException">The name was not found.</exception>
    /// <exception cref="ModemProtocolException">The module answered with no address.</exception>
    /// <exception cref="ModemException">The module did not answer, or is not usable.</exception>
    public Task<IPAddress> ResolveAsync(string host, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(host);
        return _loop.InvokeAsync(async () =>
        {
            var address = await QueryAsync(ModemFeature.NameResolution, s => s.Resolve(host), cancellationToken);
            return address
                ?? throw new ModemProtocolException("an address", string.Join(" | ", _runner.Channel.LastLines()));
        });
    }

    /// <summary>Measures the round trip to a host by ICMP, once.</summary>
    /// <param name="host">A name, resolved by the module, or an address.</param>
    /// <param name="cancellationToken">Ends the wait; the attempt runs on in the module.</param>
    /// <returns>The round trip, in whole milliseconds.</returns>
    /// <exception cref="ArgumentException">A name that cannot be sent; nothing was sent.</exception>
    /// <exception cref="FeatureNotSupportedException">The module cannot do it.</exception>
    /// <exception cref="PingException">Nothing came back; the reason says why.</exception>
    /// <exception cref="ModemException">The module did not answer, or is not usable.</exception>
    public Task<TimeSpan> PingAsync(string host, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(host);
        return _loop.InvokeAsync(async () =>
        {
            var ping = Services(ModemFeature.Ping).Ping(host);
            var result = await _runner.ExecuteAsync(ping, cancellationToken);
            if (result.IsSuccess && ping.RoundTrip is { } roundTrip)
            {
                return roundTrip;
            }

            var reason = ping.HasTimedOut ? PingFailure.TimedOut : PingFailure.Unknown;
            throw new PingException(host, reason, $"No answer from {host} ({reason}).") { Port = Port, State = State };
        });
    }

    /// <summary>Asks for the name servers that the module uses.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="FeatureNotSupportedException">The module cannot be asked.</exception>
    /// <exception cref="ModemException">The module refused, did not answer, or is not usable.</exception>
    public Task<IReadOnlyList<IPAddress>> ReadNameServersAsync(CancellationToken cancellationToken = default) =>
        _loop.InvokeAsync<IReadOnlyList<IPAddress>>(async () =>
            await QueryAsync(ModemFeature.NameServerChoice, s => s.ReadNameServers(), cancellationToken));

    /// <summary>Chooses the name servers that the module uses.</summary>
    /// <param name="servers">At most three IPv4 addresses; none: those that the network names.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="ArgumentException">Too many, or not IPv4; nothing was sent.</exception>
    /// <exception cref="FeatureNotSupportedException">The module has no such setting.</exception>
    /// <exception cref="ModemException">The module refused, did not answer, or is not usable.</exception>
    public Task SetNameServersAsync(IReadOnlyList<IPAddress> servers, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(servers);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(servers.Count, 3, nameof(servers));
        IPAddress[] chosen = [.. servers];
        Array.ForEach(chosen, server => StaticAddress.Check(server, nameof(servers)));
        return _loop.InvokeAsync(() => _runner.SetAsync(
            ModemFeature.NameServerChoice,
            dialect => [dialect.Services!.SetNameServers(chosen)],
            isKept: chosen.Length > 0,
            cancellationToken));
    }

    /// <summary>Sets from where the module fetches the time.</summary>
    /// <param name="options">The servers and the offset; <see langword="null"/>: it does not fetch it.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="ArgumentException">Out of range, also for this firmware; nothing was sent.</exception>
    /// <exception cref="FeatureNotSupportedException">The module cannot do it.</exception>
    /// <exception cref="ModemException">The module refused, did not answer, or is not usable.</exception>
    public Task SetTimeSourceAsync(NetworkTimeOptions? options, CancellationToken cancellationToken = default)
    {
        options?.Validate();
        return _loop.InvokeAsync(() => _runner.SetAsync(
            ModemFeature.NetworkTime,
            dialect => [dialect.Services!.SetTimeSource(options)],
            isKept: options is not null,
            cancellationToken));
    }

    /// <summary>Asks from where the module fetches the time.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The servers and the offset; <see langword="null"/> where it does not fetch it.</returns>
    /// <exception cref="FeatureNotSupportedException">The module cannot do it.</exception>
    /// <exception cref="ModemException">The module refused, did not answer, or is not usable.</exception>
    public Task<NetworkTimeOptions?> ReadTimeSourceAsync(CancellationToken cancellationToken = default) =>
        _loop.InvokeAsync(() => QueryAsync(ModemFeature.NetworkTime, s => s.ReadTimeSource(), cancellationToken));

    /// <summary>Asks for the time that the module has fetched from the network.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>
    /// The time, to the second; <see langword="null"/> while the module does not know it. Nothing is made up from this
    /// computer's clock.
    /// </returns>
    /// <exception cref="FeatureNotSupportedException">The module cannot do it.</exception>
    /// <exception cref="ModemException">The module refused, did not answer, or is not usable.</exception>
    public Task<DateTimeOffset?> ReadTimeAsync(CancellationToken cancellationToken = default) =>
        _loop.InvokeAsync(() => ReadTimeOnLoopAsync(cancellationToken));

    /// <summary>Waits until the module has fetched the time from the network.</summary>
    /// <param name="timeLimit">How long. Above zero. Default 30 seconds.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="TimeoutException">It was not there in time.</exception>
    /// <exception cref="FeatureNotSupportedException">The module cannot do it.</exception>
    /// <exception cref="ModemException">The module refused, did not answer, or is not usable.</exception>
    public Task<DateTimeOffset> WaitForTimeAsync(
        TimeSpan? timeLimit = null, CancellationToken cancellationToken = default)
    {
        var limit = timeLimit ?? DefaultTimeLimit;
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(limit, TimeSpan.Zero, nameof(timeLimit));
        return _loop.InvokeAsync(async () =>
        {
            var clock = _options.TimeProvider;
            var started = clock.GetTimestamp();
            while (true)
            {
                if (await ReadTimeOnLoopAsync(cancellationToken) is { } time)
                {
                    return time;
                }

                if (clock.GetElapsedTime(started) >= limit)
                {
                    throw new TimeoutException(
                        $"The module on {Port} had no time from the network within {limit}; "
                        + "does it reach its time servers?");
                }

                await Task.Delay(AskForTimeAgain, clock, cancellationToken);
            }
        });
    }

    private Task<DateTimeOffset?> ReadTimeOnLoopAsync(CancellationToken cancellationToken)
    {
        _runner.Require(ModemFeature.NetworkTime);
        return _runner.CallAsync(() => ReadTimeInPartsAsync(cancellationToken), cancellationToken);
    }

    // The module tells local time; what it is ahead of UTC is another question.
    private async Task<DateTimeOffset?> ReadTimeInPartsAsync(CancellationToken cancellationToken)
    {
        var source = await QueryAsync(ModemFeature.NetworkTime, s => s.ReadTimeSource(), cancellationToken);
        return source is not null
            && await QueryAsync(ModemFeature.NetworkTime, s => s.ReadTime(), cancellationToken) is { } local
                ? new DateTimeOffset(local, source.UtcOffset)
                : null;
    }

    private IServiceCommands Services(ModemFeature feature) =>
        _runner.Require(feature).Services!; // a dialect that has the feature has its commands

    private async Task<T> QueryAsync<T>(
        ModemFeature feature, Func<IServiceCommands, QueryCommand<T>> query, CancellationToken cancellationToken)
    {
        var command = query(Services(feature));
        await _runner.ExecuteOrThrowAsync(command, cancellationToken);
        return command.Answer;
    }
}
