namespace ModemDriver;

/// <summary>How a dialogue with the network stands.</summary>
/// <remarks>TS 27.007 section 7.15, the parameter m.</remarks>
public enum UssdStatus
{
    /// <summary>The network has said what it had to say; the dialogue is over.</summary>
    Done,

    /// <summary>The network waits for an answer.</summary>
    AnswerExpected,

    /// <summary>The network has ended the dialogue.</summary>
    EndedByNetwork,

    /// <summary>Another program on the module has answered.</summary>
    AnsweredElsewhere,

    /// <summary>The network does not know the code.</summary>
    NotSupported,

    /// <summary>The network has waited for an answer, and given up.</summary>
    TimedOut,
}

/// <summary>What a network says in a dialogue by codes (USSD).</summary>
/// <param name="Status">How the dialogue stands.</param>
/// <param name="Text">Its text, with line feeds; <see langword="null"/> where it says nothing.</param>
public sealed record UssdReply(UssdStatus Status, string? Text)
{
    /// <summary>Whether the network waits for an answer.</summary>
    public bool IsAnswerExpected => Status == UssdStatus.AnswerExpected;

    /// <summary>Does not tell the text.</summary>
    public override string ToString() => $"{Status}";
}
