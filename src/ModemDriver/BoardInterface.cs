using ModemDriver.Commands;
using ModemDriver.Dialects;
using ModemDriver.Lifecycle;
using ModemDriver.Scheduling;
using ModemDriver.Services;

namespace ModemDriver;

/// <summary>What a module has beside its links: its supply, its network card, where it is, its switch.</summary>
/// <remarks>
/// Members may be called from any thread. What a module lacks throws <see cref="FeatureNotSupportedException"/> by name before
/// anything is sent; <see cref="Modem.Supports"/> tells.
/// </remarks>
public sealed partial class BoardInterface
{
    private static readonly TimeSpan LeastOffset = TimeSpan.FromHours(-12);
    private static readonly TimeSpan MostOffset = TimeSpan.FromHours(12);

    private readonly ModemLoop _loop;
    private readonly ModemRunner _runner;

    internal BoardInterface(ModemLoop loop, ModemRunner runner) => (_loop, _runner) = (loop, runner);

    /// <summary>Asks for the supply (<c>AT+CBC</c>).</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>What the module says; <see langword="null"/> if it cannot be read.</returns>
    /// <exception cref="FeatureNotSupportedException">The module cannot be asked.</exception>
    /// <exception cref="CommandFailedException">The module refused.</exception>
    /// <exception cref="ModemException">The module did not answer, or is not usable.</exception>
    public Task<BatteryStatus?> ReadBatteryAsync(CancellationToken cancellationToken = default) =>
        CallAsync(
            ModemFeature.Battery, dialect => AskAsync(dialect.Cellular!.ReadBattery(), cancellationToken), cancellationToken);

    /// <summary>Asks whether the module is a network card to the computer at its USB.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="FeatureNotSupportedException">The module has no such mode.</exception>
    /// <exception cref="ModemProtocolException">The module answered with nothing of the kind.</exception>
    /// <exception cref="CommandFailedException">The module refused.</exception>
    /// <exception cref="ModemException">The module did not answer, or is not usable.</exception>
    public Task<NetworkCardStatus> ReadNetworkCardAsync(CancellationToken cancellationToken = default) =>
        CallAsync(
            ModemFeature.NetworkCard,
            async dialect =>
            {
                var commands = dialect.Board!; // what has the feature has the commands
                var isOn = await AskAsync(commands.ReadNetworkCard(), cancellationToken)
                    ?? throw new ModemProtocolException("whether the network card is on", string.Join(" | ", _runner.Channel.LastLines()))
                    {
                        Port = _runner.PortName,
                        State = _runner.State,
                    };
                var kind = commands.ReadNetworkCardKind();
                var gateway = commands.ReadGateway();
                await _runner.ExecuteAsync(kind, cancellationToken);
                await _runner.ExecuteAsync(gateway, cancellationToken);
                return new NetworkCardStatus(isOn, kind.Answer, gateway.Answer);
            },
            cancellationToken);

    /// <summary>
    /// Switches the network card, for good. The computer then shares the module's connection; the port for commands, and
    /// links, work on. A computer that is attached so uses the card's data by itself.
    /// </summary>
    /// <param name="isOn">Whether it is to be on.</param>
    /// <param name="kind">Of which kind; default <see cref="NetworkCardKind.Unknown"/>: as it is.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Whether it takes a start of the module until it has an effect (<see cref="Modem.ResetModuleAsync"/>).</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such kind; nothing was sent.</exception>
    /// <exception cref="FeatureNotSupportedException">The module has no such mode.</exception>
    /// <exception cref="CommandFailedException">The module refused.</exception>
    /// <exception cref="ModemException">The module did not answer, or is not usable.</exception>
    public Task<bool> SetNetworkCardAsync(
        bool isOn, NetworkCardKind kind = NetworkCardKind.Unknown, CancellationToken cancellationToken = default)
    {
        if (!Enum.IsDefined(kind))
        {
            throw new ArgumentOutOfRangeException(nameof(kind), kind, "There is no such kind.");
        }

        return CallAsync(
            ModemFeature.NetworkCard,
            async dialect =>
            {
                var commands = dialect.Board!; // as above
                var was = await AskAsync(commands.ReadNetworkCard(), cancellationToken);
                var isOther = false;
                if (kind != NetworkCardKind.Unknown)
                {
                    var asked = commands.ReadNetworkCardKind();
                    await _runner.ExecuteAsync(asked, cancellationToken);
                    isOther = asked.Answer != kind;
                    if (isOther)
                    {
                        await _runner.ExecuteOrThrowAsync(commands.SetNetworkCardKind(kind), cancellationToken);
                    }
                }

                if (was != isOn)
                {
                    await _runner.ExecuteOrThrowAsync(commands.SetNetworkCard(isOn), cancellationToken);
                }

                return isOther || (was != isOn && commands.IsNetworkCardSetAtStart);
            },
            cancellationToken);
    }

