using System.Text;
using ModemDriver.Dialects.EspAt;
using ModemDriver.Protocol;

namespace ModemDriver.Tests.Dialects.EspAt;

/// <summary>The unsolicited lines of AT firmware: ESP-AT user guide, AT Messages; and what only looks like one.</summary>
public sealed class EspAtNoticesTests
{
    public static TheoryData<string, string, int, int> Known() => new()
    {
        { "ready", "ModuleReady", -1, 0 },
        { " ets Jan  8 2013,rst cause:4, boot mode:(3,6)", "ModuleBooting", -1, 0 },
        { "WIFI CONNECTED", "NetworkJoined", -1, 0 },
        { "WIFI GOT IP", "AddressObtained", -1, 0 },
        { "WIFI DISCONNECT", "NetworkLeft", -1, 0 },
        { "WIFI GOT IPv6 LL", "Known", -1, 0 },
        { "WIFI GOT IPv6 GL", "Known", -1, 0 },
        { "DHCP TIMEOUT", "Known", -1, 0 },
        { "Will force to restart!!!", "Known", -1, 0 },
        { "CONNECT", "LinkConnected", 0, 0 },
        { "0,CONNECT", "LinkConnected", 0, 0 },
        { "4,CONNECT", "LinkConnected", 4, 0 },
        { "CLOSED", "LinkClosed", 0, 0 },
        { "3,CLOSED", "LinkClosed", 3, 0 },
        { "CONNECT FAIL", "LinkConnectFailed", 0, 0 },
        { "2,CONNECT FAIL", "LinkConnectFailed", 2, 0 },
        { "+LINK_CONN:0,1,\"TCP\",0,\"192.168.1.10\",8001,54010", "LinkConnected", 1, 0 },
        { "+LINK_CONN:1,1,\"TCP\",0,\"192.168.1.10\",8001,54010", "LinkConnectFailed", 1, 0 },
        { "+IPD,1460", "DataWaiting", 0, 1460 },
        { "+IPD,3,1460", "DataWaiting", 3, 1460 },
        { "+IPD,0,0", "DataWaiting", 0, 0 },
        { "+STA_CONNECTED:\"00:11:22:33:44:55\"", "Known", -1, 0 },
        { "+STA_DISCONNECTED:\"00:11:22:33:44:55\"", "Known", -1, 0 },
        { "+DIST_STA_IP:\"00:11:22:33:44:55\",\"192.168.4.2\"", "Known", -1, 0 },
        { "+QUITT", "Known", -1, 0 },
        { "+TIME_UPDATED", "Known", -1, 0 },
        { "+ERRNO:0x1c", "Known", -1, 0 },
        { "ERR CODE:0x010b0000", "Known", -1, 0 },
    };

    [Theory]
    [MemberData(nameof(Known))]
    public void A_documented_line_has_its_meaning(string line, string kind, int linkId, int count)
    {
        ModuleNotice notice = EspAtNotices.Read(Encoding.Latin1.GetBytes(line));

        Assert.Equal((Enum.Parse<NoticeKind>(kind), linkId, count), (notice.Kind, notice.LinkId, notice.Count));
    }

    [Theory]
    [InlineData("+LINK_CONN:0,1,\"TCP\",0,\"192.168.1.10\",8001,54010", "Ours", "192.168.1.10:8001")]
    [InlineData("+LINK_CONN:0,1,\"TCP\",1,\"192.168.1.10\",54010,333", "Accepted", "192.168.1.10:54010")]
    [InlineData("+LINK_CONN:0,1,\"TCP\",2,\"192.168.1.10\",54010,333", "Unknown", "192.168.1.10:54010")]
    [InlineData("+LINK_CONN:0,1,\"TCP\",1,\"192.168.1.999\",54010,333", "Accepted", null)]
    [InlineData("+LINK_CONN:0,1,\"TCP\",1,\"192.168.1.10\",99999,333", "Accepted", null)]
    [InlineData("+LINK_CONN:0,1,\"TCP\",1", "Accepted", null)]
    [InlineData("+LINK_CONN:0,1", "Unknown", null)]
    [InlineData("1,CONNECT", "Unknown", null)]
    public void Who_began_a_link_is_told_where_the_module_says_it(string line, string origin, string? remote)
    {
        ModuleNotice notice = EspAtNotices.Read(Encoding.Latin1.GetBytes(line));

        Assert.Equal((NoticeKind.LinkConnected, 1), (notice.Kind, notice.LinkId));
        Assert.Equal((origin, remote), (notice.Origin.ToString(), notice.Remote?.ToString()));
    }

    [Theory]
    [InlineData("")]
    [InlineData("OK")]
    [InlineData("ERROR")]
    [InlineData("CONNECTED")]
    [InlineData("CLOSED ")]
    [InlineData("Closed")]
    [InlineData("CONNECT FAILED")]
    [InlineData("0,CONNECTX")]
    [InlineData("0,closed")]
    [InlineData("0, CLOSED")]
    [InlineData("5,CLOSED")]
    [InlineData("10,CLOSED")]
    [InlineData("246,CONNECT")]
    [InlineData("99999999999,CLOSED")]
    [InlineData("-1,CLOSED")]
    [InlineData(",CLOSED")]
    [InlineData("0,SEND OK")]
    [InlineData("0,1,SEND OK")]
    [InlineData("+IPD,")]
    [InlineData("+IPD,x")]
    [InlineData("+IPD,-5")]
    [InlineData("+IPD,5,10")]
    [InlineData("+IPD,0,-1")]
    [InlineData("+IPD,2,1x4")]
    [InlineData("+IPD,2,")]
    [InlineData("+IPD")]
    [InlineData("+LINK_CONN:0,5,\"TCP\",0,\"192.168.1.10\",8001,54010")]
    [InlineData("+LINK_CONN:0")]
    [InlineData("+LINK_CONN:")]
    [InlineData("WIFI")]
    [InlineData("WIFI DISCONNECTED")]
    [InlineData("WIFI GOT IPX")]
    [InlineData("wifi disconnect")]
    [InlineData("readyx")]
    [InlineData("not ready")]
    [InlineData("+QUIT")]
    [InlineData("+CWJAP:\"ready\",\"00:11:22:33:44:55\",1,-50")]
    public void A_line_that_only_looks_like_one_has_none(string line) =>
        Assert.Equal(NoticeKind.None, EspAtNotices.Read(Encoding.Latin1.GetBytes(line)).Kind);
}
