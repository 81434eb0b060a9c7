using System.CommandLine;
using Microsoft.Extensions.Logging;
using ModemDriver.Cli.Diagnostics;
using ModemDriver.Diagnostics;
using ModemDriver.Transport;

namespace ModemDriver.Cli;

/// <summary>The options of every verb that talks to a module, and the <see cref="ModemOptions"/> made of them.</summary>
internal sealed class SessionOptions(bool portRequired = true, bool namesNetwork = true)
{
    public Option<string?> Port { get; } = CommonOptions.Port(portRequired);

    public Option<int> Baud { get; } = CommonOptions.Baud();

    public Option<string?> Ssid { get; } = CommonOptions.Ssid();

    public Option<string?> Password { get; } = CommonOptions.Password();

    public Option<LogKind?> Log { get; } = CommonOptions.Log();

    public Option<bool> Json { get; } = CommonOptions.Json();

    public Option<TimeSpan?> Timeout { get; } = CommonOptions.Timeout();

    public void AddTo(Command command)
    {
        Option[] network = namesNetwork ? [Ssid, Password] : [];
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
        namesNetwork && parsed.GetValue(Ssid) is string ssid
            ? new WiFiOptions(ssid, PasswordOf(parsed, context))
            : null;

    /// <summary>The password of a network, from the command line or the environment.</summary>
    public string? PasswordOf(ParseResult parsed, ToolContext context) =>
        parsed.GetValue(Password) ?? context.Variable(CommonOptions.PasswordVariable);

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
        LoggerFactory = loggers,
        TimeProvider = context.Time,
        Tap = parsed.GetValue(Log) == LogKind.Wire ? new WireTap(context.Error) : null,
    };
}
