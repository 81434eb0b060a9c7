using ModemDriver.Channel;
using ModemDriver.Diagnostics;
using ModemDriver.Messaging;

namespace ModemDriver.Lifecycle;

/// <content>Short messages: what comes by itself, and who waits for it.</content>
internal sealed partial class ModemRunner
{
    private const int MaxSentRemembered = 256;

    private readonly Queue<(int Reference, string Recipient, SentMessage Message)> _sent = new();
    private readonly Queue<StatusReportPdu> _early = new();
    private int _sending;
    private MessageInbox? _inbox;
    private MessageRouting? _messageRouting;
    private bool _isRouted;
    private bool _bodyIsBroadcast;
    private ModemState _inboxState;

    /// <summary>Told of each status report, off the loop; null while nobody wants to know.</summary>
    public Action<MessageStatusReport>? StatusReported { get; set; }

    /// <summary>Makes the module speak in octets, and tell of reports; again after it has started anew.</summary>
    public async Task PrepareMessagesAsync(IMessageCommands commands, CancellationToken cancellationToken)
    {
        await ExecuteOrThrowAsync(commands.ChooseOctets(), cancellationToken);
        if (_isRouted && Kept.Has(ModemFeature.Sms))
        {
            return;
        }

        foreach (var command in commands.Route(_messageRouting))
        {
            await ExecuteOrThrowAsync(command, cancellationToken);
        }

        _isRouted = true;
        var routing = _messageRouting;
        Kept.Keep(ModemFeature.Sms, dialect =>
            [dialect.Messages!.ChooseOctets(), .. dialect.Messages.Route(routing)]);
    }

    /// <summary>Whether somebody receives messages.</summary>
    public bool IsReceivingMessages => _inbox is not null;

    /// <summary>Begins to receive.</summary>
    /// <exception cref="InvalidOperationException">Somebody else receives already.</exception>
    public async Task<MessageInbox> BeginReceivingAsync(
        MessageRouting routing, TimeSpan expiry, CancellationToken cancellationToken)
    {
        var commands = Require(ModemFeature.Sms).Messages!; // a module that has the feature has the commands
        if (_inbox is not null)
        {
            throw new InvalidOperationException("The messages of this modem are being received already.");
        }

        var inbox = new MessageInbox(Channel, commands, _time, expiry, _loop.Post)
        {
            Run = body => _loop.Watch(body()),
            Reported = OnStatusReport,
            Deferred = exception => Log.MessagesDeferred(_logger, PortName, exception.Message),
            Unreadable = (where, exception) => Log.MessageUnreadable(_logger, PortName, where, exception.Message),
        };
        _inbox = inbox;
        _messageRouting = routing;
        _isRouted = false;
        try
        {
            await PrepareMessagesAsync(commands, cancellationToken);
            await inbox.SweepAsync();
            return inbox;
        }
        catch
        {
            await EndReceivingAsync(inbox);
            throw;
        }
    }

    /// <summary>Ends receiving; what comes from now on is stored by the module.</summary>
    public async Task EndReceivingAsync(MessageInbox inbox)
    {
        await inbox.DisposeAsync();
        if (ReferenceEquals(_inbox, inbox))
        {
            _inbox = null;
            _isRouted = false;
            if (_messageRouting == MessageRouting.Direct)
            {
                await RouteToStoreAsync(inbox.Commands);
            }

            _messageRouting = null;
        }
    }

    /// <summary>
    /// A message is on its way: a report of a part may come before its number is known here, and waits.
    /// </summary>
    public void BeginSending() => _sending++;

    /// <summary>Remembers what was sent, for its reports.</summary>
    /// <param name="recipient">The number that it was sent to.</param>
    /// <param name="message">The parts that were sent.</param>
    public void EndSending(string recipient, SentMessage message)
    {
        _sending--;
        foreach (var reference in message.References)
        {
            _sent.Enqueue((reference, recipient, message));
            if (_sent.Count > MaxSentRemembered)
            {
                _sent.Dequeue();
            }
        }

        while (_sending == 0 && _early.TryDequeue(out var report))
        {
            TellReport(report);
        }
    }

