using ModemDriver.Framing;

namespace ModemDriver.Tests.Framing;

/// <summary>One header of each ending, as the modules have them.</summary>
internal static class Headers
{
    /// <summary><c>+IPD,0,5:hello</c></summary>
    public static readonly PayloadHeader Pushed = new("+IPD,", 1, HeaderEnding.Colon, linkField: 0, maxPayload: 2048);

    /// <summary><c>+CIPRECVDATA:5,hello</c></summary>
    public static readonly PayloadHeader CommaAfterCount = new("+CIPRECVDATA:", 0, HeaderEnding.CommaAfterCount);

    /// <summary><c>+CIPRECVDATA,5:hello</c></summary>
    public static readonly PayloadHeader ColonAfterCount = new("+CIPRECVDATA,", 0, HeaderEnding.Colon);

    /// <summary><c>+RECEIVE,0,5:</c>, CR LF or not, <c>hello</c></summary>
    public static readonly PayloadHeader OptionalLineEnd =
        new("+RECEIVE,", 1, HeaderEnding.ColonAndOptionalLineEnd, linkField: 0, maxPayload: 2048);

    /// <summary><c>+QIRD: 5</c>, CR LF, <c>hello</c></summary>
    public static readonly PayloadHeader LineEnd = new("+QIRD: ", 0, HeaderEnding.LineEnd);

    /// <summary><c>+MSG: "topic",5 byte,hello</c>; the quotes may be missing.</summary>
    public static readonly PayloadHeader Text = PayloadHeader.WithText("+MSG: ", " byte", maxText: 60, maxPayload: 2048);

    /// <summary><c>+RECV:0,"topic",5,hello</c>; the same without a unit.</summary>
    public static readonly PayloadHeader TextWithoutUnit = PayloadHeader.WithText("+RECV:0,", string.Empty, maxText: 60, maxPayload: 2048);
}
