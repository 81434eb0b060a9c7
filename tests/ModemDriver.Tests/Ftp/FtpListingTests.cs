using ModemDriver.Clients.Ftp;

namespace ModemDriver.Tests.Ftp;

/// <summary>Lines of folders, and the port of a passive reply.</summary>
public sealed class FtpListingTests
{
    [Theory]
    [InlineData("-rw-r--r--   1 ftp      ftp          1234 Jan 01 12:00 a file.txt", "a file.txt", FtpEntryKind.File, 1234L)]
    [InlineData("drwxr-xr-x+  2 1000     1000         4096 Dec 31  2025 folder", "folder", FtpEntryKind.Directory, null)]
    [InlineData("lrwxrwxrwx   1 a        b               7 Feb 02 00:01 link -> target", "link", FtpEntryKind.Link, null)]
    [InlineData("01-31-26  09:15AM       <DIR>          Program Files", "Program Files", FtpEntryKind.Directory, null)]
    [InlineData("01-31-2026  09:15PM           2147483649 big.bin", "big.bin", FtpEntryKind.File, 2147483649L)]
    [InlineData("something else", "something else", FtpEntryKind.Unknown, null)]
    public void A_line_of_a_server_is_read(string line, string name, FtpEntryKind kind, long? size) =>
        Assert.Equal(new FtpEntry(name, kind, size, null), FtpListing.ReadLine(line));

    [Theory]
    [InlineData("")]
    [InlineData("total 12")]
    [InlineData("drwxr-xr-x 2 a b 4096 Dec 31 2025 .")]
    [InlineData("drwxr-xr-x 2 a b 4096 Dec 31 2025 ..")]
    public void A_line_that_is_no_entry_is_none(string line) => Assert.Null(FtpListing.ReadLine(line));

    [Fact]
    public void Facts_are_read_by_their_names()
    {
        Assert.Equal(
            new FtpEntry("a; b", FtpEntryKind.File, 12, new DateTimeOffset(2026, 1, 31, 9, 15, 7, TimeSpan.Zero)),
            FtpListing.ReadFacts("Type=file;Size=12;Modify=20260131091507.123;UNIX.mode=0644; a; b"));
        Assert.Equal(new FtpEntry("d", FtpEntryKind.Directory, null, null), FtpListing.ReadFacts("type=dir;modify=soon; d"));
        Assert.Null(FtpListing.ReadFacts("type=cdir; ."));
        Assert.Null(FtpListing.ReadFacts("type=pdir; .."));
        Assert.Equal(new FtpEntry("bare", FtpEntryKind.Unknown, null, null), FtpListing.ReadFacts("bare"));
    }

    [Theory]
    [InlineData(229, "Entering Extended Passive Mode (|||6446|)", 6446)]
    [InlineData(229, "ok (!!!1!)", 1)]
    [InlineData(229, "(|||0|)", null)]
    [InlineData(229, "(|||65536|)", null)]
    [InlineData(229, "(||6446|)", null)]
    [InlineData(229, "()", null)]
    [InlineData(227, "Entering Passive Mode (10,0,0,2,25,46).", 6446)]
    [InlineData(227, "10,0,0,2,25,46", 6446)]
    [InlineData(227, "(10,0,0,2,256,1)", null)]
    [InlineData(227, "(10,0,0,2,0,0)", null)]
    [InlineData(227, "(1,2,3)", null)]
    public void A_port_is_read_or_refused(int code, string text, int? port) =>
        Assert.Equal(port, new FtpReply(code, text).ReadPort());
}
