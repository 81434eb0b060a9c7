using ModemDriver.Simulator.Personalities.Luat;

namespace ModemDriver.Simulator.Tests;

/// <summary>The table of the stack's states, row by row.</summary>
public class LuatStateTests
{
    [Theory]
    [InlineData("Initial", "SetApn", "Start", "Start")]
    [InlineData("Initial", "Connect", "Connecting", null)]
    [InlineData("Initial", "Lost", null, null)]
    [InlineData("Initial", "Activate", null, null)]
    [InlineData("Initial", "ReadAddress", null, null)]
    [InlineData("Start", "SetApn", null, null)]
    [InlineData("Start", "Activate", "Config", "Config")]
    [InlineData("Start", "Connect", null, null)]
    [InlineData("Start", "Lost", null, null)]
    [InlineData("Config", "Activated", "Active", "Active")]
    [InlineData("Config", "ReadAddress", null, null)]
    [InlineData("Config", "Lost", "Deactivated", "Deactivated")]
    [InlineData("Active", "ReadAddress", "Status", "Status")]
    [InlineData("Active", "Connect", null, null)]
    [InlineData("Active", "Lost", "Deactivated", "Deactivated")]
    [InlineData("Status", "ReadAddress", "Status", "Status")]
    [InlineData("Status", "Connect", "Connecting", "Processing")]
    [InlineData("Status", "Lost", "Deactivated", "Deactivated")]
    [InlineData("Connecting", "Connected", "Connected", null)]
    [InlineData("Connecting", "ConnectFailed", "Status", null)]
    [InlineData("Connected", "Close", "Closing", null)]
    [InlineData("Connected", "Closed", "Closed", null)]
    [InlineData("Connected", "Connect", null, null)]
    [InlineData("Connected", "Lost", "Deactivated", "Deactivated")]
    [InlineData("Closing", "Closed", "Closed", null)]
    [InlineData("Closed", "Connect", "Connecting", null)]
    [InlineData("Closed", "Lost", "Deactivated", "Deactivated")]
    [InlineData("Processing", "Connect", null, "Processing")]
    [InlineData("Processing", "Close", null, "Processing")]
    [InlineData("Processing", "Closed", null, "Status")]
    [InlineData("Processing", "Lost", "Deactivated", "Deactivated")]
    [InlineData("Deactivated", "SetApn", null, null)]
    [InlineData("Deactivated", "Activate", null, null)]
    [InlineData("Deactivated", "Connect", null, null)]
    [InlineData("Deactivated", "Shut", "Initial", "Initial")]
    public void An_event_leads_to(string state, string happened, string? alone, string? several)
    {
        IpState from = Enum.Parse<IpState>(state);
        IpEvent what = Enum.Parse<IpEvent>(happened);

        Assert.Equal(alone, IpStates.Next(from, what, isMultiple: false)?.ToString());
        Assert.Equal(several, IpStates.Next(from, what, isMultiple: true)?.ToString());
    }

    [Fact]
    public void Shutting_leads_to_the_beginning_from_everywhere()
    {
        foreach (IpState state in Enum.GetValues<IpState>())
        {
            Assert.Equal(IpState.Initial, IpStates.Next(state, IpEvent.Shut, isMultiple: false));
            Assert.Equal(IpState.Initial, IpStates.Next(state, IpEvent.Shut, isMultiple: true));
        }
    }
}
