using ModemDriver.Dialects;
using ModemDriver.Scheduling;
using ModemDriver.Services;

namespace ModemDriver.Lifecycle;

/// <summary>The module's own FTP client, one action at a time. Lives on the loop.</summary>
internal sealed class ModuleFtp : IServiceListener
{
    // What the module says when it was told to stop; nothing depends on it but that it comes before the next action.
    private static readonly TimeSpan QuitLimit = TimeSpan.FromSeconds(10);

    // A file that has just been read to its end: what the module says of it may cross our next command.
    private static readonly TimeSpan CrossedLimit = TimeSpan.FromSeconds(5);

    private readonly ModemRunner _runner;
    private readonly FtpOptions _options;
    private readonly LoopMailbox<ModuleFtpNews> _news;
    private ModuleFtpAction? _action;
    private Task _givingUp = Task.CompletedTask;
    private long _piece;
    private bool _mayFetch;
    private bool _hasOffset;

    /// <summary>Makes a client that holds nothing yet.</summary>
    public ModuleFtp(ModemRunner runner, FtpOptions options)
    {
        _runner = runner;
        _options = options;
        _news = new LoopMailbox<ModuleFtpNews>(runner.Time);
    }

    /// <summary>How many bytes the module takes at a time.</summary>
    public int Piece => (int)Math.Clamp(_piece, 1, 64 * 1024);

    private IModuleFtpCommands Commands => RequireDialect().ModuleFtp!; // what has the feature has it

    /// <summary>Takes the module's client, and tells it of the server. Nothing is connected yet.</summary>
    public async Task OpenAsync(CancellationToken cancellationToken)
    {
        var commands = Commands.Configure(_options);
        _runner.TakeService(ModemFeature.OnBoardFtp, this);
        try
        {
            foreach (var command in commands)
            {
                await _runner.ExecuteOrThrowAsync(command, cancellationToken);
            }

            // A module that starts anew forgets it.
            _runner.Kept.Keep(ModemFeature.OnBoardFtp, dialect => dialect.ModuleFtp!.Configure(_options));
        }
        catch
        {
            Release();
            throw;
        }
    }

    /// <summary>Gives up what is under way, and the client.</summary>
    public async Task CloseAsync()
    {
        await GiveUpAsync();
        Release();
    }

    /// <inheritdoc/>
    public void OnLine(ReadOnlySpan<byte> line)
    {
        if (_action is { } action && _runner.Dialect?.ModuleFtp?.Read(line) is { } news
            && news.Action == (action == ModuleFtpAction.Append ? ModuleFtpAction.Put : action))
        {
            _news.Post(news);
        }
    }

    /// <inheritdoc/>
    public void OnLost(Exception reason)
    {
        if (_action is not null)
        {
            _news.End(new FtpException(
                FtpFailure.ConnectionLost, null, $"The module or its network was lost: {reason.Message}", reason)
            {
                Port = _runner.PortName,
                State = _runner.State,
            });
        }
    }

    /// <summary>Does what is done at once.</summary>
    /// <returns>What the module says of it besides; -1: nothing.</returns>
    public async Task<long> DoAsync(ModuleFtpAction action, string path, CancellationToken cancellationToken)
    {
        var news = await BeginAsync(action, path, 0, cancellationToken);
        _action = null;
        return news.Value;
    }

    /// <summary>Begins a transfer.</summary>
    public Task OpenTransferAsync(ModuleFtpAction action, string path, long offset, CancellationToken cancellationToken) =>
        BeginAsync(action, path, offset, cancellationToken);

    /// <summary>Fetches a piece.</summary>
    /// <returns>The bytes; none at the end.</returns>
    public Task<ReadOnlyMemory<byte>> FetchAsync(CancellationToken cancellationToken) =>
        GuardAsync(() => FetchOnceAsync(cancellationToken));

