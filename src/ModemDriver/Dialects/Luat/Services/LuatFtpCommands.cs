using System.Buffers;
using System.Globalization;
using System.Text;
using ModemDriver.Commands;
using ModemDriver.Framing;
using ModemDriver.Services;

namespace ModemDriver.Dialects.Luat.Services;

/// <summary>The FTP client of the module. The vendor's AT manual, chapter FTP.</summary>
internal sealed class LuatFtpCommands : IModuleFtpCommands
{
    private const int MaxText = 49;
    private const int MaxName = 99;
    private const int MaxGetPath = 255;
    private const int MaxPutPath = 99;
    private const int Finished = 0;
    private const int Ready = 1;
    private const int GivenUp = 86;

    private static readonly TimeSpan SettingLimit = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan TransferLimit = TimeSpan.FromSeconds(30);

    private readonly PayloadHeader _got = new("+FTPGET: 2,", countField: 0, HeaderEnding.LineEnd, maxPayload: MaxPiece);
    private readonly PayloadHeader _listed = new("+FTPLIST: 2,", countField: 0, HeaderEnding.LineEnd, maxPayload: MaxPiece);

    private const int MaxPiece = 1460;

    /// <inheritdoc/>
    public int MaxFetch => MaxPiece;

    /// <inheritdoc/>
    public IReadOnlyList<AtCommand> Configure(FtpOptions options) =>
    [
        Setting(new CommandLineBuilder("AT+FTPCID=").Number(LuatBearerCommands.Number)),
        Setting(new CommandLineBuilder("AT+FTPSERV=").Text(Fit(options.Host, MaxText, "server"), nameof(options.Host))),
        Setting(new CommandLineBuilder("AT+FTPPORT=").Number(options.Port)),
        Setting(new CommandLineBuilder("AT+FTPUN=").Text(Fit(options.User, MaxText, "user"), nameof(options.User))),
        Setting(new CommandLineBuilder("AT+FTPPW=").Secret(Fit(options.Password, MaxText, "password"), nameof(options.Password))),
        Setting(new CommandLineBuilder("AT+FTPTYPE=").Text(options.IsText ? "A" : "I", nameof(options.IsText))),
    ];

    /// <inheritdoc/>
    public IReadOnlyList<AtCommand> Choose(ModuleFtpAction action, string path, long? offset)
    {
        var isPut = action is ModuleFtpAction.Put or ModuleFtpAction.Append;
        var isFolder = action is ModuleFtpAction.List or ModuleFtpAction.MakeFolder or ModuleFtpAction.RemoveFolder;
        var word = isPut ? "PUT" : "GET";
        var (folder, name) = isFolder ? (path, string.Empty) : Split(path);
        List<AtCommand> settings =
        [
            Setting(new CommandLineBuilder($"AT+FTP{word}PATH=").Text(
                Fit(AsFolder(folder), isPut ? MaxPutPath : MaxGetPath, "folder"), nameof(path))),
        ];
        if (!isFolder)
        {
            settings.Add(Setting(new CommandLineBuilder($"AT+FTP{word}NAME=").Text(Fit(name, MaxName, "name"), nameof(path))));
        }

        if (isPut)
        {
            settings.Add(Setting(new CommandLineBuilder("AT+FTPPUTOPT=").Text(
                action == ModuleFtpAction.Append ? "APPE" : "STOR", nameof(action))));
        }

        if (offset is { } from)
        {
            settings.Add(Setting(new CommandLineBuilder("AT+FTPREST=").Number(from)));
        }

        return settings;
    }

    /// <inheritdoc/>
    public AtCommand Begin(ModuleFtpAction action) => new SimpleCommand(
        action switch
        {
            ModuleFtpAction.Get => "AT+FTPGET=1",
            ModuleFtpAction.List => "AT+FTPLIST=1",
            ModuleFtpAction.Size => "AT+FTPSIZE",
            ModuleFtpAction.Delete => "AT+FTPDELE",
            ModuleFtpAction.MakeFolder => "AT+FTPMKD",
            ModuleFtpAction.RemoveFolder => "AT+FTPRMD",
            _ => "AT+FTPPUT=1",
        },
        SettingLimit);

    // +FTPGET: 2,<count>      a line end, so many bytes, a line end
    /// <inheritdoc/>
    public FetchBytesCommand Fetch(ModuleFtpAction action)
    {
        var isList = action == ModuleFtpAction.List;
        return new FetchBytesCommand(
            new CommandLineBuilder(isList ? "AT+FTPLIST=" : "AT+FTPGET=").Number(2).Number(MaxPiece).Build(),
            TransferLimit,
            isList ? _listed : _got,
            MaxPiece);
    }

