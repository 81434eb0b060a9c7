using System.Text;
using ModemDriver.Cellular;
using ModemDriver.Commands;

namespace ModemDriver.Dialects.Standard;

/// <summary>
/// A cellular module whose vendor is not known: it is driven as far as the standard goes, which is up to its address. The
/// standard has no links.
/// </summary>
internal sealed class StandardDialect(string manufacturer, IReadOnlyList<string> answer) : CellularDialect
{
    private static readonly TimeSpan QuestionLimit = TimeSpan.FromSeconds(3);

    private readonly StandardPacketData _packetData = new();
    private LinesCommand? _model;
    private LinesCommand? _firmware;

    // Model and firmware are known once the bring-up has asked for them.
    /// <inheritdoc/>
    public override ModuleIdentity Identity => new(
        "generic (3GPP)",
        manufacturer,
        IdentityText.Find(_model?.Lines, "+CGMM"),
        IdentityText.Find(_firmware?.Lines, "+CGMR"),
        [.. answer, .. _model?.Lines ?? [], .. _firmware?.Lines ?? []]);

    /// <inheritdoc/>
    public override IPacketDataCommands PacketData => _packetData;

    /// <inheritdoc/>
    protected override int? ContextId => _packetData.ContextId;

    /// <inheritdoc/>
    public override IReadOnlyList<BringUpStep> BringUp()
    {
        _model = new LinesCommand("AT+CGMM", QuestionLimit);
        _firmware = new LinesCommand("AT+CGMR", QuestionLimit);
        return [new BringUpStep(_model), new BringUpStep(_firmware), .. base.BringUp()];
    }
}

/// <summary>
/// Takes a module that tells its maker by the command that cellular modules have for it (TS 27.007 section 5.1). A modem
/// that is not cellular answers with an error, and is none the worse.
/// </summary>
internal sealed class StandardRecogniser : IDialectRecogniser
{
    /// <inheritdoc/>
    public string Question => "AT+CGMI";

    /// <inheritdoc/>
    public Dialect? Recognise(IReadOnlyList<string> answer) =>
        IdentityText.Find(answer, "+CGMI") is { } manufacturer ? new StandardDialect(manufacturer, answer) : null;
}

/// <summary>Reads the words with which a module gives itself out.</summary>
internal static class IdentityText
{
    // <text>      +CGMI: "<text>"      Revision: <text>
    // A URC may stand among the lines while it is not known who is there; those of a cellular module begin with a sign
    // or are words of its start.
    /// <summary>The first line that can be an answer; null for none.</summary>
    public static string? Find(IReadOnlyList<string>? lines, string name)
    {
        foreach (var line in lines ?? [])
        {
            var text = Strip(Strip(line.Trim(), name), "Revision");
            if (text.Length > 0 && text[0] is not ('+' or '^' or '*' or '%' or '$') && !IsOfTheStart(text))
            {
                return text;
            }
        }

        return null;
    }

    private static bool IsOfTheStart(string text) =>
        text is "RDY" or "RING" or "SMS READY" or "SMS Ready" or "Call Ready" or "NO CARRIER";

    private static string Strip(string text, string name) => Encoding.Latin1.GetString(
        StandardFields.StripIfThere(Encoding.Latin1.GetBytes(text), Encoding.Latin1.GetBytes(name)));
}
