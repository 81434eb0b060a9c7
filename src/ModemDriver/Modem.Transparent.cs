namespace ModemDriver;

/// <content>Transparent mode.</content>
public sealed partial class Modem
{
    /// <summary>Opens a transparent session over TCP.</summary>
    /// <param name="host">A host name, resolved by the module, or an address.</param>
    /// <param name="port">The port of the peer.</param>
    /// <param name="cancellationToken">Ends the wait for the turn to open it.</param>
    /// <inheritdoc cref="OpenTransparentAsync(TransparentRequest, CancellationToken)"/>
    public Task<TransparentSession> OpenTransparentAsync(
        string host, int port, CancellationToken cancellationToken = default) =>
        OpenTransparentAsync(new TransparentRequest(host, port), cancellationToken);

    /// <summary>
    /// Opens a transparent session: one link, to which the port belongs alone. No other link may be open; the
    /// connection mode is single for as long as it lasts, and is brought back after it.
    /// </summary>
    /// <param name="request">To where, and how.</param>
    /// <param name="cancellationToken">Ends the wait for the turn to open it; what was begun is finished.</param>
    /// <returns>The session, in the data state; the modem is in <see cref="ModemState.OnlineData"/>.</returns>
    /// <exception cref="ArgumentException">A host or port that cannot be; nothing was sent.</exception>
    /// <exception cref="FeatureNotSupportedException">The module cannot do it; nothing was sent.</exception>
    /// <exception cref="LinkException">Another link is open, or this one could not be opened.</exception>
    /// <exception cref="CommandFailedException">The module refused a setting that the mode needs.</exception>
    /// <exception cref="DataStateException">There is a session already.</exception>
    /// <exception cref="ModemClosedException">The modem is closed, faulted or recovering.</exception>
    public Task<TransparentSession> OpenTransparentAsync(
        TransparentRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        request.Validate();
        return _loop.InvokeAsync(async () =>
        {
            var session = await _runner.OpenTransparentAsync(request, cancellationToken);
            return new TransparentSession(session, _runner.Links, _loop, _options.TimeProvider);
        });
    }

    /// <summary>
    /// Makes the module open this session by itself, and go into its data state, whenever it starts. It is for modules
    /// that run without this driver: when a modem is opened, such a module is found, led out, and the setting cleared.
    /// </summary>
    /// <param name="request">To where, and how; the limits and the buffer are of no use here.</param>
    /// <exception cref="ArgumentException">A host or port that cannot be; nothing was sent.</exception>
    /// <exception cref="FeatureNotSupportedException">The module cannot do it; nothing was sent.</exception>
    /// <exception cref="CommandFailedException">The module refused.</exception>
    /// <exception cref="ModemException">The module did not answer, or is not usable.</exception>
    public Task SaveTransparentLinkAsync(TransparentRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        request.Validate();
        return _loop.InvokeAsync(() => _runner.SaveTransparentAsync(request));
    }

    /// <summary>Makes the module start with commands, as it does when nothing was saved.</summary>
    /// <exception cref="FeatureNotSupportedException">The module cannot do it; nothing was sent.</exception>
    /// <exception cref="CommandFailedException">The module refused.</exception>
    /// <exception cref="ModemException">The module did not answer, or is not usable.</exception>
    public Task ClearSavedTransparentLinkAsync() => _loop.InvokeAsync(() => _runner.SaveTransparentAsync(null));
}
