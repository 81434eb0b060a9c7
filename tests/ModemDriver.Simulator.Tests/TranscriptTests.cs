using System.Runtime.CompilerServices;
using ModemDriver.Simulator.Transcripts;

namespace ModemDriver.Simulator.Tests;

public class TranscriptTests
{
    public static TheoryData<string, string> Sessions()
    {
        var sessions = new TheoryData<string, string>();
        foreach (string file in Directory.GetFiles(Folder(), "*.at", SearchOption.AllDirectories).Order())
        {
            foreach (Transcript session in Transcript.Parse(File.ReadAllText(file)))
            {
                sessions.Add(Path.GetRelativePath(Folder(), file), session.Title);
            }
        }

        return sessions;
    }

    [Theory]
    [MemberData(nameof(Sessions))]
    public void The_module_does_what_was_recorded(string file, string title)
    {
        Transcript session = Transcript.Parse(File.ReadAllText(Path.Combine(Folder(), file)))
            .Single(session => session.Title == title);

        TranscriptReplayer.Replay(session);
    }

    [Fact]
    public void Every_file_says_in_its_header_what_firmware_it_shows_and_where_it_comes_from()
    {
        foreach (string file in Directory.GetFiles(Folder(), "*.at", SearchOption.AllDirectories))
        {
            string header = File.ReadAllText(file).Split("\n= ")[0];
            Assert.Contains("Firmware: ", header, StringComparison.Ordinal);
            Assert.Contains("Origin: ", header, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("= s\n> AT\\r\\n\n< AT\\r\\n\\r\\nok\\r\\n", 3)]
    [InlineData("= s\n> AT\\r\\n\n< AT\\r\\n\\r\\nOK\\r\\n more", 3)]
    [InlineData("= s\n> AT\\r\\n\n> AT\\r\\n", 3)]
    [InlineData("= s\n> AT\\r\\n\n@ 10", 3)]
    [InlineData("= s\n> AT\\r\\n", 2)]
    [InlineData("= s\n! walks away", 2)]
    [InlineData("= s\n! server 1.2.3.4", 2)]
    public void A_session_that_is_not_so_fails_at_its_line(string text, int line)
    {
        Transcript session = Transcript.Parse(text).Single();

        TranscriptException wrong = Assert.Throws<TranscriptException>(() => TranscriptReplayer.Replay(session));

        Assert.Equal(line, wrong.Line);
    }

    [Theory]
    [InlineData("> AT", 1)]
    [InlineData("= s\nAT", 2)]
    [InlineData("= s\n> \\q", 2)]
    [InlineData("= s\n> \\x4", 2)]
    [InlineData("= s\n@ soon", 2)]
    [InlineData("= s\n> \u20ac", 2)]
    public void A_line_that_is_none_of_the_notation_is_refused(string text, int line) =>
        Assert.Equal(line, Assert.Throws<TranscriptException>(() => Transcript.Parse(text)).Line);

    [Fact]
    public void Escapes_stand_for_bytes()
    {
        Transcript session = Transcript.Parse("# remark\n= s\n> a\\r\\n\\\\\\x00\\xff\\x20").Single();

        Assert.Equal("a\r\n\\\0\xff "u8.Length - 1, session.Steps[0].Bytes.Length);
        Assert.Equal([(byte)'a', 13, 10, (byte)'\\', 0, 255, 32], session.Steps[0].Bytes.ToArray());
    }

    private static string Folder([CallerFilePath] string here = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "..", "transcripts"));
}
