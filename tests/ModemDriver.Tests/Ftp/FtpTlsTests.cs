using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Time.Testing;
using ModemDriver.Clients.Ftp;

namespace ModemDriver.Tests.Ftp;

/// <summary>Files over connections with TLS, against a server that follows a script.</summary>
public sealed class FtpTlsTests : IAsyncDisposable
{
    private const byte AlertRecord = 0x15;

    private readonly FakeTimeProvider _time = new();
    private readonly ScriptedFtpServer _server = new();
    private readonly X509Certificate2 _certificate = NewCertificate();
    private readonly List<TappedStream> _links = [];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _certificate.Dispose();
    }

    // The server has announced the file, so it says how that ended: not the answer to the next command.
    [Fact]
    public async Task A_handshake_that_fails_leaves_the_connection_in_step()
    {
        LinkFtpClient ftp = await LoggedInAsync();
        Task<Stream> opening = ftp.OpenReadAsync("f", cancellationToken: Token);
        await _server.AnswerAsync("EPSV", _server.Passive);
        await _server.AnswerAsync("RETR", "150 go");
        using (TcpClient data = await _server.AcceptDataAsync())
        {
            await data.GetStream().WriteAsync("HTTP/1.1 400 what\r\n\r\n"u8.ToArray(), Token);
        }

        await _server.SayAsync("425 no TLS on this one");
        await Assert.ThrowsAnyAsync<Exception>(() => opening);

        Task deleting = ftp.DeleteAsync("f", Token);
        await _server.AnswerAsync("DELE f", "250 gone");
        await deleting;
        Task<Stream> again = ftp.OpenReadAsync("g", cancellationToken: Token);
        await _server.AnswerAsync("EPSV", _server.Passive);
        await _server.AnswerAsync("RETR", "550 none");
        Assert.Equal(FtpFailure.NotAvailable, (await Assert.ThrowsAsync<FtpException>(() => again)).Reason);
        await LeaveAsync(ftp);
    }

    [Fact]
    public async Task A_handshake_that_does_not_end_has_a_limit_and_its_late_reply_is_nobodys()
    {
        LinkFtpClient ftp = await LoggedInAsync();
        Task<Stream> opening = ftp.OpenReadAsync("f", cancellationToken: Token);
        await _server.AnswerAsync("EPSV", _server.Passive);
        await _server.AnswerAsync("RETR", "150 go");
        using TcpClient data = await _server.AcceptDataAsync();
        await data.GetStream().ReadExactlyAsync(new byte[5], Token); // The client has begun.
        _time.Advance(TimeSpan.FromSeconds(60));
        await _server.SayAsync("426 cut");

        FtpException failure = await Assert.ThrowsAsync<FtpException>(() => opening);
        Assert.Equal(FtpFailure.NoAnswer, failure.Reason);
        Task deleting = ftp.DeleteAsync("f", Token);
        await _server.AnswerAsync("DELE f", "250 gone");
        await deleting;
        await LeaveAsync(ftp);
    }

    // A server cannot tell a whole file from a cut one without it (RFC 8446 section 6.1).
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_end_of_a_file_is_said_in_TLS_before_the_connection_is_closed(bool isReading)
    {
        LinkFtpClient ftp = await LoggedInAsync();
        Task<Stream> opening = isReading
            ? ftp.OpenReadAsync("f", cancellationToken: Token)
            : ftp.OpenWriteAsync("f", cancellationToken: Token);
        await _server.AnswerAsync("EPSV", _server.Passive);
        await _server.AnswerAsync(isReading ? "RETR" : "STOR", "150 go");
        await using SslStream data = await SecureAsync((await _server.AcceptDataAsync()).GetStream());
        Stream file = await opening;
        if (isReading)
        {
            await data.ShutdownAsync();
            data.Close();
            await _server.SayAsync("226 all of it");
            Assert.Equal(0, await file.ReadAsync(new byte[8], Token));
            await file.DisposeAsync();
        }
        else
        {
            await file.WriteAsync("all of it"u8.ToArray(), Token);
            Task closing = file.DisposeAsync().AsTask();
            byte[] got = new byte[9];
            await data.ReadExactlyAsync(got, Token);
            Assert.Equal(0, await data.ReadAsync(got, Token));
            await _server.SayAsync("226 stored");
            await closing;
        }

        TappedStream link = _links[^1];
        Assert.Equal(AlertRecord, link.LastWrite[0]);
        Assert.True(link.IsClosed);
        await LeaveAsync(ftp);
    }

    private async Task<LinkFtpClient> LoggedInAsync()
    {
        var options = new FtpOptions("127.0.0.1")
        {
            Port = _server.Port,
            User = "alice",
            Password = "hidden-4711",
            Security = FtpSecurity.ExplicitTls,
            TrustedRoots = [_certificate],
        };
        Task<LinkFtpClient> connecting = LinkFtpClient.ConnectAsync(ConnectAsync, options, _time, Token);
        await _server.GreetAsync();
        await _server.AnswerAsync("AUTH TLS", "234 go on");
        await _server.ProtectAsync(SecureAsync);
        await _server.AnswerAsync("USER", "331 password");
        await _server.AnswerAsync("PASS", "230 welcome");
        await _server.AnswerAsync("PBSZ 0", "200 ok");
        await _server.AnswerAsync("PROT P", "200 ok");
        await _server.AnswerAsync("FEAT", "502 what");
        await _server.AnswerAsync("TYPE", "200 ok");
        return await connecting;
    }

    private async Task LeaveAsync(LinkFtpClient ftp)
    {
        Task leaving = ftp.DisposeAsync().AsTask();
        await _server.AnswerAsync("QUIT", "221 bye");
        await leaving;
    }

    private async Task<Stream> ConnectAsync(string host, int port, CancellationToken cancellationToken)
    {
        var link = new TappedStream(await ScriptedFtpServer.ConnectAsync(host, port, cancellationToken));
        _links.Add(link);
        return link;
    }

    // In TLS 1.2 an alert can be told by the head of its record; in 1.3 all looks alike.
    private async Task<SslStream> SecureAsync(Stream stream)
    {
        var secure = new SslStream(stream);
        await secure.AuthenticateAsServerAsync(
            new SslServerAuthenticationOptions { ServerCertificate = _certificate, EnabledSslProtocols = SslProtocols.Tls12 }, Token);
        return secure;
    }

    private static X509Certificate2 NewCertificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=127.0.0.1", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        using X509Certificate2 made = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(30));
        return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pkcs12), null);
    }

    /// <summary>Remembers what was written last, and whether it was closed.</summary>
    private sealed class TappedStream(Stream stream) : Stream
    {
        public byte[] LastWrite { get; private set; } = [];

        public bool IsClosed { get; private set; }

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
            stream.ReadAsync(buffer, cancellationToken);

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            LastWrite = buffer.ToArray();
            return stream.WriteAsync(buffer, cancellationToken);
        }

        public override Task FlushAsync(CancellationToken cancellationToken) => stream.FlushAsync(cancellationToken);

        public override void Flush() => stream.Flush();

        public override int Read(byte[] buffer, int offset, int count) => stream.Read(buffer, offset, count);

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count)
        {
            LastWrite = buffer[offset..(offset + count)];
            stream.Write(buffer, offset, count);
        }

        public override async ValueTask DisposeAsync()
        {
            IsClosed = true;
            await stream.DisposeAsync();
            await base.DisposeAsync();
        }

        protected override void Dispose(bool disposing)
        {
            IsClosed = true;
            if (disposing)
            {
                stream.Dispose();
            }

            base.Dispose(disposing);
        }
    }
}