    /// <summary>
    /// Asks where the module is, by the cells that it hears: the module asks a server of its vendor, over a bearer of its own
    /// that is opened. It takes seconds.
    /// </summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="FeatureNotSupportedException">The module cannot do it.</exception>
    /// <exception cref="BoardServiceException">It does not know; the reason says why.</exception>
    /// <exception cref="ModemException">The module did not answer, or is not usable.</exception>
    public Task<CellLocation> LocateByCellAsync(CancellationToken cancellationToken = default) =>
        CallAsync(
            ModemFeature.CellLocation,
            async dialect =>
            {
                const string Service = "its place";
                await OpenBearerAsync(dialect, Service, cancellationToken);
                var locate = dialect.Board!.Locate(); // as above
                await RunServiceAsync(locate, Service, cancellationToken);
                return locate.Location!; // has worked
            },
            cancellationToken);

    /// <summary>Switches the satellite receiver; set again after the module has started anew while it is on.</summary>
    /// <param name="isOn">Whether it is to be on.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="FeatureNotSupportedException">The module has none.</exception>
    /// <exception cref="CommandFailedException">The module refused: its board has none, though its firmware knows the command.</exception>
    /// <exception cref="ModemException">The module did not answer, or is not usable.</exception>
    public Task SetGnssAsync(bool isOn, CancellationToken cancellationToken = default) =>
        _loop.InvokeAsync(() => _runner.SetAsync(
            ModemFeature.Gnss, dialect => [dialect.Board!.SwitchGnss(isOn)], isKept: isOn, cancellationToken));

    /// <summary>Asks the satellite receiver, once.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>What it says; <see langword="null"/> if it is off.</returns>
    /// <exception cref="FeatureNotSupportedException">The module has none.</exception>
    /// <exception cref="CommandFailedException">The module refused.</exception>
    /// <exception cref="ModemException">The module did not answer, or is not usable.</exception>
    public Task<GnssReading?> ReadGnssAsync(CancellationToken cancellationToken = default) =>
        CallAsync(ModemFeature.Gnss, dialect => AskAsync(dialect.Board!.ReadGnss(), cancellationToken), cancellationToken);

    /// <summary>
    /// Has the module fetch the time from a server (NTP) over a bearer of its own that is opened, and set its clock by it. No
    /// other command runs meanwhile, up to a minute.
    /// </summary>
    /// <param name="server">The server's name.</param>
    /// <param name="utcOffset">What the clock is to be ahead of UTC: quarters of an hour, -12 to +12 hours. Default 0.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>What the clock shows then; <see langword="null"/> if it shows nothing of the kind.</returns>
    /// <exception cref="ArgumentException">The offset or the name cannot be; nothing was sent.</exception>
    /// <exception cref="FeatureNotSupportedException">The module cannot do it.</exception>
    /// <exception cref="BoardServiceException">There was no time; the reason says why.</exception>
    /// <exception cref="ModemException">The module did not answer, or is not usable.</exception>
    public Task<ModuleTime?> FetchTimeAsync(
        string server, TimeSpan utcOffset = default, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(server);
        if (utcOffset < LeastOffset || utcOffset > MostOffset || utcOffset.Ticks % TimeSpan.FromMinutes(15).Ticks != 0)
        {
            throw new ArgumentOutOfRangeException(nameof(utcOffset), utcOffset, "An offset is whole quarters of an hour, at most 12 hours.");
        }

        return CallAsync(
            ModemFeature.ClockByNtp,
            async dialect =>
            {
                const string Service = "the time";
                var commands = dialect.Board!; // as above
                var settings = commands.SetTimeServer(server, utcOffset);
                await OpenBearerAsync(dialect, Service, cancellationToken);
                foreach (var setting in settings)
                {
                    await _runner.ExecuteOrThrowAsync(setting, cancellationToken);
                }

                await RunServiceAsync(commands.FetchTime(), Service, cancellationToken);
                return await AskAsync(dialect.Cellular!.ReadClock(), cancellationToken);
            },
            cancellationToken);
    }

