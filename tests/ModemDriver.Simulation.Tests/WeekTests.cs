namespace ModemDriver.Simulation.Tests;

/// <summary>A part of the week that the program runs (docs/reliability.md).</summary>
public sealed class WeekTests
{
    [Theory]
    [InlineData("esp-at")]
    [InlineData("esp-at-1.6")]
    [InlineData("air820")]
    [InlineData("air780")]
    public void In_a_day_every_fault_is_recovered_from(string module)
    {
        using var output = new StringWriter();
        using var day = new Week(module, 7, TimeSpan.FromDays(1));

        Assert.True(day.Run(output), output.ToString());
        Assert.True(day.Faults > 50, $"only {day.Faults} faults");
        Assert.Equal(day.Faults, day.Histogram.Count);
        Assert.True(day.Exchanges > 100, $"only {day.Exchanges} exchanges");
    }
}
