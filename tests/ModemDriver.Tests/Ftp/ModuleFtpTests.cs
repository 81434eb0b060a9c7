using ModemDriver.Tests.Dialects.Luat;
using ModemDriver.Tests.Quirks;

namespace ModemDriver.Tests.Ftp;

/// <summary>FTP by the module's own client, on the wire, byte by byte.</summary>
public sealed class ModuleFtpTests
{
    private const string Bearer = "\r\n+SAPBR: 1,1,\"10.39.255.61\"\r\n\r\nOK\r\n";

    private static readonly FtpOptions Options =
        new("ftp.test") { User = "user", Password = "secret", IsOnModule = true };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory, EverySplit]
    public void A_file_is_got_in_pieces_to_the_word_of_its_end(Split split)
    {
        Dialogue d = LuatScenes.Online(split);
        IFtpClient ftp = Connect(d);
        Stream file = OpenRead(d, ftp, "test.txt");

        Assert.Equal("12345", Read(d, file, "\r\n+FTPGET: 2,5\r\n12345\r\nOK\r\n\r\n+FTPGET: 1,1\r\n"));
        Assert.Equal("\r\nOK\r", Read(d, file, "\r\n+FTPGET: 2,5\r\n\r\nOK\r\r\nOK\r\n\r\n+FTPGET: 1,0\r\n"));
        Assert.Equal(0, Dialogue.ResultOf(d.Do(() => file.ReadAsync(new byte[10], Token).AsTask())));
        Close(d, file);
        d.EndsWith(ModemState.Online);
    }

    [Theory, EverySplit]
    public void What_is_not_there_yet_is_waited_for_and_an_end_that_crosses_the_question_is_the_end(Split split)
    {
        Dialogue d = LuatScenes.Online(split);
        IFtpClient ftp = Connect(d);
        Stream file = OpenRead(d, ftp, "test.txt");
        byte[] buffer = new byte[100];
        Task<int> read = d.Do(() => file.ReadAsync(buffer, Token).AsTask());
        d.Exchange("AT+FTPGET=2,1460", "\r\n+FTPGET: 2,0\r\n\r\nOK\r\n");
        d.Pass(3);
        d.Say("\r\n+FTPGET:1,1\r\n");
        d.Exchange("AT+FTPGET=2,1460", "\r\n+FTPGET: 2,1\r\nx\r\nOK\r\n");
        Assert.Equal(1, Dialogue.ResultOf(read));

        Task<int> end = d.Do(() => file.ReadAsync(buffer, Token).AsTask());
        d.Exchange("AT+FTPGET=2,1460", "\r\n+CME ERROR: 3\r\n");
        d.Pass(1);
        d.Say("\r\n+FTPGET: 1,0\r\n");
        Assert.Equal(0, Dialogue.ResultOf(end));
        Close(d, file);
        d.EndsWith(ModemState.Online);
    }

    [Theory, EverySplit]
    public void A_file_is_put_in_pieces_of_the_modules_size_and_ends_with_its_word(Split split)
    {
        Dialogue d = LuatScenes.Online(split);
        IFtpClient ftp = Connect(d);
        Task<Stream> opening = d.Do(() => ftp.OpenWriteAsync("/log/a.bin", 7, Token));
        d.Exchange("AT+SAPBR=2,1", Bearer);
        d.Exchange("AT+FTPPUTPATH=\"/log/\"");
        d.Exchange("AT+FTPPUTNAME=\"a.bin\"");
        d.Exchange("AT+FTPPUTOPT=\"STOR\"");
        d.Exchange("AT+FTPREST=7");
        d.Exchange("AT+FTPPUT=1", "\r\nOK\r\n\r\n+FTPPUT: 1,1,4\r\n");
        Stream file = Dialogue.ResultOf(opening);

        Task writing = d.Do(() => file.WriteAsync("\nbcde"u8.ToArray(), Token).AsTask());
        d.Exchange("AT+FTPPUT=2,4", "\r\n+FTPPUT: 2,4\r\n");
        d.HearBytes("\nbcd");
        d.Say("\r\nOK\r\n");
        Assert.False(writing.IsCompleted);
        d.Say("\r\n+FTPPUT: 1,1,4\r\n");
        Assert.True(writing.IsCompletedSuccessfully, $"{writing.Exception}");

        Task closing = d.Do(() => file.DisposeAsync().AsTask());
        d.Exchange("AT+FTPPUT=2,1", "\r\n+FTPPUT:2,1\r\n");
        d.HearBytes("e");
        d.Say("\r\nOK\r\n\r\n+FTPPUT: 1,1,4\r\n");
        d.Exchange("AT+FTPPUT=2,0");
        Assert.False(closing.IsCompleted);
        d.Say("\r\n+FTPPUT: 1,0\r\n");
        Assert.True(closing.IsCompletedSuccessfully, $"{closing.Exception}");
        d.EndsWith(ModemState.Online);
    }

    [Theory]
    [InlineData(61, FtpFailure.NotReached)]
    [InlineData(62, FtpFailure.NotReached)]
    [InlineData(64, FtpFailure.NoAnswer)]
    [InlineData(71, FtpFailure.NotLoggedIn)]
    [InlineData(72, FtpFailure.NotLoggedIn)]
    [InlineData(74, FtpFailure.NotSupported)]
    [InlineData(77, FtpFailure.NotAvailable)]
    [InlineData(79, FtpFailure.NotAvailable)]
    [InlineData(999, FtpFailure.Refused)]
    public void A_refusal_has_the_modules_number_and_a_reason(int code, FtpFailure reason)
    {
        Dialogue d = LuatScenes.Online(Split.Whole);
        IFtpClient ftp = Connect(d);
        Task<Stream> opening = d.Do(() => ftp.OpenReadAsync("none.txt", 0, Token));
        Choose(d, "none.txt");
        d.Exchange("AT+FTPGET=1", $"\r\nOK\r\n\r\n+FTPGET: 1,{code}\r\n");

        FtpException failure = Dialogue.FailureOf<FtpException>(opening);
        Assert.Equal((reason, code), (failure.Reason, failure.ModuleCode));
        Assert.Null(failure.Code);

        // It can be used on.
        Task<long?> size = d.Do(() => ftp.ReadSizeAsync("there.txt", Token));
        Choose(d, "there.txt");
        d.Exchange("AT+FTPSIZE", "\r\nOK\r\n\r\n+FTPSIZE: 1,0,4711\r\n");
        Assert.Equal(4711, Dialogue.ResultOf(size));
        d.EndsWith(ModemState.Online);
    }

    [Theory]
    [InlineData(65)]
    [InlineData(79)]
    public void A_server_that_closes_in_the_middle_cuts_the_transfer(int code)
    {
        Dialogue d = LuatScenes.Online(Split.Whole);
        IFtpClient ftp = Connect(d);
        Stream file = OpenRead(d, ftp, "test.txt");
        Assert.Equal("12345", Read(d, file, $"\r\n+FTPGET: 2,5\r\n12345\r\nOK\r\n\r\n+FTPGET: 1,{code}\r\n"));

        Task<int> read = d.Do(() => file.ReadAsync(new byte[10], Token).AsTask());
        Assert.Equal(FtpFailure.TransferCut, Dialogue.FailureOf<FtpException>(read).Reason);
        Close(d, file);
        d.EndsWith(ModemState.Online);
    }

    [Theory]
    [InlineData("\r\n+FTPGET: 2,5\r\n123456\r\nOK\r\n")]
    [InlineData("\r\n+FTPGET: 2,5\r\n1234\r\nOK\r\n")]
    public void Bytes_that_were_lost_or_added_on_the_line_cut_the_transfer(string answer)
    {
        Dialogue d = LuatScenes.Online(Split.Whole);
        IFtpClient ftp = Connect(d);
        Stream file = OpenRead(d, ftp, "test.txt");
        Task<int> read = d.Do(() => file.ReadAsync(new byte[10], Token).AsTask());
        d.Exchange("AT+FTPGET=2,1460", answer);

        Assert.Equal(FtpFailure.TransferCut, Dialogue.FailureOf<FtpException>(read).Reason);
        d.Exchange("AT+FTPQUIT", "\r\nOK\r\n\r\n+FTPGET: 1,86\r\n");
        Close(d, file);
        d.EndsWith(ModemState.Online);
    }

    [Fact]
    public void A_file_that_is_not_read_to_its_end_is_given_up_and_the_next_call_waits_for_that()
    {
        Dialogue d = LuatScenes.Online(Split.Whole);
        IFtpClient ftp = Connect(d);
        Stream file = OpenRead(d, ftp, "test.txt");
        Dialogue.FailureOf<InvalidOperationException>(d.Do(() => ftp.DeleteAsync("other.txt", Token)));
        Task closing = d.Do(() => file.DisposeAsync().AsTask());
        d.Exchange("AT+FTPQUIT", "\r\nOK\r\n\r\n+FTPGET: 1,1\r\n");
        Assert.False(closing.IsCompleted);
        d.Say("\r\n+FTPGET: 1,86\r\n");
        Assert.True(closing.IsCompletedSuccessfully, $"{closing.Exception}");

        Task deleting = d.Do(() => ftp.DeleteAsync("other.txt", Token));
        Choose(d, "other.txt");
        d.Exchange("AT+FTPDELE", "\r\nOK\r\n\r\n+FTPDELE: 1,0\r\n");
        Assert.True(deleting.IsCompletedSuccessfully, $"{deleting.Exception}");
        d.EndsWith(ModemState.Online);
    }

    [Fact]
    public void A_module_that_says_nothing_more_ends_the_call_and_is_told_to_stop()
    {
        Dialogue d = LuatScenes.Online(Split.Whole);
        IFtpClient ftp = Connect(d);
        Task<Stream> opening = d.Do(() => ftp.OpenReadAsync("test.txt", 0, Token));
        Choose(d, "test.txt");
        d.Exchange("AT+FTPGET=1");
        d.Pass(Options.ReplyLimit.TotalSeconds);
        d.Exchange("AT+FTPQUIT", "\r\nOK\r\n\r\n+FTPGET: 1,86\r\n");

        Assert.Equal(FtpFailure.NoAnswer, Dialogue.FailureOf<FtpException>(opening).Reason);
        d.EndsWith(ModemState.Online);
    }

    [Fact]
    public void The_bearer_is_opened_when_it_is_not_and_a_network_that_refuses_is_told()
    {
        Dialogue d = LuatScenes.Online(Split.Whole);
        IFtpClient ftp = Connect(d);
        Task making = d.Do(() => ftp.CreateDirectoryAsync("new", Token));
        d.Exchange("AT+SAPBR=2,1", "\r\n+SAPBR: 1,3,0.0.0.0\r\n\r\nOK\r\n");
        foreach (string setting in (string[])["\"CONTYPE\",\"GPRS\"", "\"APN\",\"\"", "\"USER\",\"\"", "\"PWD\",\"\""])
        {
            d.Exchange("AT+SAPBR=3,1," + setting);
        }

        d.Exchange("AT+SAPBR=1,1", "\r\n+CME ERROR: 3\r\n");
        d.Exchange("AT+SAPBR=2,1", "\r\n+SAPBR: 1,3,0.0.0.0\r\n\r\nOK\r\n");

        Assert.Equal(FtpFailure.NotReached, Dialogue.FailureOf<FtpException>(making).Reason);
        d.EndsWith(ModemState.Online);
    }

    [Fact]
    public void One_client_at_a_time_and_what_does_not_fit_is_refused_before_a_byte_is_sent()
    {
        Dialogue d = LuatScenes.Online(Split.Whole);
        IFtpClient ftp = Connect(d);
        Dialogue.FailureOf<InvalidOperationException>(d.Do(() => d.Modem.ConnectFtpAsync(Options, Token)));
        Dialogue.FailureOf<ArgumentException>(d.Do(() => d.Modem.ConnectFtpAsync(Options with { Password = new string('x', 50) }, Token)));
        Dialogue.FailureOf<ArgumentException>(d.Do(() => ftp.OpenReadAsync(new string('x', 100), 0, Token)));
        d.HearNothing();

        Task disposing = d.Do(() => ftp.DisposeAsync().AsTask());
        Assert.True(disposing.IsCompletedSuccessfully, $"{disposing.Exception}");
        Connect(d);
        d.EndsWith(ModemState.Online);
    }

    private static IFtpClient Connect(Dialogue d)
    {
        Task<IFtpClient> connecting = d.Do(() => d.Modem.ConnectFtpAsync(Options, Token));
        d.Exchange("AT+FTPCID=1");
        d.Exchange("AT+FTPSERV=\"ftp.test\"");
        d.Exchange("AT+FTPPORT=21");
        d.Exchange("AT+FTPUN=\"user\"");
        d.Exchange("AT+FTPPW=\"secret\"");
        d.Exchange("AT+FTPTYPE=\"I\"");
        return Dialogue.ResultOf(connecting);
    }

    private static void Choose(Dialogue d, string name)
    {
        d.Exchange("AT+SAPBR=2,1", Bearer);
        d.Exchange("AT+FTPGETPATH=\"./\"");
        d.Exchange($"AT+FTPGETNAME=\"{name}\"");
    }

    private static Stream OpenRead(Dialogue d, IFtpClient ftp, string name)
    {
        Task<Stream> opening = d.Do(() => ftp.OpenReadAsync(name, 0, Token));
        Choose(d, name);

        // Twice, as a log of a module has it.
        d.Exchange("AT+FTPGET=1", "\r\nOK\r\n\r\n+FTPGET: 1,1\r\n\r\n+FTPGET: 1,1\r\n");
        return Dialogue.ResultOf(opening);
    }

    private static string Read(Dialogue d, Stream file, string answer)
    {
        byte[] buffer = new byte[100];
        Task<int> read = d.Do(() => file.ReadAsync(buffer, Token).AsTask());
        d.Exchange("AT+FTPGET=2,1460", answer);
        return System.Text.Encoding.ASCII.GetString(buffer, 0, Dialogue.ResultOf(read));
    }

    private static void Close(Dialogue d, Stream file)
    {
        Task closing = d.Do(() => file.DisposeAsync().AsTask());
        Assert.True(closing.IsCompletedSuccessfully, $"{closing.Exception}");
    }
}
