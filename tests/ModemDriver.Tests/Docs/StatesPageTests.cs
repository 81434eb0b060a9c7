using ModemDriver.Channel;
using ModemDriver.Lifecycle;
using ModemDriver.Tests.Architecture;

namespace ModemDriver.Tests.Docs;

/// <summary>docs/states.md says what the code says.</summary>
public sealed class StatesPageTests
{
    private const string Page = "docs/states.md";

    [Fact]
    public void The_transitions_are_those_of_the_state_machine() =>
        Assert.Equal(
            ModemStateMachine.Table.Select(row => $"{row.From}, {row.Event} -> {row.To}: {Effects(row.Effects)}"),
            MarkdownTable.Read(Page, "| State | Event | New state | Effects |")
                .Select(cells => $"{cells[0]}, {cells[1]} -> {cells[2]}: {cells[3]}"));

    [Fact]
    public void Every_event_is_explained() =>
        Assert.Equal(
            Enum.GetNames<ModemEvent>(),
            MarkdownTable.Read(Page, "| Event | What happened |").Select(cells => cells[0]));

    [Fact]
    public void Every_state_of_modem_channel_and_link_is_explained()
    {
        IEnumerable<string> explained = MarkdownTable.Read(Page, "| State | Meaning | Left when |").Select(cells => cells[0]);
        string[] modem = Enum.GetNames<ModemState>();
        string[] link = Enum.GetNames<LinkState>();

        Assert.Equal(Enum.GetNames<ChannelState>(), explained);
        string text = SourceTree.Read(Page);
        Assert.Equal(modem, Section(text, "## The modem"));
        Assert.Equal(link, Section(text, "## A link"));
    }

    // The first column of the first table of states below a heading.
    private static IEnumerable<string> Section(string text, string heading) =>
        text[text.IndexOf(heading, StringComparison.Ordinal)..].Split('\n')
            .SkipWhile(line => line != "| State | Meaning |")
            .Skip(2)
            .TakeWhile(line => line.StartsWith('|'))
            .Select(line => line.Split('`')[1]);

    private static string Effects(ModemEffects effects) => effects == ModemEffects.None ? "-" : effects.ToString();
}
