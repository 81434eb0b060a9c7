using System.Text.RegularExpressions;

namespace ModemDriver.Tests.Transcripts;

/// <summary>The recorded sessions that the simulator is checked against are what the driver is checked against too.</summary>
public partial class TranscriptReplayTests
{
    // A host that does not wait, gives up half-way or ends a send early: the driver has no way to do so on purpose. And
    // a module that starts anew instead of answering: that ends a command only with the modem's recovery.
    private static readonly string[] NotOurHost =
    [
        "watchdog while a con",
        "the host gives up half-way and cancels",
        "CIPSENDEX ends at backslash and zero",
        "busy, and reset in mid command",
        "reset in mid command; no OK",
        "busy while an echo is awaited",
        "prompt with blank, busy s..., the host closes",
    ];

    public static TheoryData<string> Sessions =>
        [.. TranscriptSession.ReadAll().Select(session => session.Title).Where(title => !IsExcluded(title))];

    [Theory]
    [MemberData(nameof(Sessions))]
    public void The_driver_reads_a_recorded_session_in_every_split(string title)
    {
        var session = TranscriptSession.ReadAll().Single(s => s.Title == title);

        var whole = new SessionReplay(title);
        var outcome = whole.Play(session, piece: int.MaxValue);

        Assert.False(whole.HostDidNotWait, "a command had no final result code before the next one");
        Assert.Equal(session.Steps.Any(step => step.Mark == '>'), whole.Commands > 0);
        Assert.Equal(ResultsOnTheWire(session), ResultsIn(outcome));
        for (var piece = 1; piece < 12; piece++)
        {
            Assert.Equal(outcome, new SessionReplay(title).Play(session, piece));
        }
    }

    [Fact]
    public void Every_exclusion_names_a_session_that_exists()
    {
        var titles = TranscriptSession.ReadAll().Select(session => session.Title).ToList();

        Assert.All(NotOurHost, part => Assert.Single(titles, title => title.Contains(part, StringComparison.Ordinal)));
        Assert.True(titles.Count(title => !IsExcluded(title)) >= 18);
    }

    private static bool IsExcluded(string title) =>
        Array.Exists(NotOurHost, part => title.Contains(part, StringComparison.Ordinal));

    // What a person would read from the recording: after each command of the host, the first line that is a result; for
    // a send the first verdict.
    private static List<string> ResultsOnTheWire(TranscriptSession session)
    {
        var results = new List<string>();
        string? command = null;
        var answer = string.Empty;
        foreach (var (mark, text) in session.Steps.Append(('>', "AT+END\\r\\n")))
        {
            if (mark == '<')
            {
                answer += TranscriptSession.Unescape(text);
            }
            else if (mark == '>' && text.StartsWith("AT", StringComparison.Ordinal))
            {
                if (command is not null)
                {
                    var isSend = command.StartsWith("AT+CIPSEND=", StringComparison.Ordinal);
                    var match = (isSend ? Verdict() : Result()).Match(answer);
                    results.Add(match.Groups[1].Value);
                }

                command = text;
                answer = string.Empty;
            }
        }

        return results;
    }

    private static List<string> ResultsIn(string outcome) =>
        [.. Outcome().Matches(outcome).Select(match => match.Groups[1].Value)];

    [GeneratedRegex(@"(?:^|\n)(OK|ERROR|FAIL)\r\n")]
    private static partial Regex Result();

    [GeneratedRegex(@"(SEND OK|SEND FAIL|ERROR)\r\n")]
    private static partial Regex Verdict();

    [GeneratedRegex(@" -> (.*)\n")]
    private static partial Regex Outcome();
}
