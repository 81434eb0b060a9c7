using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using ModemDriver.Simulator.Faults;
using ModemDriver.Simulator.Transcripts;

namespace ModemDriver.Simulator.Tests;

/// <summary>The pages about the simulator say what the code says.</summary>
public class DocumentTests
{
    [Fact]
    public void The_page_lists_every_personality_in_its_own_words()
    {
        string page = Page("simulator.md");

        foreach (string name in PersonalityCatalog.Names)
        {
            Assert.Contains($"| `{name}` | {PersonalityCatalog.Describe(name)} |", page, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void The_page_lists_every_switch_with_its_values_and_defaults()
    {
        string page = Page("simulator.md");
        IReadOnlyList<PersonalitySwitch> nonOs = PersonalityCatalog.Switches("esp-at-1.7");
        foreach ((PersonalitySwitch known, int i) in PersonalityCatalog.Switches("esp-at").Select((s, i) => (s, i)))
        {
            Assert.Contains(
                $"| `{known.Name}` | {string.Join(", ", known.Values)} | {known.Default} | {nonOs[i].Default} |",
                page, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Every_fact_that_nobody_has_confirmed_has_a_switch()
    {
        string[] known = [.. PersonalityCatalog.Switches("esp-at").Select(each => $"`{each.Name}`")];
        string[][] rows =
        [
            .. Page("simulator.md").Split("### Facts that nobody has confirmed")[1].Split("## World")[0].Split('\n')
                .Where(line => line.StartsWith("| ", StringComparison.Ordinal) && char.IsAsciiDigit(line[2]))
                .Select(line => line.Split('|', StringSplitOptions.TrimEntries)),
        ];

        Assert.Equal(Enumerable.Range(1, 23).Select(number => $"{number}"), rows.Select(row => row[1]));
        Assert.All(rows.SelectMany(row => row[3].Split(", ")), name => Assert.Contains(name, known));
    }

    [Fact]
    public void The_cellular_page_lists_every_switch_with_its_values_and_defaults()
    {
        string page = Page("simulator-cellular.md");
        IReadOnlyList<PersonalitySwitch> later = PersonalityCatalog.Switches("air780");
        foreach ((PersonalitySwitch known, int i) in PersonalityCatalog.Switches("air820").Select((s, i) => (s, i)))
        {
            Assert.Contains(
                $"| `{known.Name}` | {string.Join(", ", known.Values)} | {known.Default} | {later[i].Default} |",
                page, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task The_cellular_page_lists_every_command()
    {
        string page = Page("simulator-cellular.md");
        await using var bench = new Bench("air780").Quiet();

        string[] commands = bench.Send("AT+CLAC\r").Split("\r\n", StringSplitOptions.RemoveEmptyEntries)[..^1];

        Assert.True(commands.Length > 90, $"There are only {commands.Length} commands.");
        foreach (string command in commands)
        {
            Assert.Matches($"[ `]{Regex.Escape(command[2..])}[ `\n]", page);
        }
    }

    [Fact]
    public async Task The_page_lists_every_command()
    {
        string page = Page("simulator.md");
        foreach (string name in PersonalityCatalog.Names.Where(name => name is "esp-at" or "esp-at-2.3"))
        {
            await using var bench = new Bench(name).Quiet();
            foreach (string command in bench.Command("AT+CMD?").Split('"').Where((_, part) => part % 2 == 1))
            {
                string word = command.StartsWith("AT+", StringComparison.Ordinal) ? command[3..] : command;
                Assert.Matches($"[ `]{word}[ `\n]", page);
            }
        }
    }

    [Fact]
    public void The_page_lists_every_fault()
    {
        string page = Page("simulator.md");

        foreach (string fault in typeof(Fault).GetMethods()
            .Where(method => method.IsStatic).Select(method => method.Name))
        {
            Assert.Contains($"`{fault}`", page, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void The_page_lists_every_event_and_its_example_is_so()
    {
        string page = Page("transcripts.md");
        foreach (string verb in TranscriptReplayer.Events)
        {
            Assert.Matches($"`{verb}[ `]", page);
        }

        TranscriptReplayer.Replay(Transcript.Parse(page.Split("```text\n")[1].Split("```")[0]).Single());
    }

    [Fact]
    public void The_default_options_are_those_of_the_page()
    {
        var options = new SimulatorOptions();
        var world = new SimulatedWorld();

        Assert.True(options.Unpaced);
        Assert.True(options.StartPowered);
        Assert.Equal(115_200, options.BitRate);
        Assert.Equal("esp-at", options.Personality);
        Assert.Same(ModuleTimings.Instant, options.EffectiveTimings);
        Assert.Same(ModuleTimings.Typical, (options with { Unpaced = false }).EffectiveTimings);
        Assert.Equal("192.168.1.77", world.FirstAddress.ToString());
        Assert.False(options.SimCard!.IsPinEnabled);
        Assert.Equal(["46000", "46001", "46011"], world.Mobile.Operators.Select(known => known.Code));
        Assert.Equal("46000", world.Mobile.Cells.MaxBy(cell => cell.Signal.RsrpDbm)!.Operator);
        Assert.Equal(SimulatedWorld.DefaultSsid, Assert.Single(world.AccessPoints).Ssid);
        Assert.Equal(TimeSpan.FromSeconds(18), options.Network.ConnectTimeout);
        Assert.Equal(TimeSpan.FromSeconds(10), options.Network.ResolveTimeout);
        Assert.Equal(TimeSpan.FromSeconds(5), options.Network.PingTimeout);
    }

    private static string Page(string name, [CallerFilePath] string here = "") =>
        File.ReadAllText(Path.Combine(Path.GetDirectoryName(here)!, "..", "..", "docs", name));
}
