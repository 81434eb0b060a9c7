using System.Text;
using ModemDriver.Dialects.Luat;
using ModemDriver.Protocol;

namespace ModemDriver.Tests.Dialects.Luat;

/// <summary>The unsolicited lines of the vendor's AT firmware, and what only looks like one.</summary>
public sealed class LuatNoticesTests
{
    public static TheoryData<string, string, int, int> Known() => new()
    {
        { "RDY", "ModuleReady", -1, 0 },
        { "^boot.rom\u0003'v\u0001\u0080\u007f'!\\n", "ModuleBooting", -1, 0 },
        { "^boot.rom\u0003'v'!\\nRDY", "ModuleBooting", -1, 0 },
        { "+CIPRXGE^boot.rom\u0003'v'!\\n", "ModuleBooting", -1, 0 },
        { "NORMAL POWER DOWN", "ModuleBooting", -1, 0 },
        { "+PDP DEACT", "PacketDataLost", -1, 0 },
        { "+PDP: DEACT", "PacketDataLost", -1, 0 },
        { "+PDP:DEACT", "PacketDataLost", -1, 0 },
        { "CONNECT OK", "LinkConnected", 0, 0 },
        { "0, CONNECT OK", "LinkConnected", 0, 0 },
        { "5,CONNECT OK", "LinkConnected", 5, 0 },
        { "3, CONNECT FAIL", "LinkConnectFailed", 3, 0 },
        { "CONNECT FAIL", "LinkConnectFailed", 0, 0 },
        { "2, ALREADY CONNECT", "LinkNumberInUse", 2, 0 },
        { "2,ALREADY CONNECT", "LinkNumberInUse", 2, 0 },
        { "ALREADY CONNECT", "LinkNumberInUse", 0, 0 },
        { "CLOSED", "LinkClosed", 0, 0 },
        { "4, CLOSED", "LinkClosed", 4, 0 },
        { "4,CLOSED", "LinkClosed", 4, 0 },
        { "+CIPRXGET: 1", "DataWaiting", 0, -1 },
        { "+CIPRXGET: 1,3", "DataWaiting", 3, -1 },
        { "+CIPRXGET:1,3", "DataWaiting", 3, -1 },
        { "TCP ERROR:14", "LinkInDoubt", -1, 0 },
        { "UDP ERROR:6", "LinkInDoubt", -1, 0 },
        { "STATE: IP STATUS", "Known", -1, 0 },
        { "SMS READY", "Known", -1, 0 },
        { "UART Boot Completed", "Known", -1, 0 },
        { "^MODE: 17,17", "Known", -1, 0 },
        { "+E_UTRAN Service", "Known", -1, 0 },
        { "+CGEV: ME PDN DEACT 1", "Known", -1, 0 },
        { "+CGEV: ME PDN ACT 1,0", "Known", -1, 0 },
        { "+NO Service", "Known", -1, 0 },
        { "+NITZ: 2024/08/27,06:36:38+0, ", "Known", -1, 0 },
        { "+UPGRADEIND: -1003", "Known", -1, 0 },
        { "+QIND: \"FOTA\",\"START\"", "Known", -1, 0 },
        { "+SAPBR 1: DEACT", "Known", -1, 0 },
        { "RECV FROM: 198.51.100.12:7500", "Known", -1, 0 },
        { "+MSUB: \"mqtt/pub\",2 byte,OK", "Known", -1, 0 },
        { "CONNACK OK", "Known", -1, 0 },
    };

    [Theory]
    [MemberData(nameof(Known))]
    public void A_known_line_has_its_meaning(string line, string kind, int linkId, int count)
    {
        ModuleNotice notice = LuatNotices.Read(Encoding.Latin1.GetBytes(line));

        Assert.Equal((Enum.Parse<NoticeKind>(kind), linkId, count), (notice.Kind, notice.LinkId, notice.Count));
    }

    [Theory]
    [InlineData("")]
    [InlineData("RDY ")]
    [InlineData("CONNECT")]
    [InlineData("CONNECT OK 1")]
    [InlineData("10, CONNECT OK")]
    [InlineData("x, CLOSED")]
    [InlineData("3,  CLOSED")]
    [InlineData("3 CLOSED")]
    [InlineData("+PDP")]
    [InlineData("+PDP DEACTIVATED")]
    [InlineData("+CIPRXGET: 2,0,20,0")]
    [InlineData("+CIPRXGET: 4,0,20")]
    [InlineData("+CIPRXGET: 1,x")]
    [InlineData("OK")]
    [InlineData("ERROR")]
    [InlineData("+CGREG: 2,1,\"1863\",\"0183db22\",7")]
    public void What_is_none_has_no_meaning(string line) =>
        Assert.Equal(default, LuatNotices.Read(Encoding.Latin1.GetBytes(line)));
}
