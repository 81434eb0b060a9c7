using System.Net;
using ModemDriver.Commands;
using ModemDriver.Framing;
using ModemDriver.Services;

namespace ModemDriver.Dialects.EspAt.Services;

/// <summary>Names, echoes and time of AT firmware. ESP-AT user guide, TCP/IP AT Commands.</summary>
internal sealed class EspAtServiceCommands(EspAtFirmware firmware) : IServiceCommands
{
    private static readonly TimeSpan QueryLimit = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan SettingLimit = TimeSpan.FromSeconds(3);

    // A name that cannot be resolved is given up by the module after about 10 s.
    private static readonly TimeSpan ResolveLimit = TimeSpan.FromSeconds(15);

    // The module gives up after 5 s; a name has to be resolved before.
    private static readonly TimeSpan PingLimit = TimeSpan.FromSeconds(15);

    // A quarter of an hour and less reads as hours: the module takes 10 for ten hours, not for ten minutes.
    private const int LeastMinutes = 15;

    private readonly bool _isNonOs = firmware.Generation == EspAtGeneration.NonOs;
    private readonly string _suffix = firmware.Generation == EspAtGeneration.NonOs ? "_CUR" : string.Empty;

    /// <inheritdoc/>
    public QueryCommand<IPAddress?> Resolve(string host) => new(
        NewLine("AT+CIPDOMAIN=").Text(host, nameof(host)).Build(),
        ResolveLimit,
        null,
        EspAtServiceAnswers.ReadResolved);

    /// <inheritdoc/>
    public PingCommand Ping(string host) =>
        new EspAtPingCommand(NewLine("AT+PING=").Text(host, nameof(host)).Build(), PingLimit);

    // AT+CIPDNS=<0 by DHCP, 1 these>[,"<a>"[,"<b>"[,"<c>"]]]
    /// <inheritdoc/>
    public AtCommand SetNameServers(IReadOnlyList<IPAddress> servers)
    {
        var line = NewLine($"AT+CIPDNS{_suffix}=").Number(servers.Count > 0 ? 1 : 0);
        foreach (var server in servers)
        {
            line.Text(server.ToString(), nameof(servers));
        }

        return new SimpleCommand(line.Build(), SettingLimit);
    }

    /// <inheritdoc/>
    public QueryCommand<List<IPAddress>> ReadNameServers() =>
        new(NewLine($"AT+CIPDNS{_suffix}?").Build(), QueryLimit, [], EspAtServiceAnswers.ReadNameServers);

    // AT+CIPSNTPCFG=<0 off, 1 on>[,<timezone>,"<a>"[,"<b>"[,"<c>"]]]
    /// <inheritdoc/>
    public AtCommand SetTimeSource(NetworkTimeOptions? options)
    {
        var line = NewLine("AT+CIPSNTPCFG=").Number(options is null ? 0 : 1);
        if (options is not null)
        {
            line.Number(TimeZoneOf(options.UtcOffset));
            foreach (var server in options.Servers)
            {
                line.Text(server, nameof(options));
            }
        }

        return new SimpleCommand(line.Build(), SettingLimit);
    }

    /// <inheritdoc/>
    public QueryCommand<NetworkTimeOptions?> ReadTimeSource() =>
        new(NewLine("AT+CIPSNTPCFG?").Build(), QueryLimit, null, EspAtServiceAnswers.ReadTimeSource);

    /// <inheritdoc/>
    public QueryCommand<DateTime?> ReadTime() =>
        new(NewLine("AT+CIPSNTPTIME?").Build(), QueryLimit, null, EspAtServiceAnswers.ReadTime);

    // Whole hours, -11 to 13 for NonOS, -12 to 14 for ESP-AT; from ESP-AT 2.2 also [+|-][hh]mm.
    private int TimeZoneOf(TimeSpan offset)
    {
        var minutes = (int)offset.TotalMinutes;
        if (minutes % 60 == 0)
        {
            var hours = minutes / 60;
            return !_isNonOs || hours is >= -11 and <= 13
                ? hours
                : throw new ArgumentOutOfRangeException(
                    nameof(offset), offset, "This firmware has time zones from -11 to 13 hours.");
        }

        if (_isNonOs || !firmware.IsAtLeast(2, 2) || Math.Abs(minutes) < LeastMinutes)
        {
            throw new ArgumentOutOfRangeException(
                nameof(offset), offset, "This firmware has time zones of whole hours only.");
        }

        return (minutes / 60 * 100) + (minutes % 60);
    }

    private static CommandLineBuilder NewLine(string command) =>
        new(command, QuotingRule.Backslash, EspAtDialect.MaxCommandLine);
}
