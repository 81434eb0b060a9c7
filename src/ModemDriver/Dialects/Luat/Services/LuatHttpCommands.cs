using System.Buffers;
using ModemDriver.Commands;
using ModemDriver.Framing;
using ModemDriver.Services;

namespace ModemDriver.Dialects.Luat.Services;

/// <summary>The HTTP client of the module, in its plain form: a whole answer at a time. The vendor's AT manual, chapter HTTP.</summary>
/// <param name="generation">The chip.</param>
internal sealed class LuatHttpCommands(LuatGeneration generation) : IModuleHttpCommands
{
    private const int MaxUrl = 500;
    private const int MaxLine = 640;
    private const int MaxHead = 8 * 1024;
    private const int InputMilliseconds = 20_000;

    private static readonly TimeSpan SettingLimit = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan TransferLimit = TimeSpan.FromSeconds(60);

    // What the module holds of one answer, or takes of one body.
    private int MaxBody => generation == LuatGeneration.Unisoc8910 ? 319_488 : 3356;

    /// <inheritdoc/>
    public AtCommand Begin() => new SimpleCommand("AT+HTTPINIT", SettingLimit);

    /// <inheritdoc/>
    public IReadOnlyList<AtCommand> Configure(ModuleHttpRequest request)
    {
        if (request.Url.Length > MaxUrl)
        {
            throw new ArgumentException($"The module takes at most {MaxUrl} characters.", nameof(request));
        }

        List<AtCommand> settings =
        [
            new SimpleCommand(
                new CommandLineBuilder("AT+HTTPPARA=").Text("CID", nameof(request)).Number(LuatBearerCommands.Number).Build(), SettingLimit),
            Say("URL", request.Url),
            new SimpleCommand(
                new CommandLineBuilder("AT+HTTPPARA=")
                    .Text("TIMEOUT", nameof(request)).Number((long)Math.Ceiling(request.TimeLimit.TotalSeconds)).Build(),
                SettingLimit),
        ];
        if (request.Method == ModuleHttpMethod.Post)
        {
            settings.Add(Say("CONTENT", request.ContentType));
        }

        settings.AddRange(request.Headers.Select(header => Say("USER_DEFINED", header)));
        return settings;
    }

    // AT+HTTPDATA=<count>,<ms>      DOWNLOAD      and then the module waits for so many bytes
    /// <inheritdoc/>
    public AtCommand SendBody(ReadOnlyMemory<byte> body) => body.Length <= MaxBody
        ? new SendBytesCommand(
            new CommandLineBuilder("AT+HTTPDATA=").Number(body.Length).Number(InputMilliseconds).Build(),
            TransferLimit,
            new CommandPayload(new ReadOnlySequence<byte>(body)),
            "DOWNLOAD")
        : throw new ArgumentException($"The module takes a body of at most {MaxBody} bytes.", nameof(body));

    /// <inheritdoc/>
    public AtCommand Act(ModuleHttpMethod method) =>
        new SimpleCommand(new CommandLineBuilder("AT+HTTPACTION=").Number((int)method).Build(), SettingLimit);

    // +HTTPREAD: <count>      a line end, so many bytes, one line end or two
    /// <inheritdoc/>
    public FetchBytesCommand ReadBody(int length) => new(
        CommandLineBuilder.Raw("AT+HTTPREAD"),
        TransferLimit,
        new PayloadHeader("+HTTPREAD: ", countField: 0, HeaderEnding.LineEnd, maxPayload: MaxBody),
        Math.Min(length, MaxBody));

    // +HTTPHEAD: <count>      as above
    /// <inheritdoc/>
    public FetchBytesCommand ReadHead() => new(
        CommandLineBuilder.Raw("AT+HTTPHEAD"),
        TransferLimit,
        new PayloadHeader("+HTTPHEAD: ", countField: 0, HeaderEnding.LineEnd, maxPayload: MaxHead),
        MaxHead);

    /// <inheritdoc/>
    public AtCommand End() => new SimpleCommand("AT+HTTPTERM", SettingLimit);

    // +HTTPACTION: <method>,<status>,<length>
    /// <inheritdoc/>
    public ModuleHttpNews? Read(ReadOnlySpan<byte> line)
    {
        if (!LuatFields.TryStrip(line, "+HTTPACTION"u8, out var fields))
        {
            return null;
        }

        var reader = new FieldReader(fields);
        return reader.TryReadInt(out _) && reader.TryReadInt(out var status) && reader.TryReadInt(out var length) && length >= 0
            ? new ModuleHttpNews(status, length)
            : null;
    }

    /// <inheritdoc/>
    public BoardServiceFailure? Explain(int status) => status switch
    {
        >= 100 and < 600 => null,
        600 => BoardServiceFailure.Protocol,
        601 => BoardServiceFailure.NoNetwork,
        602 => BoardServiceFailure.TooLong,
        603 => BoardServiceFailure.NameNotFound,
        604 => BoardServiceFailure.Busy,
        605 or 606 => BoardServiceFailure.NotReached,
        _ => BoardServiceFailure.Unknown,
    };

    // Quotes inside are written by their number, and so is what makes a number of what follows it.
    private static SimpleCommand Say(string name, string value) => new(
        new CommandLineBuilder("AT+HTTPPARA=", maxLength: MaxLine)
            .Text(name, nameof(name))
            .Secret(value.Replace("\\", "\\5C", StringComparison.Ordinal).Replace("\"", "\\22", StringComparison.Ordinal), nameof(value))
            .Build(),
        SettingLimit);
}
