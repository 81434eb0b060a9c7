using System.Text;
using ModemDriver.Fuzz.Targets;

namespace ModemDriver.Fuzz.Tests;

/// <summary>The targets themselves: that an input reaches what it is for, and that a broken promise is told.</summary>
public sealed class TargetTests
{
    [Fact]
    public void A_promise_that_does_not_hold_is_an_exception_with_the_reason()
    {
        Promise.Holds(true, $"never");
        Assert.Equal("7 instead of 8", Assert.Throws<BrokenPromiseException>(() => Promise.Holds(false, $"{7} instead of {8}")).Message);
    }

    [Fact]
    public void The_same_seed_gives_the_same_inputs()
    {
        byte[][] seeds = ["+CREG: 1,2"u8.ToArray(), "OK"u8.ToArray()];
        Mutator one = new(seeds, 5), two = new(seeds, 5), other = new(seeds, 6);
        string[] first = [.. Enumerable.Range(0, 50).Select(_ => Convert.ToHexString(one.Next()))];
        string[] second = [.. Enumerable.Range(0, 50).Select(_ => Convert.ToHexString(two.Next()))];
        string[] third = [.. Enumerable.Range(0, 50).Select(_ => Convert.ToHexString(other.Next()))];

        Assert.Equal(first, second);
        Assert.NotEqual(first, third);
        Assert.True(first.Distinct().Count() > 40);
    }

    [Fact]
    public void A_text_of_an_input_may_hold_any_character()
    {
        FuzzInput input = new(Encoding.UTF8.GetBytes("a%u0041%ud83d%u12\nrest"));

        Assert.Equal("aA\ud83d%u12", input.Text());
        Assert.Equal("rest", input.Text());
        Assert.True(input.IsEmpty);
        Assert.Equal(0, input.Byte());
    }

    // Each dialect has more than the commands that all have, and each of them can be named by an input.
    [Theory]
    [InlineData("esp-at", "8 IWiFiCommands.Scan AT+CWLAP", 500)]
    [InlineData("luat", "0 ILinkCommands.Close AT+CIPCLOSE=1,0", 500)]
    [InlineData("standard", "0 IPhonebookCommands.Read AT+CPBR=1,1", 100)]
    public void The_commands_of_a_dialect_can_be_named(string name, string expected, int least)
    {
        DialectTarget target = name switch
        {
            "esp-at" => DialectTarget.EspAt,
            "luat" => DialectTarget.Luat,
            _ => DialectTarget.Standard,
        };
        string[] names = [.. target.Names];

        Assert.True(names.Length >= least, $"only {names.Length}");
        Assert.Contains(names, line => line.StartsWith(expected, StringComparison.Ordinal));
    }

    // What the corpus names exists; a command that is renamed would otherwise be passed over in silence.
    [Theory]
    [InlineData("esp-at")]
    [InlineData("luat")]
    [InlineData("standard")]
    public void What_a_seed_names_exists(string name)
    {
        IEnumerable<string> names = name switch
        {
            "esp-at" => DialectTarget.EspAt.Names,
            "luat" => DialectTarget.Luat.Names,
            _ => DialectTarget.Standard.Names,
        };
        HashSet<string> known = [.. names.Select(line => line.Split(' ')[1])];
        FuzzTarget target = FuzzTargets.Find(name)!; // the name is that of one
        Assert.All(
            Corpus.Of(target).Where(one => !one.Name.StartsWith("found-", StringComparison.Ordinal)),
            one => Assert.Contains(Encoding.Latin1.GetString(one.Input).Split('\n')[0][1..], known));
    }
}
