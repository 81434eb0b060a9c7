using System.Globalization;

namespace ModemDriver.Tests.Docs;

/// <summary>docs/signal.md says what the code says.</summary>
public sealed class SignalPageTests
{
    private const string Header = "| Class | RSRP dBm | RSRQ dB | SINR dB | RSCP dBm | Ec/No dB | RSSI dBm |";

    private static readonly Func<double, SignalQuality>[] Figures =
    [
        value => new SignalQuality { RsrpDbm = value },
        value => new SignalQuality { RsrqDb = value },
        value => new SignalQuality { SinrDb = value },
        value => new SignalQuality { RscpDbm = value },
        value => new SignalQuality { EcNoDb = value },
        value => new SignalQuality { RssiDbm = value },
    ];

    [Fact]
    public void Each_limit_is_where_the_page_says()
    {
        string[][] rows = [.. MarkdownTable.Read("docs/signal.md", Header)];

        Assert.Equal(["Excellent", "Good", "Fair", "Poor", "None"], rows.Select(cells => cells[0]));
        foreach (string[] cells in rows[..^1])
        {
            SignalClass expected = Enum.Parse<SignalClass>(cells[0]);
            for (int i = 0; i < Figures.Length; i++)
            {
                double limit = double.Parse(cells[i + 1], CultureInfo.InvariantCulture);

                Assert.Equal(expected, Figures[i](limit).Class);
                Assert.Equal(expected - 1, Figures[i](limit - 0.1).Class);
            }
        }
    }
}
