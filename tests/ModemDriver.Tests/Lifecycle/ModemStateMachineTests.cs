using ModemDriver.Lifecycle;

namespace ModemDriver.Tests.Lifecycle;

public class ModemStateMachineTests
{
    [Fact]
    public void Every_state_is_reached_from_Closed()
    {
        var reached = new HashSet<ModemState> { ModemState.Closed };
        for (var i = 0; i < ModemStateMachine.Table.Count; i++)
        {
            reached.UnionWith(ModemStateMachine.Table.Where(row => reached.Contains(row.From)).Select(row => row.To).ToList());
        }

        Assert.Equal(Enum.GetValues<ModemState>().ToHashSet(), reached);
    }

    [Fact]
    public void Closing_ends_in_Closed_from_every_state_and_closes_the_port_that_is_open()
    {
        foreach (var state in Enum.GetValues<ModemState>())
        {
            var (after, effects) = ModemStateMachine.Next(state, ModemEvent.CloseRequested);
            var isOpen = state is not (ModemState.Closed or ModemState.Faulted);

            Assert.Equal(ModemState.Closed, after);
            Assert.Equal(isOpen, effects.HasFlag(ModemEffects.ClosePort));
        }
    }

    [Fact]
    public void A_faulted_modem_can_only_be_closed() =>
        Assert.Equal(
            ModemEvent.CloseRequested,
            Assert.Single(ModemStateMachine.Table, row => row.From == ModemState.Faulted).Event);

    [Theory]
    [InlineData(ModemEvent.ModuleReset)]
    [InlineData(ModemEvent.ChannelBroken)]
    [InlineData(ModemEvent.PortLost)]
    public void Whatever_is_lost_while_the_modem_is_usable_fails_its_links_and_is_recovered(object happened)
    {
        foreach (var state in new[]
        {
            ModemState.Ready, ModemState.Joining, ModemState.Locked, ModemState.Searching, ModemState.Registered,
            ModemState.Attaching, ModemState.Online,
        })
        {
            Assert.Equal(
                (ModemState.Recovering, ModemEffects.FailLinks | ModemEffects.Recover),
                ModemStateMachine.Next(state, (ModemEvent)happened));
        }
    }

    [Fact]
    public void An_event_without_a_row_changes_nothing() =>
        Assert.Equal(
            (ModemState.Closed, ModemEffects.None), ModemStateMachine.Next(ModemState.Closed, ModemEvent.ModuleReset));

    [Fact]
    public void No_two_rows_speak_of_the_same() =>
        Assert.Equal(
            ModemStateMachine.Table.Count, ModemStateMachine.Table.DistinctBy(row => (row.From, row.Event)).Count());
}
