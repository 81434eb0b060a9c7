namespace ModemDriver;

/// <summary>How a call stands.</summary>
/// <remarks>TS 27.007 section 7.18, the parameter stat.</remarks>
public enum VoiceCallStatus
{
    /// <summary>Both can speak.</summary>
    Active,

    /// <summary>On hold.</summary>
    Held,

    /// <summary>It was dialled, and does not ring yet.</summary>
    Dialling,

    /// <summary>It rings at the other end.</summary>
    Alerting,

    /// <summary>It rings here.</summary>
    Incoming,

    /// <summary>It comes in while another is active.</summary>
    Waiting,

    /// <summary>It has ended, as some modules list it once more.</summary>
    Released,
}

/// <summary>A call that the module has.</summary>
/// <param name="Id">Its number in the module, from 1.</param>
/// <param name="IsIncoming">Whether the other side has called.</param>
/// <param name="Status">How it stands.</param>
/// <param name="Number">The other side; <see langword="null"/> where it is withheld or not known.</param>
public sealed record VoiceCall(int Id, bool IsIncoming, VoiceCallStatus Status, string? Number)
{
    /// <summary>Whether it carries voice; <see langword="false"/> for data and fax.</summary>
    public bool IsVoice { get; init; } = true;

    /// <summary>Whether it is part of a conference.</summary>
    public bool IsConference { get; init; }

    /// <summary>Does not tell the number.</summary>
    public override string ToString() => $"{Id}: {Status}";
}

/// <summary>It rings.</summary>
/// <param name="Number">
/// Who calls; <see langword="null"/> where it is withheld, or the module did not say (<see cref="CallInterface.ListenAsync"/>).
/// </param>
/// <param name="IsWithheld">Whether the caller has withheld it.</param>
public sealed record CallRing(string? Number, bool IsWithheld)
{
    /// <summary>Does not tell the number.</summary>
    public override string ToString() => "it rings";
}

/// <summary>How a call has ended.</summary>
public enum CallEnd
{
    /// <summary>The other side, or the network, has ended it (<c>NO CARRIER</c>).</summary>
    HungUp,

    /// <summary>The other side is busy (<c>BUSY</c>).</summary>
    Busy,

    /// <summary>Nobody has answered there (<c>NO ANSWER</c>).</summary>
    NoAnswer,
}
