using ModemDriver.Framing;
using ModemDriver.Protocol;
using ModemDriver.Scheduling;

namespace ModemDriver.Channel;

/// <summary>How to leave a module that waits for payload, or carries data, without a command of ours going to a peer.</summary>
/// <param name="Sequence">What is sent, in one write.</param>
/// <param name="QuietBefore">Nothing is sent for so long before it.</param>
/// <param name="QuietAfter">Nothing is sent for so long after it.</param>
internal sealed record PayloadEscape(string Sequence, TimeSpan QuietBefore, TimeSpan QuietAfter);

/// <summary>What the channel must know of a dialect: data, no behaviour.</summary>
internal sealed record ChannelRules
{
    /// <summary>Final result codes of any command. V.250 section 5.7.1; TS 27.007 section 9.1.</summary>
    /// <remarks>Some modules leave out the blank behind the colon.</remarks>
    public IReadOnlyList<ResultCode> ResultCodes { get; init; } =
    [
        new("OK", ResultVerdict.Success),
        new("ERROR", ResultVerdict.Failure),
        new("+CME ERROR:", ResultVerdict.Failure, hasValue: true),
        new("+CMS ERROR:", ResultVerdict.Failure, hasValue: true),
    ];

    /// <summary>How string parameters are escaped.</summary>
    public QuotingRule Quoting { get; init; } = QuotingRule.Refuse;

    /// <summary>Lines that this firmware sends without their end.</summary>
    public IReadOnlyList<string> UnendedLines { get; init; } = [];

    /// <summary>What the module's own services may push at any time, whatever the mode of links is.</summary>
    public IReadOnlyList<PayloadHeader> ServiceHeaders { get; init; } = [];

    /// <summary>The longest command line in bytes, with its end.</summary>
    public int MaxCommandLine { get; init; } = 512;

    /// <summary>The start of lines, sent or received, of which the rest is never shown.</summary>
    public IReadOnlyList<string> SecretPrefixes { get; init; } = [];

    /// <summary>
    /// Whether messages begin with CR LF, but for those that the dialect names. Then it shows whether a pushed payload, which has
    /// no end of its own, was whole.
    /// </summary>
    public bool MessagesBeginWithLineEnd { get; init; }

    /// <summary>How to leave the wait for payload; <see langword="null"/> where there is no way.</summary>
    public PayloadEscape? Escape { get; init; }

    /// <summary>
    /// How to leave the data state after a command that leads there and was not answered in time: it may have been obeyed;
    /// <see langword="null"/> where commands are taken all the same.
    /// </summary>
    public PayloadEscape? DataEscape { get; init; }

    /// <summary>How long a late answer is waited for, beyond the command's own limit.</summary>
    public TimeSpan QuarantineLimit { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a probe may take.</summary>
    public TimeSpan ProbeLimit { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long a second answer to the same probe is waited for.</summary>
    public TimeSpan SettleTime { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>
    /// How long an answer is waited for after a busy: a module has been seen to refuse a line and carry it out all the
    /// same.
    /// </summary>
    public TimeSpan BusyGrace { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>The waits between attempts while the module is busy.</summary>
    public BackOff BusyBackOff { get; init; } =
        new(TimeSpan.FromMilliseconds(50), TimeSpan.FromMilliseconds(200));

    /// <summary>The silence inside a payload after which its rest is given up.</summary>
    public TimeSpan PayloadStall { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>How long a command waits for its turn.</summary>
    public TimeSpan QueueLimit { get; init; } = TimeSpan.FromSeconds(60);
}
