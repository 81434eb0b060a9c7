using ModemDriver.Channel;
using ModemDriver.Diagnostics;
using ModemDriver.Messaging;
using ModemDriver.Scheduling;

namespace ModemDriver.Lifecycle;

/// <content>Short messages: what comes by itself, and who waits for it.</content>
internal sealed partial class ModemRunner
{
    private const int MaxSentRemembered = 256;

    private readonly Queue<(int Reference, string Recipient, SentMessage Message)> _sent = new();
    private readonly Queue<StatusReportPdu> _early = new();
    private readonly LoopGate _storeTurn = new();
    private readonly LoopGate _endTurn = new();
    private int _sending;
    private IReadOnlyList<MessagePart> _left = [];
    private MessageInbox? _inbox;
    private MessageRouting? _messageRouting;
    private bool _isRouted;
    private bool _mayOwe;
    private bool _bodyIsBroadcast;
    private byte[] _bodyHead = [];
    private ModemState _inboxState;

    /// <summary>Told of each status report, off the loop; null while nobody wants to know.</summary>
    public Action<MessageStatusReport>? StatusReported { get; set; }

    /// <summary>Where the numbers begin by which the parts of a long message belong together: anywhere.</summary>
    public int NewReference() => (_options.Seed is { } seed ? new Random(seed) : Random.Shared).Next(256);

    /// <summary>Chooses the form of messages, and has the module tell of reports; again after it has started anew.</summary>
    /// <returns>The commands of the form.</returns>
    public async Task<IMessageCommands> PrepareMessagesAsync(CancellationToken cancellationToken)
    {
        var commands = await ChooseMessageFormAsync(cancellationToken);
        if (_isRouted && Kept.Has(ModemFeature.Sms))
        {
            return commands;
        }

        foreach (var command in commands.Route(_messageRouting))
        {
            await ExecuteOrThrowAsync(command, cancellationToken);
        }

        _isRouted = true;
        KeepRouting(_messageRouting);
        return commands;
    }

    private void KeepRouting(MessageRouting? routing) => Kept.Keep(ModemFeature.Sms, dialect =>
        MessageCommandsOf(dialect) is { } commands ? [commands.ChooseForm(), .. commands.RefineForm(), .. commands.Route(routing)] : []);

    /// <summary>Whether somebody receives messages.</summary>
    public bool IsReceivingMessages => _inbox is not null;

    /// <summary>
    /// Runs commands on the store that is chosen, alone: who receives goes from store to store, and is kept from it meanwhile.
    /// </summary>
    public async Task<T> InStoreAsync<T>(Func<Task<T>> body, CancellationToken cancellationToken)
    {
        if (_inbox is { } inbox)
        {
            return await inbox.InHomeStoreAsync(body, cancellationToken);
        }

        await _storeTurn.EnterAsync(cancellationToken);
        try
        {
            return await body();
        }
        finally
        {
            _storeTurn.Leave();
        }
    }

    /// <summary>Begins to receive.</summary>
    /// <exception cref="InvalidOperationException">Somebody else receives already.</exception>
    public async Task<MessageInbox> BeginReceivingAsync(
        MessageRouting routing, TimeSpan expiry, CancellationToken cancellationToken)
    {
        Require(ModemFeature.Sms);
        ThrowIfReceiving();

        // The one before may be ending; what it sets last would be set over ours.
        await _endTurn.EnterAsync(cancellationToken);
        _endTurn.Leave();
        ThrowIfReceiving();
        var inbox = new MessageInbox(Channel, _time, expiry, _loop.Post)
        {
            Run = body => _loop.Watch(body()),
            Turn = _storeTurn,
            Commands = () => MessageCommands ?? throw new ModemClosedException($"{PortName}: the module is not known.") { Port = PortName },
            CharacterSet = () => MessageSet,
            Route = () => RouteAgainAsync(routing),
            Reported = OnStatusReport,
            Deferred = exception => Log.MessagesDeferred(_logger, PortName, exception.Message),
            Unreadable = (where, exception) => Log.MessageUnreadable(_logger, PortName, where, exception.Message),
        };
        _inbox = inbox;
        _messageRouting = routing;
        _isRouted = false;
        try
        {
            await PrepareMessagesAsync(cancellationToken);
            inbox.TakeOver(_left);
            _left = [];
            if (_mayOwe)
            {
                // What the one before has not acknowledged the module gives up, and what it then hands over no more.
                _mayOwe = false;
                inbox.OnWithheld();
            }

            await inbox.SweepAsync();
            return inbox;
        }
        catch
        {
            await EndReceivingAsync(inbox);
            throw;
        }
    }

