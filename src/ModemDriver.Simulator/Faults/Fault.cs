using System.Globalization;
using ModemDriver.Simulator.Wire;

namespace ModemDriver.Simulator.Faults;

/// <summary>One thing that goes wrong. Counts and offsets start where the fault is added to a plan: the first command,
/// send or answer is number 1, the first byte has offset 0.</summary>
/// <remarks>
/// Texts are bytes, one character each (Latin-1). A prefix is the beginning of a command line, <c>AT+CIPSEND</c>; the
/// empty one matches every line, and <c>&gt;</c> matches payloads, whose answer is the verdict on them.
/// </remarks>
public sealed class Fault
{
    private readonly string _description;

    private Fault(FaultKind kind, FormattableString description)
    {
        Kind = kind;
        _description = description.ToString(CultureInfo.InvariantCulture);
    }

    internal FaultKind Kind { get; }

    internal WireDirection Direction { get; private init; }

    internal string Prefix { get; private init; } = "";

    /// <summary>Number, count or size, whichever the kind needs.</summary>
    internal int Number { get; private init; }

    internal long Offset { get; private init; }

    internal TimeSpan Delay { get; private init; }

    internal byte[] Bytes { get; private init; } = [];

    internal bool Executes { get; private init; }

    internal ResetCause? Cause { get; private init; }

