using System.Net;
using ModemDriver.Cellular;
using ModemDriver.Commands;
using ModemDriver.Framing;

namespace ModemDriver.Dialects.Standard;

/// <summary>The packet data of a module by the standard: a context is defined, activated and asked for its address.</summary>
/// <remarks>TS 27.007 sections 10.1.1 (+CGDCONT), 10.1.10 (+CGACT), 10.1.14 (+CGPADDR), 10.1.31 (+CGAUTH).</remarks>
internal sealed class StandardPacketData(int contextId = 1) : IPacketDataCommands
{
    private static readonly TimeSpan QueryLimit = TimeSpan.FromSeconds(5);

    // The standard leaves it to the network; vendors give up to 150 s.
    private static readonly TimeSpan ActivateLimit = TimeSpan.FromSeconds(150);

    private ApnOptions? _apn;

    /// <summary>The number of the context.</summary>
    public int ContextId => contextId;

    /// <inheritdoc/>
    public void Choose(ApnOptions? apn) => _apn = apn;

    // On LTE the last context cannot be taken down, and the refusal means nothing.
    /// <inheritdoc/>
    public IReadOnlyList<AtCommand> Deactivate() =>
        [new SimpleCommand(new CommandLineBuilder("AT+CGACT=").Number(0).Number(contextId).Build(), ActivateLimit)];

    /// <inheritdoc/>
    public IReadOnlyList<AtCommand> Activate()
    {
        var steps = new List<AtCommand>();
        if (_apn is { } apn)
        {
            steps.Add(new SimpleCommand(
                new CommandLineBuilder("AT+CGDCONT=")
                    .Number(contextId).Text("IP", "type").Text(apn.Name, nameof(apn)).Build(),
                QueryLimit));
            if (apn.Authentication != ApnAuthentication.None)
            {
                steps.Add(Authenticate(apn));
            }
        }

        steps.Add(new SimpleCommand(
            new CommandLineBuilder("AT+CGACT=").Number(1).Number(contextId).Build(), ActivateLimit));
        return steps;
    }

    /// <inheritdoc/>
    public QueryCommand<IPAddress?> ReadAddress() => new(
        new CommandLineBuilder("AT+CGPADDR=").Number(contextId).Build(), QueryLimit, null, TakeAddress);

    private SimpleCommand Authenticate(ApnOptions apn) => new(
        new CommandLineBuilder("AT+CGAUTH=")
            .Number(contextId)
            .Number(apn.Authentication == ApnAuthentication.Chap ? 2 : 1)
            .Text(apn.UserName ?? string.Empty, nameof(apn.UserName))
            .Secret(apn.Password ?? string.Empty, nameof(apn.Password))
            .Build(),
        QueryLimit);

    // +CGPADDR: <cid>[,<address>[,<address>]]       quoted or not; 0.0.0.0 or nothing while it is down. Of two, the
    // first is of IPv4.
    private bool TakeAddress(ReadOnlySpan<byte> line, ref IPAddress? answer)
    {
        if (!StandardFields.TryStrip(line, "+CGPADDR"u8, out var fields))
        {
            return false;
        }

        var reader = new FieldReader(fields);
        if (reader.TryReadInt(out var id) && id == contextId && reader.TryRead(out var address)
            && FieldReader.ToAddress(address) is { } read && !read.Equals(IPAddress.Any))
        {
            answer = read;
        }

        return true;
    }
}
