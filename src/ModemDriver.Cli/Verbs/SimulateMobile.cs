using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using ModemDriver.Simulator;

namespace ModemDriver.Cli.Verbs;

/// <summary>The options of <c>modem simulate</c> for a cellular module: its card, and the signal over time.</summary>
internal sealed class SimulateMobile
{
    private const string HomeOperator = "46000";

    private readonly Option<string?> _pin = new("--pin")
    {
        Description = "The card asks for this PIN, 4 to 8 digits. Without it, it asks for none.",
        HelpName = "DIGITS",
        CustomParser = result =>
        {
            string text = result.Tokens[0].Value;
            if (text.Length is >= 4 and <= 8 && text.All(char.IsAsciiDigit))
            {
                return text;
            }

            result.AddError("--pin needs 4 to 8 digits");
            return null;
        },
    };

    private readonly Option<bool> _noSim = new("--no-sim")
    {
        Description = "There is no card in the module.",
    };

    private readonly Option<CellStep[]> _signal = new("--signal")
    {
        Description = "From so many seconds after the start the only cell is heard at this RSRP in dBm, RSRQ in dB and SINR "
            + "in dB, such as 30=-118:-17:-4, or 30=none; may be repeated, in the order of time.",
        HelpName = "SECONDS=RSRP:RSRQ:SINR",
        CustomParser = ReadSteps,
    };

    public void AddTo(Command command)
    {
        command.Options.Add(_pin);
        command.Options.Add(_noSim);
        command.Options.Add(_signal);
        command.Validators.Add(result =>
        {
            if (result.GetResult(_pin) is not null && result.GetValue(_noSim))
            {
                result.AddError("--pin and --no-sim exclude each other");
            }
        });
    }

    /// <summary>The card; <see langword="null"/> without one.</summary>
    public SimCard? Card(ParseResult parsed) =>
        parsed.GetValue(_noSim) ? null
        : parsed.GetValue(_pin) is string pin ? new SimCard { Pin = pin, IsPinEnabled = true }
        : new SimCard();

    /// <summary>Puts the signal of the command line into a world: one cell of the home network, and no other to change to.
    /// </summary>
    public SimulatedWorld Apply(ParseResult parsed, SimulatedWorld world)
    {
        if (parsed.GetValue(_signal) is { Length: > 0 } steps)
        {
            MobileOperator home = world.Mobile.Operators.First(known => known.Code == HomeOperator);
            world.Mobile.RemoveOperator(HomeOperator); // and its cells
            world.Mobile.AddOperator(home);
            world.Mobile.AddCell(new MobileCell { Operator = HomeOperator, SignalScript = steps });
        }

        return world;
    }

    private static CellStep[] ReadSteps(ArgumentResult result)
    {
        var steps = new List<CellStep>();
        foreach (Token token in result.Tokens)
        {
            if (ReadStep(token.Value) is not { } step)
            {
                result.AddError($"--signal needs SECONDS=RSRP:RSRQ:SINR or SECONDS=none, not '{token.Value}'");
                break;
            }

            if (steps.Count > 0 && step.At < steps[^1].At)
            {
                result.AddError($"--signal needs its moments in the order of time; '{token.Value}' is too late in the list");
                break;
            }

            steps.Add(step);
        }

        return [.. steps];
    }

    private static CellStep? ReadStep(string text)
    {
        int at = text.IndexOf('=', StringComparison.Ordinal);
        if (at < 0 || Number(text[..at], 0, 86_400) is not { } seconds)
        {
            return null;
        }

        var moment = TimeSpan.FromSeconds(seconds);
        return text[(at + 1)..] == "none" ? new CellStep(moment, null)
            : text[(at + 1)..].Split(':') is [var rsrp, var rsrq, var sinr]
                && Number(rsrp, -141, -43) is { } power && Number(rsrq, -20, -2) is { } quality
                && Number(sinr, -20, 40) is { } ratio
                ? new CellStep(moment, new CellSignal(power, quality, ratio))
                : null;
    }

    private static double? Number(string text, double low, double high) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value)
        && value >= low && value <= high ? value : null;
}