    /// <summary>Output leaves in pieces of this size.</summary>
    /// <param name="bytes">At least 1.</param>
    public static Fault SplitOutput(int bytes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bytes, 1);
        return new(FaultKind.Split, $"SplitOutput({bytes})") { Number = bytes };
    }

    /// <summary>Output leaves in pieces of random sizes, drawn from the plan's seed.</summary>
    /// <param name="mostBytes">The largest, at least 1.</param>
    public static Fault SplitOutputRandomly(int mostBytes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(mostBytes, 1);
        return new(FaultKind.RandomSplit, $"SplitOutputRandomly({mostBytes})") { Number = mostBytes };
    }

    /// <summary>Output pauses before a byte.</summary>
    /// <param name="offset">The byte.</param>
    /// <param name="delay">How long.</param>
    public static Fault DelayOutput(long offset, TimeSpan delay) =>
        new(FaultKind.Delay, $"DelayOutput({offset}, {delay})") { Offset = offset, Delay = delay };

    /// <summary>A byte is lost.</summary>
    /// <param name="direction">On which way.</param>
    /// <param name="offset">The byte.</param>
    public static Fault DropByte(WireDirection direction, long offset) =>
        new(FaultKind.Drop, $"DropByte({direction}, {offset})") { Direction = direction, Offset = offset };

    /// <summary>Bits of a byte flip.</summary>
    /// <param name="direction">On which way.</param>
    /// <param name="offset">The byte.</param>
    /// <param name="mask">The bits.</param>
    public static Fault CorruptByte(WireDirection direction, long offset, byte mask = 0x20) =>
        new(FaultKind.Corrupt, $"CorruptByte({direction}, {offset}, 0x{mask:x2})")
        {
            Direction = direction, Offset = offset, Bytes = [mask],
        };

    /// <summary>A byte comes twice.</summary>
    /// <param name="direction">On which way.</param>
    /// <param name="offset">The byte.</param>
    public static Fault DuplicateByte(WireDirection direction, long offset) =>
        new(FaultKind.Duplicate, $"DuplicateByte({direction}, {offset})") { Direction = direction, Offset = offset };

    /// <summary>Bytes that nobody sent stand before a byte.</summary>
    /// <param name="direction">On which way.</param>
    /// <param name="offset">The byte.</param>
    /// <param name="text">What is inserted.</param>
    public static Fault Insert(WireDirection direction, long offset, string text) =>
        new(FaultKind.Insert, $"Insert({direction}, {offset}, \"{WireText.Escape(WireText.Bytes(text))}\")")
        {
            Direction = direction, Offset = offset, Bytes = WireText.Bytes(text),
        };

    /// <summary>The next commands are answered as busy.</summary>
    /// <param name="commands">How many, at least 1.</param>
    /// <param name="executes">True: they are carried out and answered all the same, as field reports have it.</param>
    /// <param name="prefix">Only lines that begin so.</param>
    public static Fault Busy(int commands, bool executes = false, string prefix = "")
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(commands, 1);
        return new(FaultKind.Busy, $"Busy({commands}, executes: {executes}, \"{prefix}\")")
        {
            Number = commands, Executes = executes, Prefix = prefix,
        };
    }

    /// <summary>An answer is held back; the module is busy until it is out.</summary>
    /// <param name="prefix">Of the command line.</param>
    /// <param name="number">The how manieth that matches.</param>
    /// <param name="delay">How long.</param>
    public static Fault LateAnswer(string prefix, int number, TimeSpan delay) =>
        new(FaultKind.Late, $"LateAnswer(\"{prefix}\", {number}, {delay})")
        {
            Prefix = prefix, Number = number, Delay = delay,
        };

    /// <summary>A command is carried out, and its answer never comes.</summary>
    /// <param name="prefix">Of the command line.</param>
    /// <param name="number">The how manieth that matches.</param>
    public static Fault MissingAnswer(string prefix, int number = 1) =>
        new(FaultKind.Missing, $"MissingAnswer(\"{prefix}\", {number})") { Prefix = prefix, Number = number };

    /// <summary>A command is carried out, and something else is answered.</summary>
    /// <param name="prefix">Of the command line.</param>
    /// <param name="number">The how manieth that matches.</param>
    /// <param name="answer">The bytes.</param>
    public static Fault ReplacedAnswer(string prefix, int number, string answer) =>
        new(FaultKind.Replace, $"ReplacedAnswer(\"{prefix}\", {number}, \"{WireText.Escape(WireText.Bytes(answer))}\")")
        {
            Prefix = prefix, Number = number, Bytes = WireText.Bytes(answer),
        };

    /// <summary>Bytes stand inside an answer, as an unsolicited code may.</summary>
    /// <param name="prefix">Of the command line.</param>
    /// <param name="number">The how manieth that matches.</param>
    /// <param name="offset">Before which byte of the answer; beyond its end means behind it.</param>
    /// <param name="text">The bytes.</param>
    public static Fault Splice(string prefix, int number, int offset, string text) =>
        new(FaultKind.Splice, $"Splice(\"{prefix}\", {number}, {offset}, \"{WireText.Escape(WireText.Bytes(text))}\")")
        {
            Prefix = prefix, Number = number, Offset = offset, Bytes = WireText.Bytes(text),
        };

    /// <summary>The module resets instead of carrying out a command.</summary>
    /// <param name="command">The number of the command.</param>
    /// <param name="cause">Why.</param>
    public static Fault ResetAt(int command, ResetCause cause = ResetCause.Watchdog) =>
        new(FaultKind.Act, $"ResetAt({command}, {cause})") { Number = command, Cause = cause };

    /// <summary>The cable is pulled instead of carrying out a command.</summary>
    /// <param name="command">The number of the command.</param>
    public static Fault UnplugAt(int command) => new(FaultKind.Act, $"UnplugAt({command})") { Number = command };

    /// <summary>A send fails, though the payload has reached the peer.</summary>
    /// <param name="number">Which send.</param>
    /// <param name="thenOk">True: SEND OK follows all the same, as field reports have it.</param>
    public static Fault SendFail(int number = 1, bool thenOk = false) =>
        new(FaultKind.SendFail, $"SendFail({number}, thenOk: {thenOk})") { Number = number, Executes = thenOk };

    /// <summary>A send is accepted without the prompt being shown; the module counts payload all the same.</summary>
    /// <param name="number">Which send.</param>
    public static Fault LostPrompt(int number = 1) =>
        new(FaultKind.LostPrompt, $"LostPrompt({number})") { Number = number };

    /// <summary>A header announces another length than that of the data behind it.</summary>
    /// <param name="difference">What is added to the length; the sum is never below 0.</param>
    /// <param name="number">Which header, pushed or read.</param>
    public static Fault WrongLength(int difference, int number = 1) =>
        new(FaultKind.WrongLength, $"WrongLength({difference}, {number})") { Offset = difference, Number = number };

    /// <summary>A send takes another count of bytes than it was asked to, and says so where it says anything.</summary>
    /// <param name="difference">What is added to the count; the sum is at least 1, and at most what a send can take.</param>
    /// <param name="number">Which send.</param>
    public static Fault WrongCount(int difference, int number = 1) =>
        new(FaultKind.WrongCount, $"WrongCount({difference}, {number})") { Offset = difference, Number = number };

    /// <summary>The call that makes this fault.</summary>
    public override string ToString() => _description;
}

/// <summary>The kinds of <see cref="Fault"/>.</summary>
internal enum FaultKind
{
    Split,
    RandomSplit,
    Delay,
    Drop,
    Corrupt,
    Duplicate,
    Insert,
    Busy,
    Late,
    Missing,
    Replace,
    Splice,
    Act,
    SendFail,
    LostPrompt,
    WrongLength,
    WrongCount,
}
