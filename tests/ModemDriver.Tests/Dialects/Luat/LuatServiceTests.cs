using System.Buffers;
using System.Net;
using System.Text;
using ModemDriver.Channel;
using ModemDriver.Commands;
using ModemDriver.Dialects.Luat;
using ModemDriver.Dialects.Luat.Services;
using ModemDriver.Links;
using ModemDriver.Protocol;
using ModemDriver.Services;

namespace ModemDriver.Tests.Dialects.Luat;

/// <summary>Names, echoes, the line, and datagrams.</summary>
public sealed class LuatServiceTests
{
    private readonly LuatDialect _dialect = new(LuatFirmware.Read(["AirM2M_780E_V1169_LTE_AT"])!); // it is one

    [Theory]
    [InlineData("+CDNSGIP: 1,\"example.com\",\"203.0.113.8\"", true, "203.0.113.8")]
    [InlineData("+CDNSGIP: 1,\"example.com\",\"203.0.113.8\",\"203.0.113.9\"", true, "203.0.113.8")]
    [InlineData("+CDNSGIP:0,8", false, null)]
    [InlineData("+CDNSGIP: 0,14", false, null)]
    public void A_name_is_answered_behind_the_OK(string answer, bool isSuccess, string? address)
    {
        QueryCommand<IPAddress?> resolve = _dialect.Services!.Resolve("example.com");

        Assert.Equal("AT+CDNSGIP=\"example.com\"", Text(resolve));
        Assert.Equal(LineRoute.Intermediate, Route(resolve, "OK", out _));
        Assert.Equal(LineRoute.Final, Route(resolve, answer, out ResultCode? code));
        FinalResult result = code!.ToResult(Encoding.ASCII.GetBytes(answer)); // it is final
        resolve.OnFinal(result);
        Assert.Equal(isSuccess, result.IsSuccess);
        Assert.Equal(address, resolve.Answer?.ToString());
    }

    [Fact]
    public void A_late_answer_for_another_name_is_not_the_answer()
    {
        QueryCommand<IPAddress?> resolve = _dialect.Services!.Resolve("example.com");

        Assert.NotEqual(LineRoute.Final, Route(resolve, "+CDNSGIP: 1,\"other.example\",\"203.0.113.7\"", out _));
        Assert.Equal(LineRoute.Final, Route(resolve, "+CDNSGIP: 1,\"EXAMPLE.com\",\"203.0.113.8\"", out _));
    }

    [Theory]
    [InlineData("+CIPPING: 1,\"203.0.113.8\",47,52", 47, false)]
    [InlineData("+CIPPING: 1,\"203.0.113.8\",600,255", null, true)]
    [InlineData("+CIPPING:1,203.0.113.8,600,52", 600, false)]
    [InlineData("+CIPPING: 1", null, false)]
    public void An_echo_has_a_time_or_none(string answer, int? milliseconds, bool hasTimedOut)
    {
        PingCommand ping = _dialect.Services!.Ping("203.0.113.8");

        Assert.Equal("AT+CIPPING=\"203.0.113.8\",1,32,100", Text(ping));
        Assert.True(ping.OnLine(Encoding.ASCII.GetBytes(answer)));
        Assert.Equal(milliseconds, (int?)ping.RoundTrip?.TotalMilliseconds);
        Assert.Equal(hasTimedOut, ping.HasTimedOut);
        Assert.False(ping.OnLine("+CIPRXGET: 1,0"u8));
    }

    [Fact]
    public void Name_servers_are_set_and_read()
    {
        IServiceCommands services = _dialect.Services!;
        QueryCommand<List<IPAddress>> read = services.ReadNameServers();

        Assert.Equal(
            "AT+CDNSCFG=\"9.9.9.9\",\"1.1.1.1\"",
            Text(services.SetNameServers([IPAddress.Parse("9.9.9.9"), IPAddress.Parse("1.1.1.1")])));
        Assert.Throws<ArgumentOutOfRangeException>(() => services.SetNameServers([]));
        Assert.True(read.OnLine("PrimaryDns: 9.9.9.9"u8));
        Assert.True(read.OnLine("SecondaryDns: 0.0.0.0"u8));
        Assert.False(read.OnLine("+CIPRXGET: 1,0"u8));
        Assert.Equal([IPAddress.Parse("9.9.9.9")], read.Answer);
    }

    [Fact]
    public void The_rate_is_set_without_being_stored() =>
        Assert.Equal("AT+IPR=921600", Text(new LuatLineCommands().SetBitRate(921_600, null, new())));

    [Fact]
    public void A_datagram_goes_to_the_one_peer_of_its_link()
    {
        IUdpCommands udp = _dialect.Links.Udp!;
        UdpRequest request = new("203.0.113.8", 45214) { LocalPort = 5000 };
        SetupStep port = Assert.Single(udp.Prepare(ConnectionMode.Multiple, 5, request));
        port.Command.OnFinal(new FinalResult(true, "OK"));
        OpenLinkCommand open = udp.Open(ConnectionMode.Multiple, 5, request);

        Assert.Equal("AT+CLPORT=5,\"UDP\",5000", Text(port.Command));
        Assert.Empty(udp.Prepare(ConnectionMode.Multiple, 5, request));
        Assert.Equal(
            "AT+CLPORT=5,\"UDP\",0",
            Text(Assert.Single(udp.Prepare(ConnectionMode.Multiple, 5, new UdpRequest("203.0.113.8", 1))).Command));
        Assert.Equal("AT+CIPSTART=5,\"UDP\",\"203.0.113.8\",45214", Text(open));
        Assert.Equal("AT+CIPSEND=5,4", Text(udp.Send(ConnectionMode.Multiple, 5, Four(), "203.0.113.8", 45214)));
        Assert.Throws<NotSupportedException>(() => udp.Send(ConnectionMode.Multiple, 5, Four(), "203.0.113.9", 45214));
        Assert.Throws<NotSupportedException>(
            () => udp.Prepare(ConnectionMode.Multiple, 5, request with { PeerMode = UdpPeerMode.LastSender }));
    }

    [Fact]
    public void Datagrams_keep_their_borders_only_where_everything_is_pushed()
    {
        Assert.True(_dialect.Links.Udp!.LosesBorders);
        _dialect.Choose(ReceiveMode.Push);
        Assert.False(_dialect.Links.Udp.LosesBorders);
    }

    [Fact]
    public void Keep_alive_is_set_before_the_link_and_once()
    {
        LinkRequest request = new("a", 1) { KeepAliveSeconds = 120 };
        SetupStep step = Assert.Single(_dialect.Links.Prepare(ConnectionMode.Multiple, 0, request));
        step.Command.OnFinal(new FinalResult(true, "OK"));

        Assert.Equal("AT+CIPTKA=1,120,75,9", Text(step.Command));
        Assert.Empty(_dialect.Links.Prepare(ConnectionMode.Multiple, 1, request));
        Assert.Throws<ArgumentOutOfRangeException>(
            () => _dialect.Links.Prepare(ConnectionMode.Multiple, 0, request with { KeepAliveSeconds = 29 }));
    }

    private static ReadOnlySequence<byte> Four() => new(new byte[4]);

    private static string Text(AtCommand command) => Encoding.ASCII.GetString(command.Line.Text);

    private LineRoute Route(AtCommand command, string line, out ResultCode? code) => LineRouter.Route(
        command, CommandStage.Written, Encoding.ASCII.GetBytes(line), _dialect.Rules.ResultCodes, static _ => false, out code);
}
