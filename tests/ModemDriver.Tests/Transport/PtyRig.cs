using ModemDriver.Transport;

namespace ModemDriver.Tests.Transport;

/// <summary>A serial transport on a pseudo-terminal.</summary>
internal sealed class PtyRig : TransportRig
{
    /// <summary>Makes the terminal, and a transport for its path.</summary>
    public PtyRig(Func<string, ITransport> create) => Transport = create(Pty.Path);

    public TestPty Pty { get; } = new();

    public override ITransport Transport { get; }

    public override Task PeerWriteAsync(ReadOnlyMemory<byte> data) => Task.Run(() => Pty.Write(data.Span, Deadline.Limit));

    public override Task<int> PeerReadAsync(Memory<byte> buffer) => Task.Run(() => Pty.Read(buffer.Span, Deadline.Limit));

    public override void Unplug() => Pty.Unplug();
}
