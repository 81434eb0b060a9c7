using System.CommandLine;
using Microsoft.Extensions.Logging;
using ModemDriver.Cli.Diagnostics;
using ModemDriver.Diagnostics;
using ModemDriver.Transport;

namespace ModemDriver.Cli;

/// <summary>The options of every verb that talks to a module, and the <see cref="ModemOptions"/> made of them.</summary>
internal sealed class SessionOptions(bool portRequired = true, NetworkKind kind = NetworkKind.Any)
{
    public Option<string?> Port { get; } = CommonOptions.Port(portRequired);

    public Option<int> Baud { get; } = CommonOptions.Baud();

    public Option<string?> Ssid { get; } = CommonOptions.Ssid();

    public Option<string?> Password { get; } = CommonOptions.Password();

    public Option<string?> Apn { get; } = CommonOptions.Apn();

    public Option<string?> ApnUser { get; } = CommonOptions.ApnUser();

    public Option<string?> PinFile { get; } = CommonOptions.PinFile();

    public Option<bool> NoRoaming { get; } = CommonOptions.NoRoaming();

    public Option<LogKind?> Log { get; } = CommonOptions.Log();

    public Option<bool> Json { get; } = CommonOptions.Json();

    public Option<TimeSpan?> Timeout { get; } = CommonOptions.Timeout();

    public void AddTo(Command command)
    {
        Option[] network = kind switch
        {
            NetworkKind.Any => [Ssid, Password, Apn, ApnUser, PinFile, NoRoaming],
            NetworkKind.Cellular => [Apn, ApnUser, PinFile, NoRoaming],
            _ => [],
        };
        Option[] all = [Port, Baud, .. network, Log, Json, Timeout];
        foreach (Option option in all)
        {
            command.Options.Add(option);
        }
    }

    /// <summary>The port named, with a path from the working directory made whole; <see langword="null"/> without.</summary>
    public string? PortName(ParseResult parsed) =>
        parsed.GetValue(Port) is string port
            ? !port.Contains(':', StringComparison.Ordinal) && Path.Exists(port) ? Path.GetFullPath(port) : port
            : null;

    /// <summary>The network to join; <see langword="null"/> where none is named.</summary>
    public WiFiOptions? WiFi(ParseResult parsed, ToolContext context) =>
        kind == NetworkKind.Any && parsed.GetValue(Ssid) is string ssid
            ? new WiFiOptions(ssid, PasswordOf(parsed, context))
            : null;

    /// <summary>The password of a network, from the command line or the environment.</summary>
    public string? PasswordOf(ParseResult parsed, ToolContext context) =>
        parsed.GetValue(Password) ?? context.Variable(CommonOptions.PasswordVariable);

    /// <summary>How a cellular module gets onto its network.</summary>
    /// <exception cref="ToolException">The file of the PIN cannot be read, or something is out of range.</exception>
    public CellularOptions Cellular(ParseResult parsed, ToolContext context)
    {
        if (kind == NetworkKind.None)
        {
            return new CellularOptions();
        }

        return new CellularOptions
        {
            Apn = parsed.GetValue(Apn) is string name ? ToApn(name, parsed, context) : null,
            Pin = PinOf(parsed, context),
            AllowRoaming = !parsed.GetValue(NoRoaming),
        };
    }

    /// <summary>An access point of this name, with the user and the password that were given.</summary>
    public ApnOptions ToApn(string name, ParseResult parsed, ToolContext context)
    {
        string? user = parsed.GetValue(ApnUser);
        return new ApnOptions(name)
        {
            UserName = user,
            Password = user is null ? null : context.Variable(CommonOptions.ApnPasswordVariable),
            Authentication = user is null ? ApnAuthentication.None : ApnAuthentication.Chap,
        };
    }

    /// <summary>The PIN of the card, from its file or the environment; <see langword="null"/> for none.</summary>
    /// <exception cref="ToolException">The file cannot be read, or holds none.</exception>
    public string? PinOf(ParseResult parsed, ToolContext context)
    {
        if (parsed.GetValue(PinFile) is not string path)
        {
            return context.Variable(CommonOptions.PinVariable);
        }

        try
        {
            return File.ReadLines(path).FirstOrDefault()?.Trim() is { Length: > 0 } pin
                ? pin
                : throw new ToolException(ExitCode.Usage, $"The first line of {path} is empty; it has to be the PIN.");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new ToolException(ExitCode.Usage, $"The PIN cannot be read: {exception.Message}");
        }
    }

    /// <summary>A logger factory for <c>--log debug</c> and <c>trace</c>; else one that logs nothing.</summary>
    public ILoggerFactory CreateLoggerFactory(ParseResult parsed, ToolContext context)
    {
        LogLevel least = parsed.GetValue(Log) switch
        {
            LogKind.Debug => LogLevel.Debug,
            LogKind.Trace => LogLevel.Trace,
            _ => LogLevel.None,
        };
#pragma warning disable CA2000 // The factory owns the provider that it is given.
        return new LoggerFactory(
            [new StderrLoggerProvider(context.Error, context.Time, least)],
            new LoggerFilterOptions { MinLevel = least });
#pragma warning restore CA2000
    }

    public ModemOptions ToModemOptions(ParseResult parsed, ToolContext context, ILoggerFactory loggers) => new()
    {
        Serial = new SerialTransportOptions { BitRate = parsed.GetValue(Baud) },
        WiFi = WiFi(parsed, context),
        Cellular = Cellular(parsed, context),
        LoggerFactory = loggers,
        TimeProvider = context.Time,
        Tap = parsed.GetValue(Log) == LogKind.Wire ? new WireTap(context.Error) : null,
    };
}

/// <summary>Which networks the options of a verb can name.</summary>
internal enum NetworkKind
{
    /// <summary>None: the verb does not go online.</summary>
    None,

    /// <summary>A cellular one.</summary>
    Cellular,

    /// <summary>Wi-Fi or cellular, whichever the module has.</summary>
    Any,
}
