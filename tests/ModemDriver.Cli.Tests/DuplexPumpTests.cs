using System.IO.Pipelines;
using System.Security.Cryptography;
using Microsoft.Extensions.Time.Testing;
using ModemDriver.Cli.Verbs;
using Xunit;

namespace ModemDriver.Cli.Tests;

public sealed class DuplexPumpTests
{
    private static readonly TimeSpan Linger = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    // Small, so that a peer that is not read soon stops reading.
    private static readonly PipeOptions Small = new(pauseWriterThreshold: 4096, resumeWriterThreshold: 2048);

    private readonly Pipe _toPeer = new(Small);
    private readonly Pipe _fromPeer = new(Small);
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public async Task Ten_mebibytes_go_to_an_echo_and_back_at_the_same_time()
    {
        CancellationToken token = TestContext.Current.CancellationToken;
        byte[] data = RandomNumberGenerator.GetBytes(10 * 1024 * 1024);
        using var output = new MemoryStream();
        Task echo = EchoThenCloseAsync(data.Length, token);

        await NewPump(new MemoryStream(data), output).RunAsync(token).WaitAsync(Deadline, token);

        await echo;
        Assert.Equal(SHA256.HashData(data), SHA256.HashData(output.ToArray()));
    }

    [Fact]
    public async Task After_the_input_silence_of_the_linger_time_ends_the_run()
    {
        CancellationToken token = TestContext.Current.CancellationToken;
        using var output = new MemoryStream();
        DuplexPump pump = NewPump(new MemoryStream([1, 2, 3]), output);

        Task run = pump.RunAsync(token);
        await ReadFromPumpAsync(3, token);
        await _fromPeer.Writer.WriteAsync(new byte[] { 9 }, token);
        while (!run.IsCompleted)
        {
            _time.Advance(Linger);
            await Task.Yield();
        }

        await run;
        Assert.Equal(3, pump.BytesSent);
        Assert.True(_time.GetUtcNow() - _time.Start >= Linger);
    }

    [Fact]
    public async Task The_end_of_the_peer_ends_the_run_while_the_input_is_still_open()
    {
        CancellationToken token = TestContext.Current.CancellationToken;
        using var output = new MemoryStream();
        var silent = new Pipe();
        Task run = NewPump(silent.Reader.AsStream(), output).RunAsync(token);

        await _fromPeer.Writer.WriteAsync(new byte[] { 7, 8 }, token);
        await _fromPeer.Writer.CompleteAsync();
        await run.WaitAsync(Deadline, token);

        Assert.Equal<byte>([7, 8], output.ToArray());
    }

    [Fact]
    public async Task A_peer_that_closes_before_all_is_sent_is_a_failure()
    {
        CancellationToken token = TestContext.Current.CancellationToken;
        using var output = new MemoryStream();
        Task run = NewPump(new MemoryStream(new byte[100_000]), output).RunAsync(token);

        // The pump is in the middle of a write: the pipe takes 4096 bytes and the peer reads no more than it has seen.
        await ReadFromPumpAsync(1, token);
        await _fromPeer.Writer.CompleteAsync();

        while (!run.IsCompleted)
        {
            _time.Advance(Linger);
            await Task.Yield();
        }

        ToolException refused = await Assert.ThrowsAsync<ToolException>(() => run);
        Assert.Equal(ExitCode.Refused, refused.Code);
    }

    private DuplexPump NewPump(Stream input, Stream output) =>
        new(new PipeLink(_fromPeer.Reader, _toPeer.Writer), input, output, _time, Linger);

    private async Task ReadFromPumpAsync(int atLeast, CancellationToken token)
    {
        ReadResult result = await _toPeer.Reader.ReadAtLeastAsync(atLeast, token);
        _toPeer.Reader.AdvanceTo(result.Buffer.Start, result.Buffer.End);
    }

    private async Task EchoThenCloseAsync(int bytes, CancellationToken token)
    {
        for (long left = bytes; left > 0;)
        {
            ReadResult result = await _toPeer.Reader.ReadAsync(token);
            foreach (ReadOnlyMemory<byte> segment in result.Buffer)
            {
                await _fromPeer.Writer.WriteAsync(segment, token);
            }

            left -= result.Buffer.Length;
            _toPeer.Reader.AdvanceTo(result.Buffer.End);
        }

        await _fromPeer.Writer.CompleteAsync();
    }

    /// <summary>Two pipes as a link.</summary>
    private sealed class PipeLink(PipeReader reader, PipeWriter writer) : Stream
    {
        private readonly Stream _reader = reader.AsStream();
        private readonly Stream _writer = writer.AsStream();

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            _reader.ReadAsync(buffer, cancellationToken);

        public override ValueTask WriteAsync(
            ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
            _writer.WriteAsync(buffer, cancellationToken);

        public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public override void Flush()
        {
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();
    }
}
