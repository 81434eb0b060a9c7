using System.Net;
using ModemDriver.Simulator.Personalities.Common;

namespace ModemDriver.Simulator.Personalities.EspAt;

/// <summary>Where a payload goes, and how long it may be: what the parameters of AT+CIPSEND and its relatives say.
/// </summary>
/// <param name="Link">The link.</param>
/// <param name="Length">Payload bytes.</param>
/// <param name="Remote">Whom else to send a datagram to.</param>
internal sealed record SendTarget(EspAtLink Link, int Length, IPEndPoint? Remote)
{
    // [<id>,]<length>[,"host",<port>]
    /// <summary>Reads and checks the parameters, and finds the name; the outcome says what is wrong.</summary>
    internal static async ValueTask<(SendTarget? Target, Outcome Refusal)> ReadAsync(
        EspAtModule module, CommandCall call, int most, bool mayNameHost = true)
    {
        Parameters given = call.Parameters;
        int first = module.Settings.Multiple ? 1 : 0;
        int id = 0;
        if (!given.Takes(first + 1, first + (mayNameHost ? 3 : 1))
            || (first == 1 && !given.Number(0, 0, LinkTable.Size - 1, out id))
            || !given.Number(first, 1, int.MaxValue, out int length))
        {
            return (null, given.Refusal);
        }

        if (module.Settings.Transparent)
        {
            return (null, Refuse(module, "IPMODE=1"));
        }

        if (module.Links.Find(id) is not EspAtLink link)
        {
            return (null, Refuse(module, "link is not valid"));
        }

        if (length > most)
        {
            module.Respond.Reason("too long");
            return (null, Outcome.Error(ErrorCode.Invalid(first)));
        }

        if (given.Count == first + 1)
        {
            return (new SendTarget(link, length, null), Outcome.Ok);
        }

        (IPEndPoint? remote, string reason) = await RemoteAsync(module, link, call, first + 1);
        return remote is null ? (null, Refuse(module, reason)) : (new SendTarget(link, length, remote), Outcome.Ok);
    }

    private static async ValueTask<(IPEndPoint? Remote, string Reason)> RemoteAsync(
        EspAtModule module, EspAtLink link, CommandCall call, int index)
    {
        Parameters given = call.Parameters;
        if (link.Connection is not DatagramLink || !given.Text(index, 64, out string host))
        {
            return (null, "ip error");
        }

        if (!given.IsGiven(index + 1))
        {
            return (null, "no port");
        }

        if (!given.Number(index + 1, 1, 65535, out int port))
        {
            return (null, "port error");
        }

        IPAddress? address = await module.Opener.ResolveAsync(
            host, link.Connection.Remote.AddressFamily, call.Life);
        call.Life.ThrowIfCancellationRequested();
        return (address is null ? null : new IPEndPoint(address, port), "ip error");
    }

    private static Outcome Refuse(EspAtModule module, string reason)
    {
        module.Respond.Reason(reason);
        return Outcome.Failed;
    }
}
