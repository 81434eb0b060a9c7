using System.Globalization;
using System.Threading.Channels;
using Xunit;

namespace ModemDriver.Cli.Tests;

/// <summary><c>modem simulate</c> inside this process, for the length of a test: the port that it printed.</summary>
internal sealed class SimulatedPort : IAsyncDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    private readonly CancellationTokenSource _stop = new();
    private readonly LineWriter _out = new();
    private readonly StringWriter _error = new(CultureInfo.InvariantCulture);
    private readonly TextWriter _errorForAll;
    private readonly Task<ExitCode> _run;

    private SimulatedPort(string[] arguments)
    {
        _errorForAll = TextWriter.Synchronized(_error);
        var context = new ToolContext
        {
            OpenInput = () => Stream.Null,
            OpenOutput = () => Stream.Null,
            Out = _out,
            Error = _errorForAll,
            IsErrorTerminal = false,
            Variable = _ => null,
            Time = TimeProvider.System,
        };
        _run = ModemTool.RunAsync(["simulate", "--unpaced", .. arguments], context, _stop.Token);
    }

    public string Port { get; private set; } = "";

    /// <summary>What it has written to standard error so far.</summary>
    public string Errors
    {
        get
        {
            lock (_errorForAll) // Its own members lock it too.
            {
                return _error.ToString();
            }
        }
    }

    /// <summary>Starts a module on a pseudo-terminal without a link of its own, unless told otherwise.</summary>
    public static async Task<SimulatedPort> StartAsync(params string[] arguments)
    {
        var simulated = new SimulatedPort(arguments);
        CancellationToken cancellationToken = TestContext.Current.CancellationToken;
        Task<string> line = simulated._out.Lines.ReadAsync(cancellationToken).AsTask();
        if (await Task.WhenAny(line, simulated._run).WaitAsync(Deadline, cancellationToken) != line)
        {
            throw new InvalidOperationException($"modem simulate ended: {simulated._error}");
        }

        simulated.Port = await line;
        return simulated;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        ExitCode code = await _run.WaitAsync(Deadline);
        await _out.DisposeAsync();
        await _error.DisposeAsync();
        _stop.Dispose();
        Assert.Equal(ExitCode.Ok, code);
    }

    /// <summary>Gives each line to whoever waits for it.</summary>
    private sealed class LineWriter() : StringWriter(CultureInfo.InvariantCulture)
    {
        private readonly Channel<string> _lines = System.Threading.Channels.Channel.CreateUnbounded<string>();

        public ChannelReader<string> Lines => _lines.Reader;

        public override Task WriteLineAsync(string? value)
        {
            _lines.Writer.TryWrite(value ?? "");
            return Task.CompletedTask;
        }
    }
}
