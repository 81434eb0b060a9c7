using System.Globalization;
using ModemDriver.Simulator.Wire;

namespace ModemDriver.Simulator.Personalities.Cellular;

/// <summary>Puts texts on the wire in the shapes of V.250: lines of an answer, final results, unsolicited codes.</summary>
internal sealed class AtResponder(CellularModule module)
{
    private const int MostKept = 32;

    private readonly byte[] _scratch = new byte[512];
    private readonly Queue<string> _kept = new();

    private ModuleHost Host => module.Host;

    private StoredSettings Current => module.Settings.Current;

    /// <summary>A line of an answer: CR LF text CR LF.</summary>
    internal void Line(string text) => Answer(Current.Verbose ? $"\r\n{text}\r\n" : text + "\r\n");

    internal void Line(FormattableString text) => Line(WireText.Format(text));

    /// <summary>A further line of the same answer: text CR LF.</summary>
    internal void Next(string text) => Answer(text + "\r\n");

    /// <summary>Lines of one answer.</summary>
    internal void Lines(IEnumerable<string> lines)
    {
        bool isFirst = true;
        foreach (string line in lines)
        {
            (isFirst ? (Action<string>)Line : Next)(line);
            isFirst = false;
        }
    }

    internal void Ok() => Final("OK", 0);

    internal void Final(Outcome outcome)
    {
        switch (outcome.Kind)
        {
            case OutcomeKind.Ok:
                Ok();
                break;
            case OutcomeKind.Final:
                Final(outcome.Text, -1);
                break;
            case OutcomeKind.Cms:
                Final(string.Create(CultureInfo.InvariantCulture, $"+CMS ERROR: {outcome.Code}"), -1);
                break;
            case OutcomeKind.Cme when Current.ErrorForm == 1:
                Final(string.Create(CultureInfo.InvariantCulture, $"+CME ERROR: {outcome.Code}"), -1);
                break;
            case OutcomeKind.Cme when Current.ErrorForm == 2:
                Final("+CME ERROR: " + ErrorTexts.Of(outcome.Code), -1);
                break;
            default:
                Final("ERROR", 4);
                break;
        }
    }

    /// <summary>A result code.</summary>
    /// <param name="words">In words.</param>
    /// <param name="number">What it is without words; negative where it has no number.</param>
    internal void Final(string words, int number)
    {
        if (Current.Quiet)
        {
            return;
        }

        Answer(Current.Verbose || number < 0
            ? $"\r\n{words}\r\n"
            : string.Create(CultureInfo.InvariantCulture, $"{number}\r"));
    }

    /// <summary>A part of the answer to the command under way.</summary>
    internal void Answer(string text) => Host.Faults.Answer(Encode(text), Host.Uart);

    internal void Answer(ReadOnlySpan<byte> bytes) => Host.Faults.Answer(bytes, Host.Uart);

    /// <summary>An unsolicited line: CR LF text CR LF. In a data state it is kept until that is left.</summary>
    internal void Urc(string text)
    {
        if (!module.IsInData)
        {
            UrcNow(text);
            return;
        }

        if (_kept.Count == MostKept)
        {
            _kept.Dequeue();
        }

        _kept.Enqueue(text);
    }

    /// <summary>One that ends a data state.</summary>
    internal void UrcNow(string text) => Raw($"\r\n{text}\r\n");

    /// <summary>The data state was left: what was kept is said.</summary>
    internal void SayKept()
    {
        while (_kept.TryDequeue(out string? text))
        {
            UrcNow(text);
        }
    }

    /// <summary>The module stops: what was kept is forgotten.</summary>
    internal void Forget() => _kept.Clear();

    internal void Urc(FormattableString text) => Urc(WireText.Format(text));

    /// <summary>Bytes that nobody has asked for, as they are.</summary>
    internal void Raw(string text) => Host.Uart.Write(Encode(text));

    internal void Raw(ReadOnlySpan<byte> bytes) => Host.Uart.Write(bytes);

    private ReadOnlySpan<byte> Encode(string text) =>
        text.Length > _scratch.Length
            ? WireText.Bytes(text)
            : _scratch.AsSpan(0, WireText.Latin1.GetBytes(text, _scratch));
}
