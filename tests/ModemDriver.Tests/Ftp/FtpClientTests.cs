using Microsoft.Extensions.Time.Testing;
using ModemDriver.Clients.Ftp;

namespace ModemDriver.Tests.Ftp;

/// <summary>The FTP client against a server that follows a script.</summary>
public sealed class FtpClientTests : IAsyncDisposable
{
    private const string Secret = "hidden-4711";

    private readonly FakeTimeProvider _time = new();
    private readonly ScriptedFtpServer _server = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task A_wrong_password_is_said_and_shown_nowhere()
    {
        Task<LinkFtpClient> connecting = ConnectAsync();
        await _server.GreetAsync();
        await _server.AnswerAsync("USER", "331 password");
        await _server.AnswerAsync("PASS", "530-no\r\n and no\r\n530 never");

        FtpException failure = await Assert.ThrowsAsync<FtpException>(() => connecting);
        Assert.Equal((FtpFailure.NotLoggedIn, 530), (failure.Reason, failure.Code));
        Assert.Equal(("USER alice", $"PASS {Secret}"), (_server.Commands[0], _server.Commands[1]));
        Assert.DoesNotContain(Secret, failure.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, Options().ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_without_TLS_hears_neither_user_nor_password()
    {
        Task<LinkFtpClient> connecting = ConnectAsync(Options() with { Security = FtpSecurity.ExplicitTls });
        await _server.GreetAsync();
        await _server.AnswerAsync("AUTH TLS", "502 what");

        Assert.Equal(FtpFailure.NotSupported, (await Assert.ThrowsAsync<FtpException>(() => connecting)).Reason);
        Assert.Equal(["AUTH TLS"], _server.Commands);
    }

    [Fact]
    public async Task A_file_ends_when_the_server_says_so()
    {
        await using LinkFtpClient ftp = await LoggedInAsync();
        Task<Stream> opening = ftp.OpenReadAsync("a b", 3, Token);
        await _server.AnswerAsync("EPSV", _server.Passive);
        await _server.AnswerAsync("REST 3", "350 go on");
        await _server.AnswerAsync("RETR a b", "150 here it comes");
        await using Stream file = await opening;
        using (System.Net.Sockets.TcpClient data = await _server.AcceptDataAsync())
        {
            await data.GetStream().WriteAsync((byte[])[.. "lo\r\n\0"u8, 0xFF], Token);
        }

        await _server.SayAsync("226 all of it");
        using var copy = new MemoryStream();
        await file.CopyToAsync(copy, Token);

        Assert.Equal((byte[])[.. "lo\r\n\0"u8, 0xFF], copy.ToArray());
        await LeaveAsync(ftp);
    }

    [Theory]
    [InlineData("426 cut", FtpFailure.TransferCut)]
    [InlineData("451 disk", FtpFailure.TransferCut)]
    [InlineData("552 full", FtpFailure.StorageFull)]
    public async Task A_file_that_was_cut_does_not_end_quietly(string line, FtpFailure reason)
    {
        await using LinkFtpClient ftp = await LoggedInAsync();
        Stream file = await OpenAsync("RETR", () => ftp.OpenReadAsync("f", cancellationToken: Token));
        using (System.Net.Sockets.TcpClient data = await _server.AcceptDataAsync())
        {
            await data.GetStream().WriteAsync("half"u8.ToArray(), Token);
        }

        await _server.SayAsync(line);
        using var copy = new MemoryStream();
        FtpException failure = await Assert.ThrowsAsync<FtpException>(() => file.CopyToAsync(copy, Token));

        Assert.Equal(reason, failure.Reason);
        await file.DisposeAsync();
        await LeaveAsync(ftp);
    }

    [Theory]
    [InlineData("226 stored", null)]
    [InlineData("552 full", FtpFailure.StorageFull)]
    [InlineData("426 cut", FtpFailure.TransferCut)]
    public async Task A_file_is_written_when_the_server_says_so(string line, FtpFailure? reason)
    {
        await using LinkFtpClient ftp = await LoggedInAsync();
        Stream file = await OpenAsync("STOR", () => ftp.OpenWriteAsync("f", cancellationToken: Token));
        using System.Net.Sockets.TcpClient data = await _server.AcceptDataAsync();
        await file.WriteAsync("all of it"u8.ToArray(), Token);
        Task closing = file.DisposeAsync().AsTask();
        using var reader = new StreamReader(data.GetStream());
        Assert.Equal("all of it", await reader.ReadToEndAsync(Token));
        Assert.False(closing.IsCompleted);
        await _server.SayAsync(line);

        Exception? failure = await Record.ExceptionAsync(() => closing);
        Assert.Equal(reason, (failure as FtpException)?.Reason);
        Assert.Equal(reason is null, failure is null);
        await LeaveAsync(ftp);
    }

    [Fact]
    public async Task A_file_that_is_given_up_leaves_the_connection_in_step()
    {
        await using LinkFtpClient ftp = await LoggedInAsync();
        Stream file = await OpenAsync("RETR", () => ftp.OpenReadAsync("f", cancellationToken: Token));
        using System.Net.Sockets.TcpClient data = await _server.AcceptDataAsync();
        await Assert.ThrowsAsync<InvalidOperationException>(() => ftp.DeleteAsync("f", Token));
        Task closing = file.DisposeAsync().AsTask();
        await _server.SayAsync("426 you went");
        await closing;

        Task deleting = ftp.DeleteAsync("f", Token);
        await _server.AnswerAsync("DELE f", "250 gone");
        await deleting;
        await LeaveAsync(ftp);
    }

    [Fact]
    public async Task A_server_that_says_nothing_ends_the_call_and_the_client()
    {
        LinkFtpClient ftp = await LoggedInAsync();
        Task deleting = ftp.DeleteAsync("f", Token);
        while (!deleting.IsCompleted)
        {
            _time.Advance(TimeSpan.FromSeconds(10));
            await Task.Yield();
        }

        Assert.Equal(FtpFailure.NoAnswer, (await Assert.ThrowsAsync<FtpException>(() => deleting)).Reason);
        Assert.Equal(FtpFailure.ConnectionLost, (await Assert.ThrowsAsync<FtpException>(() => ftp.DeleteAsync("f", Token))).Reason);
        await ftp.DisposeAsync();
    }

    [Fact]
    public async Task A_server_that_goes_is_told()
    {
        LinkFtpClient ftp = await LoggedInAsync();
        Task deleting = ftp.DeleteAsync("f", Token);
        await _server.AnswerAsync("DELE", "421-bye");
        _server.Close();

        Assert.Equal(FtpFailure.ConnectionLost, (await Assert.ThrowsAsync<FtpException>(() => deleting)).Reason);
        await ftp.DisposeAsync();
    }

    [Theory]
    [InlineData("hello")]
    [InlineData("99 low")]
    [InlineData("700 high")]
    [InlineData("220x")]
    public async Task What_is_no_FTP_is_said(string line)
    {
        Task<LinkFtpClient> connecting = ConnectAsync();
        await _server.GreetAsync(line);

        Assert.Equal(FtpFailure.Protocol, (await Assert.ThrowsAsync<FtpException>(() => connecting)).Reason);
    }

    [Fact]
    public async Task The_address_of_an_old_passive_reply_is_not_used()
    {
        await using LinkFtpClient ftp = await LoggedInAsync();
        int port = int.Parse(_server.Passive.Split('|')[3], System.Globalization.CultureInfo.InvariantCulture);
        Task<IReadOnlyList<FtpEntry>> listing = ftp.ListAsync("", Token);
        await _server.AnswerAsync("EPSV", "500 what");
        await _server.AnswerAsync("PASV", $"227 Entering Passive Mode (203,0,113,9,{port / 256},{port % 256}).");
        await _server.AnswerAsync("LIST", "150 here");
        using (System.Net.Sockets.TcpClient data = await _server.AcceptDataAsync())
        {
            await data.GetStream().WriteAsync("total 1\r\n-rw-r--r-- 1 a b 12 Jan 01 12:00 x y\r\n"u8.ToArray(), Token);
        }

        await _server.SayAsync("226 done");
        Assert.Equal([new FtpEntry("x y", FtpEntryKind.File, 12, null)], await listing);
        await LeaveAsync(ftp);
    }

    [Theory]
    [InlineData("a\nDELE b")]
    [InlineData("a\r")]
    [InlineData("a\0")]
    public async Task A_name_cannot_begin_another_command(string name)
    {
        await using LinkFtpClient ftp = await LoggedInAsync();

        await Assert.ThrowsAnyAsync<ArgumentException>(() => ftp.DeleteAsync(name, Token));
        await Assert.ThrowsAnyAsync<ArgumentException>(() => ftp.RenameAsync("a", name, Token));
        await Assert.ThrowsAnyAsync<ArgumentException>(() => ftp.ListAsync(name, Token));
        Assert.ThrowsAny<ArgumentException>(() => (Options() with { User = name }).Validate());
        await LeaveAsync(ftp);
        Assert.DoesNotContain(_server.Commands, command => command.StartsWith("DELE", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Names_of_all_alphabets_go_in_UTF8_and_a_refusal_of_the_size_is_told()
    {
        await using LinkFtpClient ftp = await LoggedInAsync();
        Task<long?> size = ftp.ReadSizeAsync("\u4f60 \"q\".txt", Token);
        await _server.AnswerAsync("SIZE \u4f60 \"q\".txt", "213 2147483649");
        Assert.Equal(2147483649, await size);

        Task<long?> unknown = ftp.ReadSizeAsync("f", Token);
        await _server.AnswerAsync("SIZE", "502 what");
        Assert.Null(await unknown);

        Task<long?> missing = ftp.ReadSizeAsync("f", Token);
        await _server.AnswerAsync("SIZE", "550 none");
        Assert.Equal(FtpFailure.NotAvailable, (await Assert.ThrowsAsync<FtpException>(() => missing)).Reason);
        await LeaveAsync(ftp);
    }

    private static FtpOptions Options() => new("127.0.0.1") { User = "alice", Password = Secret };

    private Task<LinkFtpClient> ConnectAsync(FtpOptions? options = null) => LinkFtpClient.ConnectAsync(
        ScriptedFtpServer.ConnectAsync, (options ?? Options()) with { Port = _server.Port }, _time, Token);

    private async Task<LinkFtpClient> LoggedInAsync()
    {
        Task<LinkFtpClient> connecting = ConnectAsync();
        await _server.LogInAsync();
        return await connecting;
    }

    private async Task<Stream> OpenAsync(string verb, Func<Task<Stream>> open)
    {
        Task<Stream> opening = open();
        await _server.AnswerAsync("EPSV", _server.Passive);
        await _server.AnswerAsync(verb, "150 go");
        return await opening;
    }

    private async Task LeaveAsync(LinkFtpClient ftp)
    {
        Task leaving = ftp.DisposeAsync().AsTask();
        await _server.AnswerAsync("QUIT", "221 bye");
        await leaving;
    }
}
