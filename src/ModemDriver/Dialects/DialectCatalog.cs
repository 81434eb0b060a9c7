using ModemDriver.Channel;
using ModemDriver.Dialects.EspAt;
using ModemDriver.Dialects.EspAt.Services;
using ModemDriver.Dialects.Luat;
using ModemDriver.Dialects.Luat.Services;
using ModemDriver.Dialects.Standard;
using ModemDriver.Framing;
using ModemDriver.Protocol;

namespace ModemDriver.Dialects;

/// <summary>How a dialect recognises its modules.</summary>
internal interface IDialectRecogniser
{
    /// <summary>The question that its modules answer. Recognisers with the same one are asked for it once.</summary>
    string Question { get; }

    /// <summary>Makes the dialect if the answer is that of one of its modules.</summary>
    Dialect? Recognise(IReadOnlyList<string> answer);
}

/// <summary>
/// The dialects that there are, in the order in which they are tried. A list, found without reflection.
/// </summary>
internal static class DialectCatalog
{
    /// <summary>The recognisers; the last one takes whatever answers.</summary>
    public static IReadOnlyList<IDialectRecogniser> All { get; } =
    [
        new EspAtRecogniser(),
        new LuatRecogniser(),
        new StandardRecogniser(),
        new PlainRecogniser(),
    ];

    /// <summary>
    /// The headers of what a module may push while it is not known who is there, from links of an earlier program: its
    /// bytes must not be taken for lines.
    /// </summary>
    public static PayloadHeader[] PushedWhileUnknown { get; } =
        [.. EspAtLinkCommands.PushedInAnyMode, .. LuatReceiving.PushedNumbered];

    /// <summary>
    /// The rules while it is not known who is there: every dialect's way to say that it is busy, what every dialect's services
    /// push (a session of an earlier program goes on), every dialect's secrets.
    /// </summary>
    public static ChannelRules WhileUnknown { get; } = new()
    {
        ServiceHeaders = [EspAtMqttCommands.Message, LuatMqttCommands.Message],
        ResultCodes = [.. new ChannelRules().ResultCodes, .. EspAtDialect.BusyCodes],
        SecretPrefixes = [.. EspAtDialect.Secrets, .. CellularDialect.StandardSecrets, .. LuatDialect.Secrets],
    };

    /// <summary>
    /// What a line of a module means of which it is not known who it is: one that starts says so between the answers.
    /// </summary>
    public static ModuleNotice ReadNoticeWhileUnknown(ReadOnlySpan<byte> line)
    {
        var notice = EspAtNotices.Read(line);
        notice = notice.Kind != NoticeKind.None ? notice : LuatNotices.Read(line);
        return notice.Kind != NoticeKind.None ? notice : StandardNotices.Read(line, contextId: null);
    }
}
