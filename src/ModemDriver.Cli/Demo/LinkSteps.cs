using System.Globalization;

namespace ModemDriver.Cli.Demo;

/// <summary>Steps that move bytes over links, and a reset under a link that is busy.</summary>
internal sealed class LinkSteps(Modem modem, DemoServers servers)
{
    private const int TransferBytes = 1024 * 1024;
    private const int BeforeReset = 128 * 1024;

    /// <summary>A link of each kind of allocation at the same time, a megabyte each way on each.</summary>
    public async Task<DemoOutcome> TransferOnThreeAsync(CancellationToken cancellationToken)
    {
        LinkIdAllocation second = modem.Supports(ModemFeature.ModuleAssignedLinkId)
            ? LinkIdAllocation.ModuleAssigned
            : LinkIdAllocation.Automatic;
        string note = second == LinkIdAllocation.Automatic
            ? "; this firmware does not assign link numbers, so the second is automatic too"
            : "";

        string[] shown = await Task.WhenAll(
            TransferAsync("automatic", to => to with { Allocation = LinkIdAllocation.Automatic }, cancellationToken),
            TransferAsync("module-assigned", to => to with { Allocation = second }, cancellationToken),
            TransferAsync("manual", to => to with { LinkId = 1 }, cancellationToken)).ConfigureAwait(false);
        return new DemoOutcome($"{string.Join(", ", shown)}: SHA-256 equal both ways{note}", 6L * TransferBytes);
    }

    /// <summary>Resets the module while a link is being read, and uses a new link afterwards.</summary>
    public async Task<DemoOutcome> ResetAndRecoverAsync(CancellationToken cancellationToken)
    {
        var server = new TransferServer(servers.ListenAddress, TransferBytes);
        await using (server.ConfigureAwait(false))
        {
            LinkStream link = await modem.ConnectAsync(HostName, server.Port, cancellationToken).ConfigureAwait(false);
            await using (link.ConfigureAwait(false))
            {
                await TransferPayload.ReceiveAsync(link, BeforeReset, cancellationToken).ConfigureAwait(false);
                Task<string> rest = TransferPayload.ReceiveAsync(
                    link, TransferBytes - BeforeReset, cancellationToken);
                await modem.ResetModuleAsync(cancellationToken).ConfigureAwait(false);
                LinkFailure reason = await ReadReasonAsync(rest).ConfigureAwait(false);

                await modem.WaitForStateAsync(ModemState.Online, cancellationToken: cancellationToken).ConfigureAwait(false);
                string after = await TransferAsync("new link", to => to, cancellationToken).ConfigureAwait(false);
                return new DemoOutcome($"the link faulted ({reason}), the modem is online again, {after}", 2L * TransferBytes);
            }
        }
    }

    private string HostName => servers.Address.ToString();

    private static async Task<LinkFailure> ReadReasonAsync(Task<string> rest)
    {
        try
        {
            await rest.ConfigureAwait(false);
        }
        catch (IOException lost) when ((lost as LinkException ?? lost.InnerException as LinkException) is not null)
        {
            return (lost as LinkException ?? (LinkException)lost.InnerException!).Reason;
        }

        throw new DemoFailedException("The link went on after the reset as if nothing had happened.");
    }

    private async Task<string> TransferAsync(
        string kind, Func<LinkRequest, LinkRequest> choose, CancellationToken cancellationToken)
    {
        var server = new TransferServer(servers.ListenAddress, TransferBytes);
        await using (server.ConfigureAwait(false))
        {
            LinkStream link = await modem.ConnectAsync(
                choose(new LinkRequest(HostName, server.Port)), cancellationToken).ConfigureAwait(false);
            await using (link.ConfigureAwait(false))
            {
                TransferDigests own = await TransferPayload.ExchangeAsync(link, TransferBytes, cancellationToken)
                    .ConfigureAwait(false);
                TransferDigests peer = await server.ReadDigestsAsync(cancellationToken).ConfigureAwait(false);
                RequireEqual($"what went out on the {kind} link", own.Sent, peer.Received);
                RequireEqual($"what came in on the {kind} link", peer.Sent, own.Received);
                return string.Create(CultureInfo.InvariantCulture, $"{kind} = link {link.LinkId}");
            }
        }
    }

    private static void RequireEqual(string what, string sent, string received)
    {
        if (!string.Equals(sent, received, StringComparison.Ordinal))
        {
            throw new DemoFailedException($"SHA-256 of {what} differs: {sent} sent, {received} received.");
        }
    }
}