    /// <summary>
    /// Asks by HTTP with the module's own client, over a bearer of its own that is opened. Links and other commands work
    /// meanwhile. For anything more, TLS above all, there is <see cref="Modem.CreateHttpHandler"/>, which needs no such client.
    /// </summary>
    /// <param name="request">What is asked.</param>
    /// <param name="cancellationToken">Ends the wait; the module is told to stop.</param>
    /// <returns>What the server has answered, whatever its status is.</returns>
    /// <exception cref="ArgumentException">The request cannot be sent, or is longer than the module takes; nothing was sent.</exception>
    /// <exception cref="FeatureNotSupportedException">The module has no such client, or none that the driver knows.</exception>
    /// <exception cref="InvalidOperationException">Another request is on its way; one at a time.</exception>
    /// <exception cref="BoardServiceException">There was no answer; the reason says why.</exception>
    /// <exception cref="CommandFailedException">The module refused.</exception>
    /// <exception cref="ModemProtocolException">Bytes of the answer were lost or added on the line to the module.</exception>
    /// <exception cref="ModemException">The module did not answer, or is not usable.</exception>
    public Task<ModuleHttpResponse> SendHttpAsync(ModuleHttpRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        request.Validate();
        return CallAsync(
            ModemFeature.OnBoardHttp,
            dialect => dialect.ModuleHttp is { } commands
                ? new ModuleHttp(_runner, commands).RunAsync(dialect, request, cancellationToken)
                : throw ModemRunner.NotSupported(dialect, ModemFeature.OnBoardHttp),
            cancellationToken);
    }

    /// <summary>
    /// Switches the module off, and closes the modem: it does not come back by itself. The module is on again when its power
    /// key or its supply says so; open a new modem then.
    /// </summary>
    /// <param name="cancellationToken">Ends the wait; the module goes off all the same.</param>
    /// <exception cref="FeatureNotSupportedException">The module has no such command.</exception>
    /// <exception cref="CommandFailedException">The module refused.</exception>
    /// <exception cref="ModemException">The module did not answer, or is not usable.</exception>
    public Task PowerDownAsync(CancellationToken cancellationToken = default) => _loop.InvokeAsync(async () =>
    {
        var command = _runner.Require(ModemFeature.PowerDown).Board!.PowerDown(); // as above
        await _runner.ExecuteOrThrowAsync(command, cancellationToken);
        await _runner.CloseAsync();
    });

    private async Task OpenBearerAsync(Dialect dialect, string service, CancellationToken cancellationToken)
    {
        if (dialect.Bearer is { } bearer && !await _runner.OpenBearerAsync(bearer, cancellationToken))
        {
            throw Failed(service, BoardServiceFailure.NoNetwork, null);
        }
    }

    private async Task RunServiceAsync(ServiceResultCommand command, string service, CancellationToken cancellationToken)
    {
        var result = await _runner.ExecuteAsync(command, cancellationToken);
        if (!result.IsSuccess || !command.HasWorked)
        {
            throw Failed(service, command.Failure, command.Code ?? Protocol.CmeError.Read(result.Text)?.Code);
        }
    }

    private BoardServiceException Failed(string service, BoardServiceFailure reason, int? code) =>
        new(service, reason, code) { Port = _runner.PortName, State = _runner.State };

    private async Task<T> AskAsync<T>(QueryCommand<T> command, CancellationToken cancellationToken)
    {
        await _runner.ExecuteOrThrowAsync(command, cancellationToken);
        return command.Answer;
    }

    private Task<T> CallAsync<T>(ModemFeature feature, Func<Dialect, Task<T>> body, CancellationToken cancellationToken) =>
        _loop.InvokeAsync(() =>
        {
            var dialect = _runner.Require(feature);
            return _runner.CallAsync(() => body(dialect), cancellationToken);
        });
}
