using System.Net.Sockets;
using System.Security.Authentication;
using ModemDriver.Transport;
using Xunit;

namespace ModemDriver.Cli.Tests;

public sealed class TroubleTests
{
    public static TheoryData<Exception, int, string> Known => new()
    {
        { new TransportException(TransportFailure.NotFound, "p", "No p."), 3, "No p." },
        { new TransportException(TransportFailure.Busy, "p", "p is busy"), 3, "p is busy." },
        { new TransportException(TransportFailure.AccessDenied, "p", "Not yours."), 3, "Not yours." },
        { new TransportException(TransportFailure.NotASerialPort, "p", "No port."), 3, "No port." },
        { new TransportException(TransportFailure.Gone, "p", "p is gone."), 1, "p is gone." },
        { new TransportException(TransportFailure.Stalled, "p", "p took no byte."), 1, "p took no byte." },
        { new ToolException(ExitCode.TimeLimit, "Too late."), 5, "Too late." },
        { new TimeoutException("Not in time"), 5, "Not in time." },
        { new ArgumentException("No such name."), 2, "No such name." },
        { new AuthenticationException("Not trusted."), 1, "The TLS handshake failed: Not trusted." },
        { new InvalidOperationException("Something else."), 1, "Something else." },
    };

    [Theory]
    [MemberData(nameof(Known), DisableDiscoveryEnumeration = true)]
    public void An_exception_becomes_an_exit_code_and_a_sentence(Exception exception, int code, string sentence)
    {
        var trouble = Trouble.From(exception);

        Assert.Equal((ExitCode)code, trouble.Code);
        Assert.StartsWith(sentence, trouble.Sentence, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Known), DisableDiscoveryEnumeration = true)]
    public void What_others_have_wrapped_is_found(Exception exception, int code, string sentence)
    {
        var trouble = Trouble.From(new HttpRequestException("An error occurred.", new IOException("Wrapped.", exception)));

        bool said = trouble.Sentence.StartsWith(sentence, StringComparison.Ordinal);
        Assert.True(said || exception is InvalidOperationException, trouble.Sentence);
        Assert.Equal((ExitCode)code, trouble.Code);
    }

    [Fact]
    public void The_name_of_a_parameter_is_not_shown()
    {
        Assert.Equal("No such topic.", Trouble.From(new ArgumentException("No such topic.", "topic")).Sentence);
    }

    [Fact]
    public void Several_lines_become_one()
    {
        Assert.Equal("First. Second.", Trouble.From(new SocketMessage("First.\r\nSecond.")).Sentence);
    }

    private sealed class SocketMessage(string message) : SocketException
    {
        public override string Message => message;
    }
}
