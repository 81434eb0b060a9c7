using System.CommandLine;
using System.Globalization;
using ModemDriver.Cli.Output;
using Spectre.Console;

namespace ModemDriver.Cli.Verbs;

/// <summary><c>modem ftp</c>: files on an FTP server, over links of the module or by its own client.</summary>
internal sealed class FtpVerb(ToolContext context)
{
    private const string PasswordVariable = "MODEM_FTP_PASSWORD";

    public Command Create() => new("ftp", "Lists, gets, puts and arranges files on an FTP server, over links of the module or by its own client.")
    {
        CreateLs(),
        CreateGet(),
        CreatePut(),
        CreateOne("rm", "Deletes a file.", (ftp, path, token) => ftp.DeleteAsync(path, token)),
        CreateOne("mkdir", "Makes a folder.", (ftp, path, token) => ftp.CreateDirectoryAsync(path, token)),
        CreateOne("rmdir", "Removes an empty folder.", (ftp, path, token) => ftp.RemoveDirectoryAsync(path, token)),
        CreateMv(),
    };

    private Command CreateLs()
    {
        var path = new Argument<string>("PATH")
        {
            Description = "The folder.", DefaultValueFactory = _ => "", Arity = ArgumentArity.ZeroOrOne,
        };
        return NewCommand(new Command("ls", "Lists a folder."), [path], async (ftp, parsed, isJson, token) => await ShowAsync(
            await ftp.ListAsync(parsed.GetValue(path) ?? "", token).ConfigureAwait(false), isJson).ConfigureAwait(false));
    }

    private Command CreateGet()
    {
        var path = new Argument<string>("PATH") { Description = "The file on the server." };
        var file = new Option<string?>("--output", "-o") { Description = "Where it goes; - for standard output. Default: its name, here." };
        var resume = new Option<bool>("--resume") { Description = "Goes on behind what is in the file already." };
        return NewCommand(
            new Command("get", "Gets a file.") { file, resume },
            [path],
            (ftp, parsed, isJson, token) => GetAsync(
                ftp, parsed.GetRequiredValue(path), parsed.GetValue(file), parsed.GetValue(resume), isJson, token));
    }

    private Command CreatePut()
    {
        var file = new Argument<string>("FILE") { Description = "The file here; - for standard input." };
        var path = new Argument<string?>("PATH")
        {
            Description = "Its name on the server. Default: the same.", Arity = ArgumentArity.ZeroOrOne,
        };
        var resume = new Option<bool>("--resume") { Description = "Goes on behind what the server has of it already." };
        var append = new Option<bool>("--append") { Description = "Adds it to what is there." };
        return NewCommand(
            new Command("put", "Puts a file.") { resume, append },
            [file, path],
            (ftp, parsed, isJson, token) => PutAsync(
                ftp, parsed.GetRequiredValue(file), parsed.GetValue(path), parsed.GetValue(resume), parsed.GetValue(append), isJson, token));
    }

    private Command CreateMv()
    {
        var path = new Argument<string>("PATH") { Description = "What it is called." };
        var newPath = new Argument<string>("NEW") { Description = "What it is to be called." };
        return NewCommand(
            new Command("mv", "Gives a file or a folder another name or place."),
            [path, newPath],
            (ftp, parsed, _, token) => ftp.RenameAsync(parsed.GetRequiredValue(path), parsed.GetRequiredValue(newPath), token));
    }

    private Command CreateOne(string name, string description, Func<IFtpClient, string, CancellationToken, Task> act)
    {
        var path = new Argument<string>("PATH") { Description = "Its path on the server." };
        return NewCommand(
            new Command(name, description), [path], (ftp, parsed, _, token) => act(ftp, parsed.GetRequiredValue(path), token));
    }

