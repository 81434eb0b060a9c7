using System.Text;
using ModemDriver.Clients.Ftp;
using ModemDriver.Lifecycle;
using ModemDriver.Scheduling;
using ModemDriver.Services;

namespace ModemDriver;

/// <summary>Files on an FTP server, by the module's own client.</summary>
internal sealed class ModuleFtpClient : IFtpClient
{
    // As over links: more is no folder of a server that is to be trusted with memory.
    private const int MaxListing = 16 * 1024 * 1024;

    private readonly ModemLoop _loop;
    private readonly ModuleFtp _ftp;
    private readonly FtpOptions _options;
    private readonly TimeProvider _time;
    private int _isBusy;
    private bool _isDisposed;

    private ModuleFtpClient(ModemLoop loop, ModemRunner runner, FtpOptions options)
    {
        _loop = loop;
        _options = options;
        _time = runner.Time;
        _ftp = new ModuleFtp(runner, options);
    }

    /// <summary>Takes the module's client, and tells it of the server. It logs in with the first call.</summary>
    public static async Task<ModuleFtpClient> ConnectAsync(
        ModemLoop loop, ModemRunner runner, FtpOptions options, CancellationToken cancellationToken)
    {
        var client = new ModuleFtpClient(loop, runner, options);
        await loop.InvokeAsync(() => client._ftp.OpenAsync(cancellationToken)).ConfigureAwait(false);
        return client;
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<FtpEntry>> ListAsync(string path = "", CancellationToken cancellationToken = default)
    {
        FtpText.Check(path, nameof(path));
        return RunAsync<IReadOnlyList<FtpEntry>>(async () =>
        {
            await _ftp.OpenTransferAsync(ModuleFtpAction.List, path, 0, cancellationToken);
            using var all = new MemoryStream();
            while (await _ftp.FetchAsync(cancellationToken) is { IsEmpty: false } piece)
            {
                all.Write(piece.Span);
                if (all.Length > MaxListing)
                {
                    await _ftp.GiveUpAsync();
                    throw new FtpException(FtpFailure.Protocol, null, "The folder does not end.");
                }
            }

            return [.. Encoding.UTF8.GetString(all.ToArray()).Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(line => FtpListing.ReadLine(line.TrimEnd('\r'))).OfType<FtpEntry>()];
        });
    }

    /// <inheritdoc/>
    public Task<long?> ReadSizeAsync(string path, CancellationToken cancellationToken = default)
    {
        CheckName(path);
        return RunAsync<long?>(async () =>
            await _ftp.DoAsync(ModuleFtpAction.Size, path, cancellationToken) is var size and >= 0 ? size : null);
    }

    /// <inheritdoc/>
    public Task<Stream> OpenReadAsync(string path, long offset = 0, CancellationToken cancellationToken = default)
    {
        CheckName(path);
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        return OpenAsync(ModuleFtpAction.Get, path, offset, cancellationToken);
    }

    /// <inheritdoc/>
    public Task<Stream> OpenWriteAsync(string path, long offset = 0, CancellationToken cancellationToken = default)
    {
        CheckName(path);
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        return OpenAsync(ModuleFtpAction.Put, path, offset, cancellationToken);
    }

    /// <inheritdoc/>
    public Task<Stream> OpenAppendAsync(string path, CancellationToken cancellationToken = default)
    {
        CheckName(path);
        return OpenAsync(ModuleFtpAction.Append, path, 0, cancellationToken);
    }

    /// <inheritdoc/>
    public Task DeleteAsync(string path, CancellationToken cancellationToken = default) =>
        DoAsync(ModuleFtpAction.Delete, path, cancellationToken);

    /// <inheritdoc/>
    public Task RenameAsync(string path, string newPath, CancellationToken cancellationToken = default)
    {
        CheckName(path);
        CheckName(newPath);
        throw new FtpException(FtpFailure.NotSupported, null, "The module's own FTP client has no command to rename; links have.");
    }

    /// <inheritdoc/>
    public Task CreateDirectoryAsync(string path, CancellationToken cancellationToken = default) =>
        DoAsync(ModuleFtpAction.MakeFolder, path, cancellationToken);

    /// <inheritdoc/>
    public Task RemoveDirectoryAsync(string path, CancellationToken cancellationToken = default) =>
        DoAsync(ModuleFtpAction.RemoveFolder, path, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (!_isDisposed)
        {
            _isDisposed = true;
            await _loop.InvokeAsync(_ftp.CloseAsync).ConfigureAwait(false);
        }
    }

    private static void CheckName(string path)
    {
        FtpText.Check(path, nameof(path));
        ArgumentException.ThrowIfNullOrEmpty(path);
    }

    private Task<long> DoAsync(ModuleFtpAction action, string path, CancellationToken cancellationToken)
    {
        CheckName(path);
        return RunAsync(async () => await _ftp.DoAsync(action, path, cancellationToken));
    }

    private async Task<Stream> OpenAsync(
        ModuleFtpAction action, string path, long offset, CancellationToken cancellationToken)
    {
        Begin();
        try
        {
            await _loop.InvokeAsync(() => _ftp.OpenTransferAsync(action, path, offset, cancellationToken)).ConfigureAwait(false);
        }
        catch
        {
            End();
            throw;
        }

        var isReading = action == ModuleFtpAction.Get;
        var data = new ModuleFtpData(_loop, _ftp, isReading);
        return new FtpTransferStream(data, _time, _options.StallLimit, isReading, data.ConcludeAsync, End);
    }

    private async Task<T> RunAsync<T>(Func<Task<T>> body)
    {
        Begin();
        try
        {
            return await _loop.InvokeAsync(body).ConfigureAwait(false);
        }
        finally
        {
            End();
        }
    }

    private void Begin()
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        if (Interlocked.Exchange(ref _isBusy, 1) != 0)
        {
            throw new InvalidOperationException("A call or a transfer of this client is open; one at a time.");
        }
    }

    private void End() => Volatile.Write(ref _isBusy, 0);
}