    /// <summary>
    /// Ends receiving; what comes from now on is stored by the module, also after it has started anew. What the driver alone
    /// has, because the module has handed it over, is kept for the next who receives.
    /// </summary>
    public async Task EndReceivingAsync(MessageInbox inbox)
    {
        if (!ReferenceEquals(_inbox, inbox))
        {
            return;
        }

        _inbox = null;
        _left = [.. _left, .. inbox.Leave()];
        await _endTurn.EnterAsync(CancellationToken.None);
        try
        {
            await inbox.DisposeAsync();
            await RouteNoMoreAsync();
        }
        finally
        {
            _endTurn.Leave();
        }
    }

    private async Task RouteNoMoreAsync()
    {
        _isRouted = false;
        if (_messageRouting == MessageRouting.Direct)
        {
            _messageRouting = null;
            _mayOwe = true;
            if (Kept.Has(ModemFeature.Sms))
            {
                KeepRouting(MessageRouting.Stored);
            }

            await RouteToStoreAsync();
        }

        _messageRouting = null;
    }

    private void ThrowIfReceiving()
    {
        if (_inbox is not null)
        {
            throw new InvalidOperationException("The messages of this modem are being received already.");
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
        var head = MessageCommands?.ReadHead(line) ?? MessageHead.None;
        _bodyIsBroadcast = head == MessageHead.Broadcast;
        _bodyHead = head == MessageHead.Message ? line.ToArray() : [];
        return BeginsUssd(line) || head != MessageHead.None;
    }

    /// <inheritdoc/>
    public BodyLine OnBody(ReadOnlySpan<byte> line)
    {
        if (_ussdText.Count > 0)
        {
            return OnUssdLine(line);
        }

        if (MessageCommands is not { } commands || !commands.IsBody(line, MessageSet))
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
            isTaken = OnHandedOver(commands.ReadBody(_bodyHead, line, MessageSet));
        }
        catch (PduException exception)
        {
            // It would come again and again if it were not acknowledged.
            Log.MessageUnreadable(_logger, PortName, "handed over", exception.Message);
            isTaken = true;
        }

        if (isTaken)
        {
            AcknowledgeNow(commands);
        }

        return BodyLine.Last;
    }

    // A report that stands in its line alone.
    private void OnReportLine(ReadOnlySpan<byte> line)
    {
        if (MessageCommands is { } commands && commands.ReadReport(line, MessageSet) is { } report)
        {
            OnStatusReport(report);
            AcknowledgeNow(commands);
        }
    }

    private void AcknowledgeNow(IMessageCommands commands)
    {
        if (_messageRouting == MessageRouting.Direct)
        {
            _loop.Watch(AcknowledgeAsync(commands));
        }
    }

    private bool OnHandedOver(MessagePdu pdu)
    {
        switch (pdu)
        {
            case StatusReportPdu report:
                OnStatusReport(report);
                return true;
            case DeliverPdu deliver when _inbox is { HasRoom: true } inbox:
                return inbox.OnDelivered(deliver);
            case DeliverPdu when _inbox is { } full:
                full.OnWithheld();
                return false;
            default:
                return false;
        }
    }

    private async Task AcknowledgeAsync(IMessageCommands commands)
    {
        var trouble = string.Empty;
        try
        {
            var result = await Channel.ExecuteAsync(commands.Acknowledge());
            if (result.IsSuccess)
            {
                return;
            }

            trouble = result.Text;
        }
        catch (ModemException exception)
        {
            trouble = exception.Message;
        }

        // It came too late, or may have: the module hands over nothing any more.
        Log.MessageUnacknowledged(_logger, PortName, trouble);
        _inbox?.OnRoutingLost();
    }

    private async Task<bool> RouteAgainAsync(MessageRouting routing)
    {
        foreach (var command in MessageCommands?.Route(routing) ?? [])
        {
            if (!(await Channel.ExecuteAsync(command)).IsSuccess)
            {
                return false;
            }
        }

        return true;
    }

    private async Task RouteToStoreAsync()
    {
        try
        {
            foreach (var command in MessageCommands?.Route(MessageRouting.Stored) ?? [])
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
