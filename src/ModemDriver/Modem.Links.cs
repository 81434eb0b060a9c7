using ModemDriver.Clients;

namespace ModemDriver;

/// <content>The links of the module.</content>
public sealed partial class Modem
{
    /// <summary>Whether the module holds one link or several.</summary>
    public ConnectionMode ConnectionMode => _runner.Links.Mode;

    /// <summary>Asks which links there are now.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The links that hold a number, lowest first.</returns>
    public Task<IReadOnlyList<LinkInfo>> ReadLinksAsync(CancellationToken cancellationToken = default) =>
        _loop.InvokeAsync(() => Task.FromResult(_runner.Links.Infos)).WaitAsync(cancellationToken);

    /// <summary>Opens a TCP link; the driver chooses its number.</summary>
    /// <param name="host">A host name, resolved by the module, or an address.</param>
    /// <param name="port">The port of the peer.</param>
    /// <param name="cancellationToken">Ends the wait; a link that comes up afterwards is closed.</param>
    /// <returns>The link as a Stream.</returns>
    /// <inheritdoc cref="ConnectAsync(LinkRequest, CancellationToken)"/>
    public Task<LinkStream> ConnectAsync(string host, int port, CancellationToken cancellationToken = default) =>
        ConnectAsync(new LinkRequest(host, port), cancellationToken);

    /// <summary>Opens a TCP link.</summary>
    /// <param name="request">To where, and how.</param>
    /// <param name="cancellationToken">Ends the wait; a link that comes up afterwards is closed.</param>
    /// <returns>The link as a Stream.</returns>
    /// <exception cref="ArgumentException">
    /// A host that cannot be sent, a port or number that cannot be; nothing was sent.
    /// </exception>
    /// <exception cref="FeatureNotSupportedException">The module cannot do it; nothing was sent.</exception>
    /// <exception cref="LinkException">It could not be opened; the reason says why.</exception>
    /// <exception cref="ModemClosedException">The modem is closed, faulted or recovering.</exception>
    public Task<LinkStream> ConnectAsync(LinkRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        request.Validate();
        return _loop.InvokeAsync(async () =>
        {
            var link = await _runner.OpenLinkAsync(request, cancellationToken);
            return new LinkStream(link, _loop, _options.TimeProvider);
        });
    }