    /// <summary>Hands over a piece, and waits until the module takes another.</summary>
    public Task SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken) => GuardAsync(async () =>
    {
        while (!bytes.IsEmpty)
        {
            var piece = bytes[..Math.Min(bytes.Length, Piece)];
            await ExecuteAsync(Commands.Send(piece), cancellationToken);
            await TakeAsync(_options.StallLimit, isBeginning: false, cancellationToken);
            bytes = bytes[piece.Length..];
        }

        return true;
    });

    /// <summary>Says that all was handed over, and waits until the server has it.</summary>
    public Task EndPutAsync(CancellationToken cancellationToken) => GuardAsync(async () =>
    {
        await ExecuteAsync(Commands.EndPut(), cancellationToken);
        while ((await TakeAsync(_options.ReplyLimit, isBeginning: false, cancellationToken)).Word != ModuleFtpWord.Done)
        {
            // It says once more that it takes something.
        }

        _action = null;
        return true;
    });

    /// <summary>Gives up what is under way, if anything is.</summary>
    public Task GiveUpAsync()
    {
        if (_action is not null)
        {
            _givingUp = GiveUpOnceAsync();
        }

        return _givingUp;
    }

    private Task<ModuleFtpNews> BeginAsync(
        ModuleFtpAction action, string path, long offset, CancellationToken cancellationToken) => GuardAsync(async () =>
    {
        await _givingUp;
        var settings = Commands.Choose(action, path, offset > 0 || _hasOffset ? offset : null);
        if (!await _runner.OpenBearerAsync(RequireDialect().Bearer!, cancellationToken)) // as above
        {
            throw Failed(FtpFailure.NotReached, "the bearer is not open", null);
        }

        foreach (var command in settings)
        {
            await ExecuteAsync(command, cancellationToken);
        }

        _hasOffset = offset > 0;
        _news.Clear();
        _action = action;
        await ExecuteAsync(Commands.Begin(action), cancellationToken);
        var news = await TakeAsync(_options.ReplyLimit, isBeginning: true, cancellationToken);
        _hasOffset = false;
        _mayFetch = true;
        if (news.Word == ModuleFtpWord.Done)
        {
            _action = null;
        }

        return news;
    });

    private async Task<ReadOnlyMemory<byte>> FetchOnceAsync(CancellationToken cancellationToken)
    {
        while (_action is { } action)
        {
            // What has been told is looked at first: nothing more may be asked for after the end.
            while (_action is not null && (!_mayFetch || _news.HasLetters))
            {
                Take(await TakeAsync(_options.StallLimit, isBeginning: false, cancellationToken));
            }

            if (_action is null)
            {
                break;
            }

            var fetch = Commands.Fetch(action);
            var result = await _runner.ExecuteAsync(fetch, cancellationToken);
            if (!result.IsSuccess)
            {
                // The end, which came while we asked; anything else is none.
                Take(await TakeAsync(CrossedLimit, isBeginning: false, cancellationToken));
                continue;
            }

            if (fetch.IsDamaged || !fetch.IsAnnounced)
            {
                throw Failed(FtpFailure.TransferCut, "bytes were lost or added on the line to the module", null);
            }

            if (!fetch.Bytes.IsEmpty)
            {
                return fetch.Bytes;
            }

            _mayFetch = false;
        }

        return default;
    }

    private void Take(ModuleFtpNews news)
    {
        _mayFetch = true;
        if (news.Word == ModuleFtpWord.Done)
        {
            _action = null;
        }
    }

    private async Task<ModuleFtpNews> TakeAsync(TimeSpan limit, bool isBeginning, CancellationToken cancellationToken)
    {
        ModuleFtpNews news;
        try
        {
            news = await _news.TakeAsync(limit, cancellationToken);
        }
        catch (TimeoutException exception)
        {
            throw Failed(FtpFailure.NoAnswer, $"nothing was said for {limit.TotalSeconds:0.###} s", null, exception);
        }

        if (news.Word is ModuleFtpWord.Failed or ModuleFtpWord.GivenUp)
        {
            _action = null;
            var (reason, text) = Commands.Explain(news.Code);
            throw Failed(isBeginning ? reason : OfCut(reason), text, news.Code);
        }

        _piece = news.Value > 0 ? news.Value : _piece;
        return news;
    }

    // What has begun was allowed.
    private static FtpFailure OfCut(FtpFailure reason) =>
        reason is FtpFailure.NoAnswer or FtpFailure.NotReached ? reason : FtpFailure.TransferCut;

    private async Task ExecuteAsync(Commands.AtCommand command, CancellationToken cancellationToken)
    {
        var result = await _runner.ExecuteAsync(command, cancellationToken);
        if (!result.IsSuccess)
        {
            // The server's word, if there is one, says more than the refusal of the command.
            if (_news.HasLetters)
            {
                await TakeAsync(TimeSpan.Zero, isBeginning: false, cancellationToken);
            }

            throw Failed(FtpFailure.Refused, $"the module answered {result.Text} to {command.Line.Display}", null);
        }
    }

    // Whatever ends it before its end leaves the module at work: it is told to stop, and the next one waits for that.
    private async Task<T> GuardAsync<T>(Func<Task<T>> body)
    {
        try
        {
            return await body();
        }
        catch
        {
            _ = GiveUpAsync();
            throw;
        }
    }

    private async Task GiveUpOnceAsync()
    {
        try
        {
            _news.Clear();
            if ((await _runner.ExecuteAsync(Commands.Quit(), CancellationToken.None)).IsSuccess)
            {
                while ((await _news.TakeAsync(QuitLimit, CancellationToken.None)).Word is ModuleFtpWord.Ready)
                {
                    // Said before it was told.
                }
            }
        }
        catch (Exception exception) when (exception is ModemException or TimeoutException or NotSupportedException)
        {
            // A module that is lost, or says nothing, has nothing under way that could be given up; the next action will tell.
        }
        finally
        {
            _action = null;
        }
    }

    private void Release() => _runner.GiveBackService(ModemFeature.OnBoardFtp, this);

    private Dialect RequireDialect() => _runner.Require(ModemFeature.OnBoardFtp);

    private FtpException Failed(FtpFailure reason, string what, int? code, Exception? inner = null) =>
        new(reason, null, $"The module's FTP failed ({code?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "-"}): {what}.", inner)
        {
            ModuleCode = code,
            Port = _runner.PortName,
            State = _runner.State,
        };
}