    // +FTPPUT: 2,<count>      and then the module waits for so many bytes
    // The line ends with CR LF: after CR alone a payload that begins with LF loses it.
    /// <inheritdoc/>
    public AtCommand Send(ReadOnlyMemory<byte> bytes) => new SendBytesCommand(
        new CommandLineBuilder("AT+FTPPUT=").Number(2).Number(bytes.Length).Build(),
        TransferLimit,
        new CommandPayload(new ReadOnlySequence<byte>(bytes)),
        string.Create(CultureInfo.InvariantCulture, $"+FTPPUT: 2,{bytes.Length}"));

    /// <inheritdoc/>
    public AtCommand EndPut() => new SimpleCommand("AT+FTPPUT=2,0", TransferLimit);

    /// <inheritdoc/>
    public AtCommand Quit() => new SimpleCommand("AT+FTPQUIT", TransferLimit);

    // +FTPGET: 1,<code>      +FTPPUT: 1,<code>[,<most at a time>]      +FTPSIZE: 1,<code>,<size>      and so on
    /// <inheritdoc/>
    public ModuleFtpNews? Read(ReadOnlySpan<byte> line)
    {
        if (!line.StartsWith("+FTP"u8) || ActionOf(line) is not { } action
            || line.IndexOf((byte)':') is var colon && colon < 0)
        {
            return null;
        }

        var reader = new FieldReader(line[(colon + 1)..].Trim((byte)' '));
        if (!reader.TryReadInt(out var form) || form != 1 || !reader.TryReadInt(out var code))
        {
            return null;
        }

        var value = reader.TryRead(out var rest)
            && long.TryParse(Encoding.ASCII.GetString(rest.Trim((byte)' ')), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                ? number
                : -1;
        var word = code switch
        {
            Finished => ModuleFtpWord.Done,
            Ready => ModuleFtpWord.Ready,
            GivenUp => ModuleFtpWord.GivenUp,
            _ => ModuleFtpWord.Failed,
        };
        return new ModuleFtpNews(action, word, value, code);
    }

    /// <inheritdoc/>
    public (FtpFailure Reason, string Text) Explain(int code) => code switch
    {
        61 => (FtpFailure.NotReached, "no network"),
        62 => (FtpFailure.NotReached, "the name was not found"),
        63 => (FtpFailure.NotReached, "no connection"),
        64 => (FtpFailure.NoAnswer, "the server did not answer"),
        65 => (FtpFailure.Refused, "the server refused, or is gone"),
        66 => (FtpFailure.Refused, "not allowed"),
        70 => (FtpFailure.Protocol, "a reply that is none"),
        71 => (FtpFailure.NotLoggedIn, "the user was refused"),
        72 => (FtpFailure.NotLoggedIn, "the password was refused"),
        73 => (FtpFailure.NotSupported, "the server refused the type"),
        74 => (FtpFailure.NotSupported, "the server cannot go on where it was cut"),
        75 or 76 => (FtpFailure.TransferCut, "no connection for data"),
        77 => (FtpFailure.NotAvailable, "the server refused it"),
        78 => (FtpFailure.Refused, "the server does not take the file"),
        79 => (FtpFailure.NotAvailable, "the server does not send the file"),
        >= 80 and <= 84 => (FtpFailure.Refused, "TLS"),
        85 => (FtpFailure.Refused, "a file of the module"),
        86 => (FtpFailure.TransferCut, "given up"),
        _ => (FtpFailure.Refused, "no reason that is known"),
    };

    private static ModuleFtpAction? ActionOf(ReadOnlySpan<byte> line) =>
        line.StartsWith("+FTPGET"u8) ? ModuleFtpAction.Get
        : line.StartsWith("+FTPPUT"u8) ? ModuleFtpAction.Put
        : line.StartsWith("+FTPLIST"u8) ? ModuleFtpAction.List
        : line.StartsWith("+FTPSIZE"u8) ? ModuleFtpAction.Size
        : line.StartsWith("+FTPDELE"u8) ? ModuleFtpAction.Delete
        : line.StartsWith("+FTPMKD"u8) ? ModuleFtpAction.MakeFolder
        : line.StartsWith("+FTPRMD"u8) ? ModuleFtpAction.RemoveFolder
        : null;

    private static SimpleCommand Setting(CommandLineBuilder line) => new(line.Build(), SettingLimit);

    private static (string Folder, string Name) Split(string path)
    {
        var slash = path.LastIndexOf('/');
        return slash < 0 ? (string.Empty, path)
            : slash == path.Length - 1 ? throw new ArgumentException("A file is wanted, and this is a folder.", nameof(path))
            : (path[..(slash + 1)], path[(slash + 1)..]);
    }

    // The module wants a sign at the end; where the server has put the user is a folder too.
    private static string AsFolder(string path) =>
        path.Length == 0 ? "./" : path.EndsWith('/') ? path : path + "/";

    private static string Fit(string text, int most, string what) => Encoding.UTF8.GetByteCount(text) <= most
        ? text
        : throw new ArgumentException($"The module's own FTP takes {most} bytes for the {what}.", what);
}