    /// <inheritdoc/>
    public bool HasBody(ReadOnlySpan<byte> line)
    {
        var head = Dialect?.Messages?.ReadHead(line) ?? MessageHead.None;
        _bodyIsBroadcast = head == MessageHead.Broadcast;
        return BeginsUssd(line) || head != MessageHead.None;
    }

    /// <inheritdoc/>
    public BodyLine OnBody(ReadOnlySpan<byte> line)
    {
        if (_ussdText.Count > 0)
        {
            return OnUssdLine(line);
        }

        if (!PduReader.IsHex(line))
        {
            return BodyLine.None;
        }

        if (_bodyIsBroadcast)
        {
            return BodyLine.Last; // Of a cell, for everybody in it; nobody has asked for it.
        }

        bool isTaken;
        try
        {
            isTaken = OnHandedOver(MessagePdu.Read(PduReader.FromHex(line)));
        }
        catch (PduException exception)
        {
            // It would come again and again if it were not acknowledged.
            Log.MessageUnreadable(_logger, PortName, "handed over", exception.Message);
            isTaken = true;
        }

        if (isTaken && _messageRouting == MessageRouting.Direct && Dialect?.Messages is { } commands)
        {
            _loop.Watch(AcknowledgeAsync(commands));
        }

        return BodyLine.Last;
    }

    private bool OnHandedOver(MessagePdu pdu)
    {
        switch (pdu)
        {
            case StatusReportPdu report:
                OnStatusReport(report);
                return true;
            case DeliverPdu deliver when _inbox is { HasRoom: true } inbox:
                inbox.OnDelivered(deliver);
                return true;
            default:
                return false;
        }
    }

    private async Task AcknowledgeAsync(IMessageCommands commands)
    {
        try
        {
            await Channel.ExecuteAsync(commands.Acknowledge());
        }
        catch (ModemException exception)
        {
            Log.MessageUnacknowledged(_logger, PortName, exception.Message);
        }
    }

    private async Task RouteToStoreAsync(IMessageCommands commands)
    {
        try
        {
            foreach (var command in commands.Route(MessageRouting.Stored))
            {
                await Channel.ExecuteAsync(command);
            }
        }
        catch (ModemException exception)
        {
            Log.MessagesDeferred(_logger, PortName, exception.Message);
        }
    }

    private void OnStatusReport(StatusReportPdu report)
    {
        if (_sending > 0 && _early.Count < MaxSentRemembered)
        {
            _early.Enqueue(report);
        }
        else
        {
            TellReport(report);
        }
    }

    private void TellReport(StatusReportPdu report)
    {
        if (StatusReported is not { } told)
        {
            return;
        }

        var message = _sent.LastOrDefault(sent =>
            sent.Reference == report.Reference && IsSameNumber(sent.Recipient, report.Recipient)).Message;
        var delivery = MessageStatusReport.DeliveryOf(report.Status);
        var statusReport = new MessageStatusReport(
            report.Reference, report.Recipient, delivery, report.Status, report.SentAt, report.DoneAt, message);
        _events.Post(nameof(MessageInterface.StatusReported), () => told(statusReport));
    }

    // The network may write a number with its country where we did not.
    private static bool IsSameNumber(string ours, string theirs)
    {
        var one = ours.AsSpan().TrimStart('+').TrimStart('0');
        var other = theirs.AsSpan().TrimStart('+').TrimStart('0');
        return one.Length <= other.Length ? other.EndsWith(one) : one.EndsWith(other);
    }

    // What is stored is read again whenever the module takes commands after it did not.
    private void TellInbox()
    {
        var state = State;
        if (_inbox is { } inbox && state != _inboxState)
        {
            if (state is ModemState.Closed or ModemState.Faulted)
            {
                inbox.End(new ModemClosedException($"{PortName} is {state}.") { Port = PortName });
            }
            else if (state is ModemState.Ready or ModemState.Registered or ModemState.Online)
            {
                _loop.Post(inbox.Sweep);
            }
        }

        _inboxState = state;
    }
}
