using ModemDriver.Framing;

namespace ModemDriver.Channel;

/// <summary>Told of what belongs to no command. Called on the loop, in the order of the wire.</summary>
internal interface IChannelListener
{
    /// <summary>Whether the dialect knows the line as a URC.</summary>
    bool IsUrc(ReadOnlySpan<byte> line);

    /// <summary>The module has sent a command line back.</summary>
    void OnEcho();

    /// <summary>A line outside of any answer.</summary>
    void OnUnsolicited(ReadOnlySpan<byte> line);

    /// <summary>Whether the line is the head of a URC whose next line belongs to it.</summary>
    bool HasBody(ReadOnlySpan<byte> line) => false;

    /// <summary>The line behind a head, whatever command is in flight; no result code is one.</summary>
    BodyLine OnBody(ReadOnlySpan<byte> line) => BodyLine.None;

    /// <summary>A piece of payload that the module pushed. It may turn out to be damaged.</summary>
    void OnPushedPayload(in AtFrame piece);

    /// <summary>The payload that was pushed last was whole, as far as can be known.</summary>
    /// <param name="linkId">The link that its header named; -1 when it named none.</param>
    void OnPushedWhole(int linkId);

    /// <summary>Whether a line may stand right behind a pushed payload, without the line end that messages begin with.</summary>
    bool MayFollowPushed(ReadOnlySpan<byte> line);

    /// <summary>
    /// Bytes were lost: an overlong line, an impossible header, a payload that stopped half-way. Whatever is open and
    /// may have lost some must not go on as if nothing had happened.
    /// </summary>
    /// <param name="linkId">The link that was named; -1 when none was.</param>
    /// <param name="reason">What came.</param>
    void OnBytesLost(int linkId, ModemProtocolException reason);

    /// <summary>The channel has given up; the reason is the first that it had.</summary>
    void OnBroken(Exception reason);
}

/// <summary>Whether a line belongs to the head before it.</summary>
internal enum BodyLine
{
    /// <summary>It does not: it is a line like any other.</summary>
    None,

    /// <summary>It does, and is the last.</summary>
    Last,

    /// <summary>It does, and the next one may too.</summary>
    More,
}
