namespace ModemDriver.Benchmarks.Budgets;

/// <summary>Two contestants in turns, so that what else the machine does hurts both.</summary>
internal sealed class Duel
{
    private Duel(double[] baseline, double[] ours)
    {
        Baseline = Median(baseline);
        Ours = Median(ours);
        Ratio = Median([.. baseline.Zip(ours, static (theirs, our) => our / theirs)]);
    }

    /// <summary>The yardstick's median.</summary>
    public double Baseline { get; }

    /// <summary>The driver's median.</summary>
    public double Ours { get; }

    /// <summary>The median of what ours is by the yardstick's, run by run.</summary>
    public double Ratio { get; }

    /// <summary>Runs both in turns, once for the compiler and then as often as asked.</summary>
    public static async Task<Duel> RunAsync(int runs, Func<Task<double>> baseline, Func<Task<double>> ours, int warmUps = 1)
    {
        for (int i = 0; i < warmUps; i++)
        {
            await baseline();
            await ours();
        }

        double[] theirs = new double[runs];
        double[] our = new double[runs];
        for (int i = 0; i < runs; i++)
        {
            theirs[i] = await baseline();
            our[i] = await ours();
        }

        return new Duel(theirs, our);
    }

    /// <summary>The one in the middle.</summary>
    public static double Median(double[] values) => values.Order().ElementAt(values.Length / 2);
}