    /// <summary>
    /// Connects to an FTP server over links of the module: one for commands, and one more for each transfer, so the module
    /// must hold two (<see cref="ConnectionMode.Multiple"/>). Every module with links can do it. Or, with
    /// <see cref="FtpOptions.IsOnModule"/>, by the module's own client, which logs in anew for each call; one at a time.
    /// </summary>
    /// <param name="options">The server, and how to speak with it.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>The client, logged in.</returns>
    /// <exception cref="ArgumentException">An option that cannot be; nothing was sent.</exception>
    /// <exception cref="FtpException">The server refused, or did not answer.</exception>
    /// <exception cref="System.Security.Authentication.AuthenticationException">The server's certificate is not trusted.</exception>
    /// <exception cref="LinkException">No link to the server could be opened.</exception>
    /// <exception cref="FeatureNotSupportedException">The module has no FTP client of its own; nothing was sent.</exception>
    /// <exception cref="InvalidOperationException">The module's own client is in use.</exception>
    /// <exception cref="ModemClosedException">The modem is closed, faulted or recovering.</exception>
    public async Task<IFtpClient> ConnectFtpAsync(FtpOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        if (options.IsOnModule)
        {
            return await ModuleFtpClient.ConnectAsync(_loop, _runner, options, cancellationToken).ConfigureAwait(false);
        }

        return await Clients.Ftp.LinkFtpClient.ConnectAsync(
            async (host, port, token) => await ConnectAsync(host, port, token).ConfigureAwait(false),
            options,
            _options.TimeProvider,
            cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// Connects to an MQTT broker by the module's own client (<see cref="ModemFeature.OnBoardMqtt"/>), of which there is one. The
    /// packets stay in the module; for all that it has not, there is MQTT over a link, which every module with links can do
    /// (package <c>ModemDriver.Mqtt</c>).
    /// </summary>
    /// <param name="options">The broker, and how to speak with it.</param>
    /// <param name="cancellationToken">Ends the wait; the module is told to give up.</param>
    /// <returns>The client, with a session. Dispose it, also after its connection was lost: the module has one.</returns>
    /// <exception cref="ArgumentException">An option that cannot be, or that this module cannot take; nothing was sent.</exception>
    /// <exception cref="FeatureNotSupportedException">
    /// The module has no such client, or it lacks what is asked for by the options; nothing was sent.
    /// </exception>
    /// <exception cref="InvalidOperationException">
    /// The client is in use, or a transparent session is open, or, with a module whose words for it and for links are the same, a
    /// link in single mode.
    /// </exception>
    /// <exception cref="ModuleMqttException">The broker was not reached, refused, or did not answer.</exception>
    /// <exception cref="CommandFailedException">The module refused a setting.</exception>
    /// <exception cref="ModemException">The module did not answer, or is not usable.</exception>
    public Task<IModuleMqttClient> ConnectModuleMqttAsync(
        ModuleMqttOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        return ModuleMqttClient.ConnectAsync(_loop, _runner, options, cancellationToken);
    }

    /// <summary>Opens a UDP link.</summary>
    /// <param name="request">To where, and how.</param>
    /// <param name="cancellationToken">Ends the wait; a link that comes up afterwards is closed.</param>
    /// <exception cref="ArgumentException">
    /// A host that cannot be sent, a port, number or limit that cannot be; nothing was sent.
    /// </exception>
    /// <exception cref="NotSupportedException">
    /// The module cannot do it, or not while it keeps what arrives (<see cref="ModemOptions.ReceiveMode"/>); nothing was
    /// sent.
    /// </exception>
    /// <exception cref="LinkException">It could not be opened; the reason says why.</exception>
    /// <exception cref="ModemClosedException">The modem is closed, faulted or recovering.</exception>
    public Task<UdpLink> OpenUdpAsync(UdpRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        request.Validate();
        return _loop.InvokeAsync(async () =>
        {
            var (link, received) = await _runner.OpenUdpAsync(request, cancellationToken);
            return new UdpLink(link, received, _runner, _loop, _options.TimeProvider);
        });
    }

    /// <summary>Has the module listen on a port; peers then begin links.</summary>
    /// <param name="port">The TCP port, 1 to 65535.</param>
    /// <param name="cancellationToken">Ends the wait for a link that is being opened.</param>
    /// <inheritdoc cref="ListenAsync(ListenRequest, CancellationToken)"/>
    public Task<LinkListener> ListenAsync(int port, CancellationToken cancellationToken = default) =>
        ListenAsync(new ListenRequest(port), cancellationToken);

    /// <summary>Has the module listen on a port; peers then begin links. One listener at a time.</summary>
    /// <param name="request">Where, and how.</param>
    /// <param name="cancellationToken">Ends the wait for a link that is being opened.</param>
    /// <returns>The listener, which has begun.</returns>
    /// <exception cref="ArgumentException">A port, number or time that cannot be; nothing was sent.</exception>
    /// <exception cref="FeatureNotSupportedException">The module cannot do it; nothing was sent.</exception>
    /// <exception cref="InvalidOperationException">The module holds one link only, by its connection mode.</exception>
    /// <exception cref="LinkException">Another listener is in the way; the message names its port.</exception>
    /// <exception cref="CommandFailedException">The module refused.</exception>
    /// <exception cref="ModemClosedException">The modem is closed, faulted or recovering.</exception>
    public Task<LinkListener> ListenAsync(ListenRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        request.Validate();
        return _loop.InvokeAsync(async () =>
        {
            var server = await _runner.ListenAsync(request, cancellationToken);
            return new LinkListener(server, _runner.Links, _loop, _options.TimeProvider);
        });
    }

    /// <summary>Changes between one link and several. No link may be open, and no listener.</summary>
    /// <param name="mode">The new mode.</param>
    /// <param name="cancellationToken">Ends the wait for a link that is being opened.</param>
    /// <exception cref="LinkException">A link or a listener is in the way; the message names it.</exception>
    /// <exception cref="CommandFailedException">The module refused.</exception>
    /// <exception cref="CommandTimeoutException">The module did not answer.</exception>
    /// <exception cref="ModemClosedException">The modem is closed, faulted or recovering.</exception>
    public Task SetConnectionModeAsync(ConnectionMode mode, CancellationToken cancellationToken = default) =>
        _loop.InvokeAsync(() => _runner.ChangeModeAsync(mode, cancellationToken));

    /// <summary>
    /// Makes a handler for <see cref="HttpClient"/> whose connections are links of this modem. TLS runs on the host.
    /// </summary>
    /// <param name="options">How; <see langword="null"/> for the defaults.</param>
    /// <returns>The handler; it may be adjusted before its first use. The caller disposes it.</returns>
    public SocketsHttpHandler CreateHttpHandler(ModemHttpOptions? options = null) =>
        ModemHttpHandler.Create(this, options ?? new ModemHttpOptions());
}
