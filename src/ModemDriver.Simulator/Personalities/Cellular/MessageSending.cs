using ModemDriver.Simulator.Messages;
using ModemDriver.Simulator.Wire;

namespace ModemDriver.Simulator.Personalities.Cellular;

/// <summary>Messages that go: 3GPP TS 27.005 clause 3.5.</summary>
internal sealed class MessageSending(CellularModule module) : CommandGroup(module)
{
    private const int LongestTpdu = 176;

    private readonly CellularModule _module = module;
    private byte _reference;

    internal override IEnumerable<CommandEntry> Entries =>
    [
        new("+CMGS") { Test = At(() => Outcome.Ok), Set = At(call => Begin(call, isStored: false)) },
        new("+CMGW") { Test = At(() => Outcome.Ok), Set = At(call => Begin(call, isStored: true)), Execute = At(call => Begin(call, isStored: true)) },
        new("+CMSS") { Set = SendStored },
    ];

    private Messaging Messaging => _module.Messaging;

    private Outcome? Refusal => _module.Sim.IsReady ? null : Outcome.Cms(CmsError.Of(_module.Sim.State));

    // AT+CMGS=<length of the TPDU>    or, as text,    AT+CMGS="<to>"[,<type>]; AT+CMGW has a status behind.
    private Outcome Begin(CommandCall call, bool isStored)
    {
        AtParameters given = call.Parameters;
        int most = isStored ? 1 : 0;
        if (Refusal is Outcome refusal)
        {
            return refusal;
        }

        if (!Settings.TextMode)
        {
            return given.Takes(1, 1 + most) && given.Number(0, 1, LongestTpdu, out int length)
                ? Prompt(typed => Complete(Pdu(typed, length), isStored), newLine: () => { })
                : Outcome.Cms(CmsError.WrongPdu);
        }

        string? to = MessageText.FromWire(Settings, given.Text(0));
        bool hasNumber = to is not null && MessageAddress.IsNumber(to.TrimStart('+'));
        return given.Takes(isStored ? 0 : 1, 2 + most) && (hasNumber || (isStored && given.Count == 0))
            && given.NumberOr(1, 0, 0, 255, out int type)
            ? Prompt(typed => Complete(Text(Address(to ?? "", type), typed), isStored), () => Respond.Answer("\r\n> "))
            : Outcome.Cms(CmsError.WrongText);
    }

    private static MessageAddress Address(string to, int type) => type == MessageAddress.International && !to.StartsWith('+')
        ? new MessageAddress(MessageAddress.International, to)
        : MessageAddress.Of(to);

    private Outcome Prompt(Action<string> typed, Action newLine)
    {
        if (!Host.Faults.LosesPrompt())
        {
            Respond.Answer("\r\n> ");
        }

        _module.Input.Collect(new MessagePhase(newLine, phase =>
        {
            if (phase.IsCancelled)
            {
                _module.End(Outcome.Ok);
            }
            else
            {
                typed(phase.IsTooLong ? "" : WireText.Latin1.GetString(phase.Typed));
            }
        }));
        return Outcome.Said;
    }

    /// <summary>Hex behind the prompt: centre, message.</summary>
    private StoredMessage? Pdu(string typed, int length)
    {
        if (MessageText.FromHex(typed.Trim()) is not byte[] octets)
        {
            return null;
        }

        int centre = MessageAddress.ReadCentre(octets, out MessageAddress? address);
        return centre > 0 && octets.Length - centre == length
            && SubmitTpdu.Read(octets.AsSpan(centre), Messaging.UtcNow) is not null
            ? new StoredMessage(address?.Text ?? "", octets[centre..]) { Status = MessageStatus.Unsent }
            : null;
    }

    private StoredMessage? Text(MessageAddress to, string typed)
    {
        (int first, int validity, int protocol, _) = Settings.MessageParameters;
        if (MessageText.Typed(Settings, typed) is not { IsSound: true } data)
        {
            return null;
        }

        var submit = new SubmitTpdu((byte)first, 0, to, (byte)protocol, TimeSpan.Zero, data);
        return new StoredMessage("", submit.Write((first & 0x18) == 0x10 ? (byte)validity : null)) { Status = MessageStatus.Unsent };
    }

    private void Complete(StoredMessage? message, bool isStored)
    {
        if (message is null)
        {
            _module.End(Outcome.Cms(Settings.TextMode ? CmsError.WrongText : CmsError.WrongPdu));
        }
        else if (!isStored)
        {
            Host.Loop.StartHere(async () => _module.End(await SendAsync(message, "+CMGS: ", _module.Life)));
        }
        else
        {
            int index = Messaging.Store(Messaging.WriteTo).Add(message);
            if (index > 0)
            {
                Respond.Line($"+CMGW: {index}");
            }

            _module.End(index > 0 ? Outcome.Ok : Outcome.Cms(CmsError.Full));
        }
    }

    // AT+CMSS=<index>: +CMSS: <reference>
    private async ValueTask<Outcome> SendStored(CommandCall call)
    {
        if (Refusal is Outcome refusal)
        {
            return refusal;
        }

        if (!call.Parameters.Takes(1, 1) || !call.Parameters.Number(0, 1, MessageStore.Slots, out int index)
            || Messaging.Store(Messaging.WriteTo)[index] is not { Status: MessageStatus.Unsent or MessageStatus.Sent } message)
        {
            return Outcome.Cms(CmsError.WrongIndex);
        }

        Outcome outcome = await SendAsync(message, "+CMSS: ", call.Life);
        message.Status = outcome.Kind == OutcomeKind.Ok ? MessageStatus.Sent : message.Status;
        return outcome;
    }

    // +CMGS: <reference>
    private async Task<Outcome> SendAsync(StoredMessage message, string lead, CancellationToken life)
    {
        await Host.Clock.WaitAsync(Timings.MessageSend, life);
        life.ThrowIfCancellationRequested();
        if (!_module.Radio.IsRegistered)
        {
            return Outcome.Cms(CmsError.NoService);
        }

        if ((message.Centre.Length > 0 ? message.Centre : Messaging.CentreNumber) != Messaging.Centre.Number)
        {
            return Outcome.Cms(CmsError.NoCentre);
        }

        // The module counts; what the host wrote in the place of the reference means nothing.
        byte reference = _reference++;
        SubmitTpdu submit = SubmitTpdu.Read(message.Tpdu, Messaging.UtcNow)! with { Reference = reference };
        int cause = Messaging.Centre.Submit(_module.Sim.Card!.Number, submit, Messaging.UtcNow);
        if (cause != 0)
        {
            return Outcome.Cms(cause);
        }

        Respond.Line(WireText.Format($"{lead}{reference}"));
        return Outcome.Ok;
    }
}
