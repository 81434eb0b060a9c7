using ModemDriver.Commands;

namespace ModemDriver.Cellular;

/// <summary>Voice calls: what a dialect must supply.</summary>
/// <remarks>V.250 section 6.3; TS 27.007 sections 6, 7 and annex C.</remarks>
internal interface ICallCommands
{
    /// <summary>Calls a number.</summary>
    AtCommand Dial(string number);

    /// <summary>Takes the call that rings.</summary>
    AtCommand Answer();

    /// <summary>Ends all calls: asked in order until one is not refused.</summary>
    IReadOnlyList<AtCommand> HangUp();

    /// <summary>Sends tones in the call.</summary>
    AtCommand SendTones(string tones);

    /// <summary>Lists the calls.</summary>
    /// <param name="characterSet">The character set of the module; null where it is not known.</param>
    QueryCommand<List<VoiceCall>> List(string? characterSet);

    /// <summary>Has the module tell who calls.</summary>
    AtCommand ShowCaller();

    /// <summary>What a line that came by itself says of calls; null if it says nothing of them.</summary>
    /// <param name="line">The line.</param>
    /// <param name="characterSet">The character set of the module; null where it is not known.</param>
    CallNews? Read(ReadOnlySpan<byte> line, string? characterSet);
}

/// <summary>What a line says of calls.</summary>
/// <param name="Ring">It rings; null if it does not.</param>
/// <param name="Ended">How a call has ended; null if none has.</param>
internal readonly record struct CallNews(CallRing? Ring, CallEnd? Ended);
