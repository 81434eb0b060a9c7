using System.Text;
using ModemDriver.Dialects.Luat;
using ModemDriver.Protocol;

namespace ModemDriver.Tests.Dialects.Luat;

/// <summary>The states of the module's IP stack.</summary>
public sealed class LuatIpStackTests
{
    [Theory]
    [InlineData(ConnectionMode.Single)]
    [InlineData(ConnectionMode.Multiple)]
    public void From_every_state_there_is_a_way_back(ConnectionMode mode) =>
        Assert.All(
            Enum.GetValues<LuatIpState>(),
            state => Assert.Equal(LuatIpState.IpInitial, LuatIpStates.Next(mode, state, LuatIpEvent.Shut)));

    [Theory]
    [InlineData(ConnectionMode.Single)]
    [InlineData(ConnectionMode.Multiple)]
    public void Each_state_and_event_have_one_row(ConnectionMode mode)
    {
        IReadOnlyList<LuatIpTransition> table = mode == ConnectionMode.Single ? LuatIpStates.Single : LuatIpStates.Multiple;

        Assert.Equal(table.Count, table.Select(row => (row.From, row.Event)).Distinct().Count());
        Assert.All(table, row => Assert.Equal(row.To, LuatIpStates.Next(mode, row.From, row.Event)));
    }

    [Theory]
    [InlineData("IP INITIAL", nameof(LuatIpState.IpInitial))]
    [InlineData("IP START", nameof(LuatIpState.IpStart))]
    [InlineData("IP CONFIG", nameof(LuatIpState.IpConfig))]
    [InlineData("IP GPRSACT", nameof(LuatIpState.IpGprsAct))]
    [InlineData("IP STATUS", nameof(LuatIpState.IpStatus))]
    [InlineData("TCP CONNECTING", nameof(LuatIpState.Connecting))]
    [InlineData("UDP CONNECTING", nameof(LuatIpState.Connecting))]
    [InlineData("CONNECT OK", nameof(LuatIpState.ConnectOk))]
    [InlineData("TCP CLOSING", nameof(LuatIpState.Closing))]
    [InlineData("UDP CLOSED", nameof(LuatIpState.Closed))]
    [InlineData("TCP CLOSED", nameof(LuatIpState.Closed))]
    [InlineData("IP PROCESSING", nameof(LuatIpState.IpProcessing))]
    [InlineData("PDP DEACT", nameof(LuatIpState.PdpDeact))]
    [InlineData("SERVER LISTENING", nameof(LuatIpState.Unknown))]
    public void What_the_module_prints_is_read(string text, string state) =>
        Assert.Equal(Enum.Parse<LuatIpState>(state), LuatIpStates.Read(Encoding.ASCII.GetBytes(text)));

    [Fact]
    public void With_several_links_the_last_one_that_ends_moves_the_stack()
    {
        LuatIpStack stack = new();
        stack.OnMode(ConnectionMode.Multiple);
        stack.OnPrinted(LuatIpState.IpStatus);
        stack.OnOpening(5);
        stack.OnOpening(4);
        Assert.Equal(LuatIpState.IpProcessing, stack.State);

        stack.OnNotice(new ModuleNotice(NoticeKind.LinkClosed, 5));
        stack.OnNotice(new ModuleNotice(NoticeKind.LinkClosed, 5));
        Assert.Equal(LuatIpState.IpProcessing, stack.State);

        stack.OnNotice(new ModuleNotice(NoticeKind.LinkConnectFailed, 4));
        Assert.Equal(LuatIpState.IpStatus, stack.State);

        stack.OnNotice(new ModuleNotice(NoticeKind.PacketDataLost));
        Assert.Equal(LuatIpState.PdpDeact, stack.State);
        Assert.False(stack.IsInitial);
    }
}
