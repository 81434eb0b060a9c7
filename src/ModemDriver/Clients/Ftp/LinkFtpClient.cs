using System.Globalization;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace ModemDriver.Clients.Ftp;

/// <summary>FTP over two links of a module: one for commands, one for each transfer, in passive mode.</summary>
/// <remarks>RFC 959, 2389, 2428, 3659, 4217.</remarks>
internal sealed class LinkFtpClient : IFtpClient
{
    // A folder of a hundred thousand entries; a server that lists more is none to be trusted with memory.
    private const int MaxListing = 16 * 1024 * 1024;

    private readonly Func<string, int, CancellationToken, Task<Stream>> _connect;
    private readonly FtpOptions _options;
    private readonly TimeProvider _time;
    private readonly FtpControl _control;
    private bool _hasFacts;
    private bool _hasNoExtendedPassive;
    private bool _isBusy;
    private bool _isDisposed;

    private LinkFtpClient(
        Func<string, int, CancellationToken, Task<Stream>> connect, FtpOptions options, TimeProvider time, FtpControl control)
    {
        _connect = connect;
        _options = options;
        _time = time;
        _control = control;
    }

    /// <summary>Connects and logs in.</summary>
    /// <param name="connect">Opens a link.</param>
    /// <param name="options">To where, and how.</param>
    /// <param name="time">What limits are measured by.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async Task<LinkFtpClient> ConnectAsync(
        Func<string, int, CancellationToken, Task<Stream>> connect,
        FtpOptions options,
        TimeProvider time,
        CancellationToken cancellationToken)
    {
        var stream = await connect(options.Host, options.Port, cancellationToken).ConfigureAwait(false);
        var client = new LinkFtpClient(connect, options, time, new FtpControl(stream, time, options.ReplyLimit));
        try
        {
            await client.LogInAsync(cancellationToken).ConfigureAwait(false);
            return client;
        }
        catch
        {
            await client._control.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<FtpEntry>> ListAsync(string path = "", CancellationToken cancellationToken = default)
    {
        FtpText.Check(path, nameof(path));
        return RunAsync<IReadOnlyList<FtpEntry>>(async () =>
        {
            var command = (_hasFacts ? "MLSD" : "LIST") + (path.Length == 0 ? string.Empty : " " + path);
            var lines = await ReadListingAsync(command, cancellationToken).ConfigureAwait(false);
            return [.. lines
                .Select(line => _hasFacts ? FtpListing.ReadFacts(line) : FtpListing.ReadLine(line)).OfType<FtpEntry>()];
        });
    }

    /// <inheritdoc/>
    public Task<long?> ReadSizeAsync(string path, CancellationToken cancellationToken = default)
    {
        CheckName(path, nameof(path));
        return RunAsync<long?>(async () =>
        {
            var reply = await _control.AskAsync($"SIZE {path}", cancellationToken).ConfigureAwait(false);
            return reply.Code is 500 or 502 ? null
                : !reply.IsDone ? throw reply.ToException("SIZE")
                : long.TryParse(reply.Text, NumberStyles.None, CultureInfo.InvariantCulture, out var size) ? size
                : null;
        });
    }

    /// <inheritdoc/>
    public Task<Stream> OpenReadAsync(string path, long offset = 0, CancellationToken cancellationToken = default)
    {
        CheckName(path, nameof(path));
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        return OpenAsync("RETR", path, offset, isReading: true, cancellationToken);
    }

    /// <inheritdoc/>
    public Task<Stream> OpenWriteAsync(string path, long offset = 0, CancellationToken cancellationToken = default)
    {
        CheckName(path, nameof(path));
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        return OpenAsync("STOR", path, offset, isReading: false, cancellationToken);
    }

    /// <inheritdoc/>
    public Task<Stream> OpenAppendAsync(string path, CancellationToken cancellationToken = default)
    {
        CheckName(path, nameof(path));
        return OpenAsync("APPE", path, 0, isReading: false, cancellationToken);
    }

    /// <inheritdoc/>
    public Task DeleteAsync(string path, CancellationToken cancellationToken = default)
    {
        CheckName(path, nameof(path));
        return RunAsync(() => DoAsync("DELE", path, cancellationToken));
    }

    /// <inheritdoc/>
    public Task RenameAsync(string path, string newPath, CancellationToken cancellationToken = default)
    {
        CheckName(path, nameof(path));
        CheckName(newPath, nameof(newPath));
        return RunAsync(async () =>
        {
            var reply = await _control.AskAsync($"RNFR {path}", cancellationToken).ConfigureAwait(false);
            return reply.IsIntermediate
                ? await DoAsync("RNTO", newPath, cancellationToken).ConfigureAwait(false)
                : throw reply.ToException("RNFR");
        });
    }

    /// <inheritdoc/>
    public Task CreateDirectoryAsync(string path, CancellationToken cancellationToken = default)
    {
        CheckName(path, nameof(path));
        return RunAsync(() => DoAsync("MKD", path, cancellationToken));
    }

    /// <inheritdoc/>
    public Task RemoveDirectoryAsync(string path, CancellationToken cancellationToken = default)
    {
        CheckName(path, nameof(path));
        return RunAsync(() => DoAsync("RMD", path, cancellationToken));
    }

    // A server that is not told goodbye is no worse off; one that does not answer is not waited for beyond the limit.
    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_isDisposed)
        {
            return;
        }

        _isDisposed = true;
        try
        {
            if (!_isBusy)
            {
                await _control.AskAsync("QUIT", CancellationToken.None).ConfigureAwait(false);
            }
        }
        catch (FtpException)
        {
            // The connection was broken before, and whoever used it has been told.
        }

        await _control.DisposeAsync().ConfigureAwait(false);
    }

    private static void CheckName(string path, string parameterName)
    {
        ArgumentException.ThrowIfNullOrEmpty(path, parameterName);
        FtpText.Check(path, parameterName);
    }

    private async Task LogInAsync(CancellationToken cancellationToken)
    {
        var greeting = await _control.ReadAsync(cancellationToken).ConfigureAwait(false);
        if (greeting.Code == 120)
        {
            greeting = await _control.ReadAsync(cancellationToken).ConfigureAwait(false);
        }

        if (!greeting.IsDone)
        {
            throw greeting.ToException("the connection");
        }

        if (_options.Security == FtpSecurity.ExplicitTls)
        {
            await ProtectAsync(cancellationToken).ConfigureAwait(false);
        }

        var reply = await _control.AskAsync($"USER {_options.User}", cancellationToken).ConfigureAwait(false);
        if (reply.Code == 331)
        {
            reply = await _control.AskAsync($"PASS {_options.Password}", cancellationToken).ConfigureAwait(false);
        }

        if (!reply.IsDone)
        {
            throw reply.ToException("the login");
        }

        if (_options.Security == FtpSecurity.ExplicitTls)
        {
            await DoAsync("PBSZ", "0", cancellationToken).ConfigureAwait(false);
            await DoAsync("PROT", "P", cancellationToken).ConfigureAwait(false);
        }

        await FindFeaturesAsync(cancellationToken).ConfigureAwait(false);
        await DoAsync("TYPE", _options.IsText ? "A" : "I", cancellationToken).ConfigureAwait(false);
    }

    private async Task ProtectAsync(CancellationToken cancellationToken)
    {
        var reply = await _control.AskAsync("AUTH TLS", cancellationToken).ConfigureAwait(false);
        if (!reply.IsDone)
        {
            throw new FtpException(
                FtpFailure.NotSupported, reply.Code, $"The FTP server has no TLS ({reply.Code}); nothing was sent in clear text.");
        }

        if (!_control.HasNothingLeft)
        {
            // It would be taken for a part of what is protected.
            throw new FtpException(FtpFailure.Protocol, reply.Code, "The server said more than it was asked before TLS began.");
        }

        _control.Stream = await WrapAsync(_control.Stream, cancellationToken).ConfigureAwait(false);
    }

    private async Task FindFeaturesAsync(CancellationToken cancellationToken)
    {
        var reply = await _control.AskAsync("FEAT", cancellationToken).ConfigureAwait(false);
        if (!reply.IsDone)
        {
            return;
        }

        var features = reply.Text.Split('\n', StringSplitOptions.TrimEntries);
        _hasFacts = features.Any(feature => feature.StartsWith("MLST", StringComparison.OrdinalIgnoreCase));
        if (features.Contains("UTF8", StringComparer.OrdinalIgnoreCase))
        {
            // A refusal means that it needs no telling.
            await _control.AskAsync("OPTS UTF8 ON", cancellationToken).ConfigureAwait(false);
        }
    }

    private Task<Stream> OpenAsync(
        string verb, string path, long offset, bool isReading, CancellationToken cancellationToken)
    {
        Begin();
        return OpenedAsync();

        async Task<Stream> OpenedAsync()
        {
            try
            {
                var data = await BeginTransferAsync($"{verb} {path}", verb, offset, cancellationToken).ConfigureAwait(false);
                return new FtpTransferStream(
                    data, _time, _options.StallLimit, isReading, token => ConcludeAsync(verb, token), () => _isBusy = false);
            }
            catch
            {
                _isBusy = false;
                throw;
            }
        }
    }

    private async Task ConcludeAsync(string verb, CancellationToken cancellationToken)
    {
        var reply = await _control.ReadAsync(cancellationToken).ConfigureAwait(false);
        if (!reply.IsDone)
        {
            throw reply.ToException(verb);
        }
    }

    private async Task<Stream> BeginTransferAsync(
        string command, string verb, long offset, CancellationToken cancellationToken)
    {
        var port = await EnterPassiveAsync(cancellationToken).ConfigureAwait(false);
        var link = await _connect(_options.Host, port, cancellationToken).ConfigureAwait(false);
        var hasBegun = false;
        try
        {
            if (offset > 0)
            {
                var restart = await _control
                    .AskAsync(string.Create(CultureInfo.InvariantCulture, $"REST {offset}"), cancellationToken).ConfigureAwait(false);
                if (!restart.IsIntermediate)
                {
                    throw restart.ToException("REST");
                }
            }

            var reply = await _control.AskAsync(command, cancellationToken).ConfigureAwait(false);
            if (!reply.IsPreliminary)
            {
                throw reply.ToException(verb);
            }

            hasBegun = true;
            return _options.Security == FtpSecurity.ExplicitTls
                ? await WrapAsync(link, cancellationToken).ConfigureAwait(false)
                : link;
        }
        catch
        {
            await link.DisposeAsync().ConfigureAwait(false);
            if (hasBegun)
            {
                await ReadEndAsync().ConfigureAwait(false);
            }

            throw;
        }
    }

    // The server ends a transfer that it has announced by another reply, which must not be the next command's.
    private async Task ReadEndAsync()
    {
        try
        {
            await _control.ReadAsync(CancellationToken.None).ConfigureAwait(false);
        }
        catch (FtpException)
        {
            // The connection is done for, and says so to the next command.
        }
    }

    private async Task<int> EnterPassiveAsync(CancellationToken cancellationToken)
    {
        if (!_hasNoExtendedPassive)
        {
            var extended = await _control.AskAsync("EPSV", cancellationToken).ConfigureAwait(false);
            if (extended is { Code: 229 } && extended.ReadPort() is { } found)
            {
                return found;
            }

            _hasNoExtendedPassive = true;
        }

        var reply = await _control.AskAsync("PASV", cancellationToken).ConfigureAwait(false);
        return reply is { Code: 227 } && reply.ReadPort() is { } port ? port : throw reply.ToException("PASV");
    }

    private async Task<List<string>> ReadListingAsync(string command, CancellationToken cancellationToken)
    {
        var data = await BeginTransferAsync(command, command[..4], 0, cancellationToken).ConfigureAwait(false);
        using var all = new MemoryStream();
        var transfer = new FtpTransferStream(
            data, _time, _options.StallLimit, isReading: true, token => ConcludeAsync(command[..4], token), () => { });
        await using (transfer.ConfigureAwait(false))
        {
            var buffer = new byte[4096];
            try
            {
                for (int count; (count = await transfer.ReadAsync(buffer, cancellationToken).ConfigureAwait(false)) > 0;)
                {
                    await all.WriteAsync(buffer.AsMemory(0, count), cancellationToken).ConfigureAwait(false);
                    if (all.Length > MaxListing)
                    {
                        throw new FtpException(FtpFailure.Protocol, null, "The folder does not end.");
                    }
                }
            }
            catch (IOException exception) when (exception is not FtpException)
            {
                throw new FtpException(FtpFailure.TransferCut, null, exception.Message, exception);
            }
        }

        return [.. Encoding.UTF8.GetString(all.ToArray())
            .Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.TrimEnd('\r'))];
    }

    private async Task<FtpReply> DoAsync(string verb, string parameter, CancellationToken cancellationToken)
    {
        var reply = await _control.AskAsync($"{verb} {parameter}", cancellationToken).ConfigureAwait(false);
        return reply.IsDone ? reply : throw reply.ToException(verb);
    }

    private async Task<Stream> WrapAsync(Stream link, CancellationToken cancellationToken)
    {
        var secure = new SslStream(link);
        using var clock = new CancellationTokenSource(_options.ReplyLimit, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, clock.Token);
        try
        {
            await secure.AuthenticateAsClientAsync(NewTlsOptions(), either.Token).ConfigureAwait(false);
            return secure;
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            await secure.DisposeAsync().ConfigureAwait(false);
            throw new FtpException(
                FtpFailure.NoAnswer,
                null,
                $"The FTP server did not end the TLS handshake within {_options.ReplyLimit.TotalSeconds:0.###} s.",
                exception);
        }
        catch
        {
            await secure.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    // Nothing is fetched by the PC's own network: no missing certificates, no revocation lists.
    private SslClientAuthenticationOptions NewTlsOptions()
    {
        var policy = new X509ChainPolicy { DisableCertificateDownloads = true, RevocationMode = X509RevocationMode.NoCheck };
        if (_options.TrustedRoots is { Count: > 0 } roots)
        {
            policy.TrustMode = X509ChainTrustMode.CustomRootTrust;
            policy.CustomTrustStore.AddRange(roots);
        }

        return new SslClientAuthenticationOptions
        {
            TargetHost = _options.Host,
            EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
            CertificateChainPolicy = policy,
        };
    }

    private void Begin()
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        if (_isBusy)
        {
            throw new InvalidOperationException("A call or a transfer of this client is open; one at a time.");
        }

        _isBusy = true;
    }

    private async Task<T> RunAsync<T>(Func<Task<T>> body)
    {
        Begin();
        try
        {
            return await body().ConfigureAwait(false);
        }
        finally
        {
            _isBusy = false;
        }
    }
}
