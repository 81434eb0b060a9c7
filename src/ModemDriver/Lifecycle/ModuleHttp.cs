using System.Text;
using ModemDriver.Dialects;
using ModemDriver.Scheduling;
using ModemDriver.Services;

namespace ModemDriver.Lifecycle;

/// <summary>One exchange by the module's own HTTP client. Lives on the loop.</summary>
internal sealed class ModuleHttp : IServiceListener
{
    private const string Service = "an answer by HTTP";

    // The module's own limit comes first.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(10);

    private readonly ModemRunner _runner;
    private readonly IModuleHttpCommands _commands;
    private readonly LoopMailbox<ModuleHttpNews> _news;

    /// <summary>Makes an exchange.</summary>
    public ModuleHttp(ModemRunner runner, IModuleHttpCommands commands)
    {
        _runner = runner;
        _commands = commands;
        _news = new LoopMailbox<ModuleHttpNews>(runner.Time);
    }

    /// <summary>Asks, and fetches what comes back.</summary>
    public async Task<ModuleHttpResponse> RunAsync(
        Dialect dialect, ModuleHttpRequest request, CancellationToken cancellationToken)
    {
        // All are built before the first is sent: what cannot be sent is refused as a whole.
        var settings = new List<Commands.AtCommand>(_commands.Configure(request));
        if (!request.Body.IsEmpty)
        {
            settings.Add(_commands.SendBody(request.Body));
        }

        _runner.TakeService(ModemFeature.OnBoardHttp, this);
        try
        {
            if (dialect.Bearer is { } bearer && !await _runner.OpenBearerAsync(bearer, cancellationToken))
            {
                throw Failed(BoardServiceFailure.NoNetwork, null);
            }

            await BeginAsync(cancellationToken);
            try
            {
                return await AskAsync(settings, request, cancellationToken);
            }
            finally
            {
                await EndAsync();
            }
        }
        finally
        {
            _runner.GiveBackService(ModemFeature.OnBoardHttp, this);
        }
    }

    /// <inheritdoc/>
    public void OnLine(ReadOnlySpan<byte> line)
    {
        if (_commands.Read(line) is { } news)
        {
            _news.Post(news);
        }
    }

    /// <inheritdoc/>
    public void OnLost(Exception reason) => _news.End(new ModemClosedException(
        $"{_runner.PortName}: the module or its network was lost: {reason.Message}", reason) { Port = _runner.PortName });

    // What an earlier program has left is ended.
    private async Task BeginAsync(CancellationToken cancellationToken)
    {
        if (!(await _runner.ExecuteAsync(_commands.Begin(), cancellationToken)).IsSuccess)
        {
            await _runner.ExecuteAsync(_commands.End(), cancellationToken);
            await _runner.ExecuteOrThrowAsync(_commands.Begin(), cancellationToken);
        }
    }

    private async Task<ModuleHttpResponse> AskAsync(
        List<Commands.AtCommand> settings, ModuleHttpRequest request, CancellationToken cancellationToken)
    {
        foreach (var setting in settings)
        {
            await _runner.ExecuteOrThrowAsync(setting, cancellationToken);
        }

        await _runner.ExecuteOrThrowAsync(_commands.Act(request.Method), cancellationToken);
        ModuleHttpNews news;
        try
        {
            news = await _news.TakeAsync(request.TimeLimit + Grace, cancellationToken);
        }
        catch (TimeoutException)
        {
            throw Failed(BoardServiceFailure.NoAnswer, null);
        }

        if (_commands.Explain(news.Status) is { } failure)
        {
            throw Failed(failure, news.Status);
        }

        var head = await FetchAsync(_commands.ReadHead(), null, cancellationToken);
        var body = news.Length == 0 || request.Method == ModuleHttpMethod.Head
            ? default
            : await FetchAsync(_commands.ReadBody(news.Length), news.Length, cancellationToken);
        return new ModuleHttpResponse(news.Status, Encoding.Latin1.GetString(head.Span), body);
    }

    private async Task<ReadOnlyMemory<byte>> FetchAsync(
        Commands.FetchBytesCommand fetch, int? length, CancellationToken cancellationToken)
    {
        await _runner.ExecuteOrThrowAsync(fetch, cancellationToken);
        return fetch.IsAnnounced && !fetch.IsDamaged && (length is null || fetch.Bytes.Length == length)
            ? fetch.Bytes
            : throw new ModemProtocolException(
                length is null ? "the lines before an answer" : $"{length} bytes of an answer",
                $"{fetch.Bytes.Length} bytes, and lost or added ones on the line to the module")
            {
                Port = _runner.PortName,
                State = _runner.State,
            };
    }

    private async Task EndAsync()
    {
        try
        {
            await _runner.ExecuteAsync(_commands.End(), CancellationToken.None);
        }
        catch (ModemException)
        {
            // A module that is lost, or says nothing, has forgotten it, or is told so by the next exchange.
        }
    }

    private BoardServiceException Failed(BoardServiceFailure reason, int? code) =>
        new(Service, reason, code) { Port = _runner.PortName, State = _runner.State };
}
