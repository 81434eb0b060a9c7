using ModemDriver.Commands;
using ModemDriver.Dialects.Standard;
using ModemDriver.Framing;

namespace ModemDriver.Dialects.Luat;

/// <summary>Card, registration and radio: by the standard, but for what it leaves out.</summary>
/// <param name="generation">The chip.</param>
internal sealed class LuatCellularCommands(LuatGeneration generation) : StandardCellularCommands
{
    private static readonly TimeSpan SettingLimit = TimeSpan.FromSeconds(5);

    // AT+EEMOPT=1, without which the older chips refuse the question. It is forgotten when the module starts anew.
    /// <inheritdoc/>
    public override IReadOnlyList<AtCommand> AskForSignalReport() => generation switch
    {
        LuatGeneration.Asr or LuatGeneration.Unisoc8910 or LuatGeneration.Unknown =>
            [new SimpleCommand("AT+EEMOPT=1", SettingLimit), NewQuestion()],
        _ => [NewQuestion()],
    };

    // +EEMGINFO: <state>,<network>        and the figures in a line of their own, behind the OK
    private static LinesCommand NewQuestion() => new("AT+EEMGINFO?", SettingLimit, "+EEMGINFO");
}

/// <summary>The figures of the cell that serves, as the engineering mode tells them.</summary>
internal static class LuatSignalLine
{
    private const int SinrField = 13;
    private const int LeastSinrDb = -30;
    private const int MostSinrDb = 50;

    /// <summary>The beginning of the line.</summary>
    public static ReadOnlySpan<byte> Prefix => "+EEMLTESVC:"u8;

    // +EEMLTESVC: <mcc>, <length of mnc>, <mnc>, <tac>, <pci>, <dl earfcn>, <ul earfcn>, <band>, <bandwidth>, <ci>,
    //             <transmission mode>, <rsrp>, <rsrq>, <sinr>, <rsrp main>, <rsrp diversity>, ...        30 fields
    // The scale of rsrp and rsrq is not known for sure; AT+CESQ gives both. The ratio is in dB.
    /// <summary>The ratio; a line without a plausible one tells nothing. Null for any other line.</summary>
    public static SignalQuality? Read(ReadOnlySpan<byte> line)
    {
        if (!line.StartsWith(Prefix))
        {
            return null;
        }

        var reader = new FieldReader(line[Prefix.Length..]);
        for (var i = 0; i < SinrField; i++)
        {
            if (!reader.TryRead(out _))
            {
                return new SignalQuality();
            }
        }

        return new SignalQuality
        {
            SinrDb = reader.TryReadInt(out var sinr) && sinr is >= LeastSinrDb and <= MostSinrDb ? sinr : null,
        };
    }
}