    private Command NewCommand(
        Command command, Argument[] arguments, Func<IFtpClient, ParseResult, bool, CancellationToken, Task> body)
    {
        var options = new SessionOptions();
        var server = new Argument<string>("SERVER") { Description = "HOST or HOST:PORT." };
        var user = new Option<string?>("--user")
        {
            Description = $"The user; the password is in {PasswordVariable}. Default: anonymous.",
        };
        var tls = new Option<bool>("--tls") { Description = "Protects commands and files by TLS (AUTH TLS)." };
        var onModule = new Option<bool>("--on-module")
        {
            Description = "Has the module's own FTP client do it, where it has one; without TLS and mv.",
        };
        var trust = new Option<string?>("--cacert") { Description = "The only roots that are trusted, in PEM form." };
        command.Arguments.Add(server);
        foreach (Argument argument in arguments)
        {
            command.Arguments.Add(argument);
        }

        foreach (Option option in (Option[])[user, tls, trust, onModule])
        {
            command.Options.Add(option);
        }

        options.AddTo(command);
        VerbRunner.Run(command, context, options.Timeout, options.Log, async (parsed, token) =>
        {
            FtpOptions ftpOptions = NewOptions(
                parsed.GetRequiredValue(server), parsed.GetValue(user), parsed.GetValue(tls), parsed.GetValue(trust)) with
            {
                IsOnModule = parsed.GetValue(onModule),
            };
            if (ftpOptions is { IsOnModule: true, Security: not FtpSecurity.None })
            {
                throw new ToolException(ExitCode.Usage, "--on-module goes without --tls: the module's client has none.");
            }

            ModemSession session = await ModemSession.OpenAsync(options, parsed, context, token).ConfigureAwait(false);
            await using (session.ConfigureAwait(false))
            {
                await session.Modem.GoOnlineAsync(token).ConfigureAwait(false);
                IFtpClient ftp = await session.Modem.ConnectFtpAsync(ftpOptions, token).ConfigureAwait(false);
                await using (ftp.ConfigureAwait(false))
                {
                    await body(ftp, parsed, parsed.GetValue(options.Json), token).ConfigureAwait(false);
                }

                return ExitCode.Ok;
            }
        });
        return command;
    }

    private FtpOptions NewOptions(string server, string? user, bool isSecure, string? trust)
    {
        int colon = server.LastIndexOf(':');
        int port = 21;
        if (colon >= 0 && !int.TryParse(server.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out port))
        {
            throw new ToolException(ExitCode.Usage, $"'{SafeText.Show(server)}' is neither HOST nor HOST:PORT.");
        }

        var options = new FtpOptions(colon >= 0 ? server[..colon] : server)
        {
            Port = port,
            Password = context.Variable(PasswordVariable) ?? "",
            Security = isSecure ? FtpSecurity.ExplicitTls : FtpSecurity.None,
            TrustedRoots = TlsTrust.Load(trust, anyone: false).Roots,
        };
        return user is null ? options : options with { User = user };
    }

    private async Task GetAsync(
        IFtpClient ftp, string path, string? output, bool resumes, bool isJson, CancellationToken cancellationToken)
    {
        string name = output ?? path[(path.LastIndexOf('/') + 1)..];
        if (name.Length == 0 || (resumes && name == "-"))
        {
            throw new ToolException(ExitCode.Usage, "A file to write to is wanted: --output FILE.");
        }

        long? size = await ftp.ReadSizeAsync(path, cancellationToken).ConfigureAwait(false);
        long offset = resumes && File.Exists(name) ? new FileInfo(name).Length : 0;
        if (offset > size)
        {
            throw new ToolException(
                ExitCode.Refused, string.Create(CultureInfo.InvariantCulture, $"{offset} bytes of it are here, and the server has {size}."));
        }

        if (offset == size && offset > 0)
        {
            await TellAsync(0, offset, TimeSpan.Zero, isJson, isTold: true).ConfigureAwait(false);
            return;
        }

        (long Bytes, TimeSpan Time) copied;

        // The file here is touched only when the server has begun to send.
        Stream source = await ftp.OpenReadAsync(path, offset, cancellationToken).ConfigureAwait(false);
        await using (source.ConfigureAwait(false))
        {
            Stream target = name == "-" ? context.OpenOutput() : new FileStream(name, resumes ? FileMode.Append : FileMode.Create);
            await using (target.ConfigureAwait(false))
            {
                copied = await CopyAsync(source, target, offset, size, cancellationToken).ConfigureAwait(false);
            }
        }

        await TellAsync(copied.Bytes, offset, copied.Time, isJson, name != "-").ConfigureAwait(false);
    }

    private async Task PutAsync(
        IFtpClient ftp, string file, string? path, bool resumes, bool appends, bool isJson, CancellationToken cancellationToken)
    {
        string name = path ?? Path.GetFileName(file);
        if (name.Length == 0 || name == "-" || (resumes && (file == "-" || appends)))
        {
            throw new ToolException(
                ExitCode.Usage, "A name on the server is wanted, and --resume wants a file and goes without --append.");
        }

        long offset;
        (long Bytes, TimeSpan Time) copied;
        Stream source = file == "-" ? context.OpenInput() : new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.Read);
        await using (source.ConfigureAwait(false))
        {
            offset = resumes ? await SizeOrNoneAsync(ftp, name, cancellationToken).ConfigureAwait(false) : 0;
            long? size = source.CanSeek ? source.Length : null;
            if (offset > size)
            {
                throw new ToolException(
                    ExitCode.Refused, string.Create(CultureInfo.InvariantCulture, $"The server has {offset} bytes of it, and {size} are here."));
            }

            if (offset > 0)
            {
                source.Seek(offset, SeekOrigin.Begin);
            }

            Stream target = appends
                ? await ftp.OpenAppendAsync(name, cancellationToken).ConfigureAwait(false)
                : await ftp.OpenWriteAsync(name, offset, cancellationToken).ConfigureAwait(false);
            await using (target.ConfigureAwait(false))
            {
                copied = await CopyAsync(source, target, offset, size, cancellationToken).ConfigureAwait(false);
            }
        }

