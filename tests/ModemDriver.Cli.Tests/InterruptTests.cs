using System.Globalization;
using System.Text;
using Xunit;

namespace ModemDriver.Cli.Tests;

/// <summary>Ctrl-C while the tool waits for a line that nobody types.</summary>
public sealed class InterruptTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(20);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_question_before_a_restore_ends_at_once()
    {
        using var typed = new NeverTyped();
        (ExitCode code, string said) = await RunAsync(typed, "restore", "--port", "/dev/none");

        Assert.Equal(ExitCode.Cancelled, code);
        Assert.Contains("Type yes", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_menu_ends_at_once_and_the_dialogue_with_it()
    {
        await using SimulatedPort simulated = await SimulatedPort.StartAsync("--personality", "air780");
        using var typed = new NeverTyped();
        (ExitCode code, string said) = await RunAsync(typed, "ussd", "*100#", "--port", simulated.Port, "--log", "trace");

        Assert.Equal(ExitCode.Cancelled, code);
        Assert.Contains("AT+CUSD=2", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_from_the_input_ends_at_once()
    {
        FtpServer.SkipUnlessInstalled();
        await using FtpServer server = await FtpServer.StartAsync(Token);
        await using SimulatedPort simulated = await SimulatedPort.StartAsync("--personality", "air780");
        using var typed = new NeverTyped();
        (ExitCode code, _) = await RunAsync(
            typed,
            "ftp", "put", string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{server.Port}"), "-", "a.bin",
            "--user", "user", "--port", simulated.Port);

        Assert.Equal(ExitCode.Cancelled, code);
    }

    [Fact]
    public async Task What_a_read_that_was_given_up_brings_is_the_next_ones()
    {
        using var typed = new NeverTyped();
        await using var input = new InterruptibleInput(typed);
        using var given = new CancellationTokenSource();
        byte[] buffer = new byte[3];
        ValueTask<int> first = input.ReadAsync(buffer, given.Token);
        await given.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await first);

        typed.Type("hello");
        Assert.Equal(3, await input.ReadAsync(buffer, Token));
        Assert.Equal("hel", Encoding.ASCII.GetString(buffer));
        Assert.Equal(2, await input.ReadAsync(buffer, Token));
        Assert.Equal("lo", Encoding.ASCII.GetString(buffer, 0, 2));
    }

    private static async Task<(ExitCode Code, string Said)> RunAsync(NeverTyped typed, params string[] arguments)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Token);
        await using var text = new StringWriter(CultureInfo.InvariantCulture);
        await using var error = new StringWriter(CultureInfo.InvariantCulture);
        var context = new ToolContext
        {
            OpenInput = () => typed,
            OpenOutput = () => Stream.Null,
            Out = text,
            Error = TextWriter.Synchronized(error),
            IsErrorTerminal = false,
            Variable = name => name == "MODEM_FTP_PASSWORD" ? "secret" : null,
            Time = TimeProvider.System,
        };
        Task<ExitCode> run = ModemTool.RunAsync(arguments, context, stop.Token);
        await Task.WhenAny(typed.IsRead, run);
        Assert.True(typed.IsRead.IsCompleted, $"{error}{text}");
        await stop.CancelAsync();
        ExitCode code = await run.WaitAsync(Soon, TimeProvider.System, Token);
        return (code, error.ToString());
    }

    /// <summary>As standard input is: a read hears no token, and ends when something is typed.</summary>
    private sealed class NeverTyped : Stream
    {
        private readonly TaskCompletionSource _isRead = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource<byte[]> _typed = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task IsRead => _isRead.Task;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public void Type(string text) => _typed.SetResult(Encoding.ASCII.GetBytes(text));

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            _isRead.TrySetResult();
            byte[] typed = await _typed.Task;
            typed.CopyTo(buffer);
            return typed.Length;
        }

        public override void Flush()
        {
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
