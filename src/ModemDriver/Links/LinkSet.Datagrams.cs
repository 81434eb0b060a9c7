using System.Buffers;
using ModemDriver.Diagnostics;
using ModemDriver.Framing;
using ModemDriver.Protocol;

namespace ModemDriver.Links;

/// <summary>UDP links: opened and numbered like the others, sent and received by the datagram.</summary>
internal sealed partial class LinkSet
{
    /// <summary>Opens a UDP link. Ends by the request's time limit.</summary>
    /// <exception cref="LinkException">It could not be opened; the reason says why.</exception>
    public async Task<(Link Link, DatagramQueue Received)> OpenUdpAsync(
        UdpRequest request, CancellationToken cancellationToken)
    {
        var commands = Commands.Udp!; // the caller has seen to it
        var received = new DatagramQueue(request, commands.MaxDatagramBytes);
        var link = await OpenAsync(LinkPlan.For(request, commands, received), cancellationToken);
        return (link, received);
    }

    /// <summary>Refuses a UDP link where the module would run datagrams together.</summary>
    /// <exception cref="NotSupportedException">It would; or it needs a number for which nobody is asked.</exception>
    public static void RefuseToLoseBorders(IUdpCommands commands, LinkIdAllocation allocation)
    {
        if (commands.NeedsNumber && allocation == LinkIdAllocation.ModuleAssigned)
        {
            throw new NotSupportedException(
                "The receive mode is set for the number of the link, so the module cannot pick it; "
                + "use automatic or manual allocation.");
        }

        if (commands.LosesBorders)
        {
            throw new NotSupportedException(
                "While this firmware keeps what arrives until it is fetched, it runs datagrams together. "
                + "Open the modem with ModemOptions.ReceiveMode = ReceiveMode.Push to have UDP links.");
        }
    }

    /// <summary>Sends one datagram and waits for the module's verdict.</summary>
    /// <exception cref="LinkException">The module refused it, gave no verdict, or the link has failed.</exception>
    public async Task SendDatagramAsync(
        Link link, byte[] data, string address, int port, CancellationToken cancellationToken)
    {
        if (link.State != LinkState.Open)
        {
            throw link.WhyNotSent();
        }

        var send = Commands.Udp!.Send(Mode, link.Id, new ReadOnlySequence<byte>(data), address, port); // it is open
        send.MayWrite = link.HoldsNumber;
        FinalResult result;
        try
        {
            result = await _channel.ExecuteAsync(send, cancellationToken);
        }
        catch (ModemException exception)
        {
            throw link.State == LinkState.Open ? NotSent(link, exception.Message, exception) : link.WhyNotSent();
        }

        if (!result.IsSuccess)
        {
            throw NotSent(link, $"the module answered {result.Text}", null);
        }

        if (send.Contradiction is { } what)
        {
            throw NotSent(link, what, null);
        }

        link.CountSent(data.Length);
    }

    private LinkException NotSent(Link link, string what, Exception? innerException) => NewException(
        LinkFailure.SendFailed, link, $"A datagram of link {link.Id} to {link.EndPoint} was not sent: {what}", innerException);

    private void TakeDatagram(Link link, in AtFrame piece)
    {
        if (link.TakeDatagram(piece))
        {
            _metrics.CountDatagramDropped("queue_full");
            Log.DatagramDropped(_logger, _port, link.Id, "too many wait to be taken");
        }
    }

    // A datagram that has lost a part is a lost datagram, as any may be on its way.
    private void LoseDatagram(Link link)
    {
        if (link.Datagrams!.Abandon()) // the caller has looked
        {
            _metrics.CountDatagramDropped("line");
            Log.DatagramDropped(_logger, _port, link.Id, "a part was lost on the line");
        }
    }

    private async Task RestoreNumberAsync(Link link)
    {
        if (link.Datagrams is null)
        {
            return;
        }

        try
        {
            foreach (var command in Commands.Udp!.Restore(Mode, link.Id)) // it was open
            {
                command.MayWrite = link.HoldsNumber;
                await _channel.ExecuteAsync(command);
            }
        }
        catch (ModemException)
        {
            // The next link on the number sets it again.
            Log.LinkClosed(_logger, _port, link.Id, "and its receive mode was not set back");
        }
    }
}