        // The disposal has heard from the server that the file is there.
        await TellAsync(copied.Bytes, offset, copied.Time, isJson, isTold: true).ConfigureAwait(false);
    }

    private static async Task<long> SizeOrNoneAsync(IFtpClient ftp, string name, CancellationToken cancellationToken)
    {
        try
        {
            return await ftp.ReadSizeAsync(name, cancellationToken).ConfigureAwait(false)
                ?? throw new ToolException(ExitCode.Refused, "The server cannot tell how much it has of the file.");
        }
        catch (FtpException exception) when (exception.Reason == FtpFailure.NotAvailable)
        {
            return 0; // Nothing of it is there.
        }
    }

    private async Task<(long Bytes, TimeSpan Time)> CopyAsync(
        Stream source, Stream target, long offset, long? size, CancellationToken cancellationToken)
    {
        long began = context.Time.GetTimestamp();
        long last = began;
        long done = 0;
        byte[] buffer = new byte[16 * 1024];
        for (int count; (count = await source.ReadAsync(buffer, cancellationToken).ConfigureAwait(false)) > 0;)
        {
            await target.WriteAsync(buffer.AsMemory(0, count), cancellationToken).ConfigureAwait(false);
            done += count;
            if (context.IsErrorTerminal && context.Time.GetElapsedTime(last) >= TimeSpan.FromSeconds(0.2))
            {
                last = context.Time.GetTimestamp();
                await context.Error.WriteAsync("\r" + Bar(offset + done, size, done, context.Time.GetElapsedTime(began)))
                    .ConfigureAwait(false);
            }
        }

        await target.FlushAsync(cancellationToken).ConfigureAwait(false);
        if (context.IsErrorTerminal)
        {
            await context.Error.WriteLineAsync("\r" + Bar(offset + done, size, done, context.Time.GetElapsedTime(began)))
                .ConfigureAwait(false);
        }

        return (done, context.Time.GetElapsedTime(began));
    }

    private async Task TellAsync(long bytes, long offset, TimeSpan time, bool isJson, bool isTold)
    {
        if (isTold)
        {
            await context.Out.WriteLineAsync(isJson
                ? ToolJson.Print(new FtpTransferReport(bytes, offset, time.TotalSeconds), json => json.FtpTransferReport)
                : string.Create(
                    CultureInfo.InvariantCulture, $"{bytes} bytes{(offset > 0 ? $" behind {offset}" : "")} in {time.TotalSeconds:0.0} s"))
                .ConfigureAwait(false);
        }
    }

    private static string Bar(long at, long? size, long done, TimeSpan time)
    {
        string rate = string.Create(CultureInfo.InvariantCulture, $"{at} bytes, {done / Math.Max(time.TotalSeconds, 0.001) / 1024:0.0} KiB/s");
        if (size is not > 0)
        {
            return rate;
        }

        int full = (int)Math.Clamp(at * 30 / size.Value, 0, 30);
        return string.Create(
            CultureInfo.InvariantCulture, $"[{new string('#', full)}{new string('.', 30 - full)}] {at * 100 / size.Value,3} % {rate}");
    }

    private async Task ShowAsync(IReadOnlyList<FtpEntry> entries, bool isJson)
    {
        if (isJson)
        {
            FtpEntryReport[] reports =
                [.. entries.Select(one => new FtpEntryReport(one.Name, one.Kind.ToString(), one.Size, one.ModifiedAt))];
            await context.Out.WriteLineAsync(ToolJson.Print(reports, json => json.FtpEntryReportArray)).ConfigureAwait(false);
            return;
        }

        Table table = Screen.NewTable("Name", "Kind", "Size", "Changed");
        foreach (FtpEntry one in entries)
        {
            table.AddRow(Screen.Cells(
                SafeText.Show(one.Name),
                one.Kind.ToString(),
                one.Size?.ToString(CultureInfo.InvariantCulture),
                one.ModifiedAt?.ToString("u", CultureInfo.InvariantCulture)));
        }

        Screen.For(context.Out).Write(table);
    }
}
