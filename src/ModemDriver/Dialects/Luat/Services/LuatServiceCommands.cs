using System.Net;
using ModemDriver.Commands;
using ModemDriver.Framing;
using ModemDriver.Protocol;
using ModemDriver.Services;

namespace ModemDriver.Dialects.Luat.Services;

/// <summary>Names and echoes of the vendor's AT firmware. The vendor's AT manual, chapter TCP/IP.</summary>
internal sealed class LuatServiceCommands : IServiceCommands
{
    private const int MaxServers = 2;

    private static readonly TimeSpan QueryLimit = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan ResolveLimit = TimeSpan.FromSeconds(30);

    // One echo, for which the module waits ten seconds; a name has to be resolved before.
    private const int PingTenths = 100;
    private static readonly TimeSpan PingLimit = TimeSpan.FromSeconds(30);

    // OK, and behind it, when the answer is there:
    // +CDNSGIP: 1,"<name>","<address>"[,"<address>"]       +CDNSGIP:0,<error>
    /// <inheritdoc/>
    public QueryCommand<IPAddress?> Resolve(string host) => new(
        new CommandLineBuilder("AT+CDNSGIP=").Text(host, nameof(host)).Build(), ResolveLimit, null, ReadResolved)
    {
        LastLines =
        [
            new("+CDNSGIP: 1", ResultVerdict.Success, line => IsResolved(line, host)),
            new("+CDNSGIP: 0", ResultVerdict.Failure, IsUnknown),
        ],
    };

    // AT+CIPPING="<host>",<count>,<bytes>,<tenths of a second>
    /// <inheritdoc/>
    public PingCommand Ping(string host) => new LuatPingCommand(
        new CommandLineBuilder("AT+CIPPING=").Text(host, nameof(host)).Number(1).Number(32).Number(PingTenths).Build(),
        PingLimit);

    /// <inheritdoc/>
    public AtCommand SetNameServers(IReadOnlyList<IPAddress> servers)
    {
        if (servers.Count is 0 or > MaxServers)
        {
            throw new ArgumentOutOfRangeException(
                nameof(servers), servers.Count, "This module takes one or two name servers; the next activation brings back the network's.");
        }

        var line = new CommandLineBuilder("AT+CDNSCFG=");
        foreach (var server in servers)
        {
            line.Text(server.ToString(), nameof(servers));
        }

        return new SimpleCommand(line.Build(), QueryLimit);
    }

    /// <inheritdoc/>
    public QueryCommand<List<IPAddress>> ReadNameServers() =>
        new(CommandLineBuilder.Raw("AT+CDNSCFG?"), QueryLimit, [], ReadNameServers);

    /// <inheritdoc/>
    public AtCommand SetTimeSource(NetworkTimeOptions? options) => throw NoTime();

    /// <inheritdoc/>
    public QueryCommand<NetworkTimeOptions?> ReadTimeSource() => throw NoTime();

    /// <inheritdoc/>
    public QueryCommand<DateTime?> ReadTime() => throw NoTime();

    // Callers have asked for the feature before.
    private static NotSupportedException NoTime() =>
        new("This module has its time from the cellular network, and no source of it that can be chosen.");

    // The answer to an earlier question may come late, behind a busy or a missing answer: it names what it is for.
    private static bool IsResolved(ReadOnlySpan<byte> line, string host) =>
        LuatFields.TryStrip(line, "+CDNSGIP"u8, out var fields)
        && new FieldReader(fields) is var reader && reader.TryReadInt(out var said) && said == 1
        && reader.TryRead(out var name)
        && System.Text.Ascii.EqualsIgnoreCase(name, host);

    private static bool IsUnknown(ReadOnlySpan<byte> line) =>
        LuatFields.TryStrip(line, "+CDNSGIP"u8, out var fields)
        && new FieldReader(fields) is var reader && reader.TryReadInt(out var said) && said == 0;

    private static bool ReadResolved(ReadOnlySpan<byte> line, ref IPAddress? answer)
    {
        if (!LuatFields.TryStrip(line, "+CDNSGIP"u8, out var fields))
        {
            return false;
        }

        var reader = new FieldReader(fields);
        answer = reader.TryRead(out _) && reader.TryRead(out _) && reader.TryRead(out var address)
            ? LuatFields.ToAddress(address)
            : null;
        return true;
    }

    // PrimaryDns: <address>       SecondaryDns: <address>
    private static bool ReadNameServers(ReadOnlySpan<byte> line, ref List<IPAddress> answer)
    {
        if (!LuatFields.TryStrip(line, "PrimaryDns"u8, out var field)
            && !LuatFields.TryStrip(line, "SecondaryDns"u8, out field))
        {
            return false;
        }

        if (LuatFields.ToAddress(field) is { } server)
        {
            answer.Add(server);
        }

        return true;
    }
}

/// <summary><c>AT+CIPPING</c></summary>
internal sealed class LuatPingCommand(CommandLine line, TimeSpan timeLimit) : PingCommand(line, timeLimit)
{
    // What stands for no answer, in both of its fields.
    private const int NoTime = 600;
    private const int NoHops = 255;

    // +CIPPING: <number>,"<address>",<ms>,<ttl>      without an answer the time is 600 and the ttl 255
    /// <inheritdoc/>
    public override bool OnLine(ReadOnlySpan<byte> line)
    {
        if (!LuatFields.TryStrip(line, "+CIPPING"u8, out var fields))
        {
            return false;
        }

        var reader = new FieldReader(fields);
        if (!reader.TryRead(out _) || !reader.TryRead(out _) || !reader.TryReadInt(out var milliseconds)
            || !reader.TryReadInt(out var hops) || milliseconds < 0)
        {
            return true;
        }

        if (milliseconds >= NoTime && hops == NoHops)
        {
            HasTimedOut = true;
        }
        else
        {
            RoundTrip = TimeSpan.FromMilliseconds(milliseconds);
        }

        return true;
    }
}
