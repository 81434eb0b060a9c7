using ModemDriver.Simulator.Messages;
using ModemDriver.Simulator.Wire;

namespace ModemDriver.Simulator.Personalities.Cellular;

/// <summary>Messages that come: stored and told of, or handed to the host at once, as AT+CNMI says (3GPP TS 27.005 clause
/// 3.4.1). The centre keeps what the module cannot take.</summary>
internal sealed class Messaging
{
    /// <summary>How long a module waits for AT+CNMA.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    private readonly CellularModule _module;
    private readonly Action _arrived;
    private string? _number;
    private Mail? _handedOver;

    internal Messaging(CellularModule module)
    {
        _module = module;
        Flash = new MessageStore("ME");
        _arrived = () => module.Host.Loop.Post(Pump);
        ReadFrom = WriteTo = ReceiveInto = "SM";
        CentreNumber = Centre.Number;
    }

    /// <summary>The store of the module itself.</summary>
    internal MessageStore Flash { get; }

    /// <summary>AT+CPMS: the store that is listed, read and deleted.</summary>
    internal string ReadFrom { get; set; }

    /// <summary>AT+CPMS: the store for AT+CMGW and AT+CMSS.</summary>
    internal string WriteTo { get; set; }

    /// <summary>AT+CPMS: the store for what comes.</summary>
    internal string ReceiveInto { get; set; }

    /// <summary>AT+CSCA.</summary>
    internal string CentreNumber { get; set; }

    internal MessageCentre Centre => _module.Host.Options.World.Mobile.Messages;

    internal DateTime UtcNow => _module.Host.Clock.Provider.GetUtcNow().UtcDateTime;

    private AtSettings Settings => _module.Settings;

    /// <summary>The store of a name; the card must be there.</summary>
    internal MessageStore Store(string name) => name == "ME" ? Flash : _module.Sim.Card!.Messages;

    /// <summary>The module has power: it hears of what comes for its card.</summary>
    internal void Start()
    {
        _number = _module.Sim.Card?.Number;
        if (_number is not null)
        {
            Centre.Register(_number, _arrived);
        }

        _module.Host.Loop.Post(Pump);
    }

    internal void Reset()
    {
        if (_number is not null)
        {
            Centre.Unregister(_number, _arrived);
        }

        (_number, _handedOver) = (null, null);
        ReadFrom = WriteTo = ReceiveInto = "SM";
        CentreNumber = Centre.Number;
    }

    /// <summary>Takes from the centre what can be taken now.</summary>
    internal void Pump()
    {
        while (_handedOver is null && _number is not null && _module.Radio.IsRegistered && _module.Sim.IsReady
            && Centre.Peek(_number, UtcNow) is Mail mail)
        {
            byte[] tpdu = mail.Write(UtcNow, Centre.ZoneQuarters);
            if (!(mail.IsReport ? TakeReport(mail, tpdu) : TakeMessage(mail, tpdu)))
            {
                return;
            }
        }
    }

    /// <summary>AT+CNMA: whether something waited for it.</summary>
    internal bool Acknowledge()
    {
        if (_handedOver is not Mail mail)
        {
            return false;
        }

        Finish(mail);
        _module.Host.Loop.Post(Pump);
        return true;
    }

    private bool TakeMessage(Mail mail, byte[] tpdu)
    {
        int route = Settings.Routing.Message;
        int? messageClass = mail.Data.Class;
        bool isDirect = (route == 2 && messageClass != 2) || (route == 3 && messageClass == 3);
        if (isDirect)
        {
            return HandOver(mail, () => DirectMessage(tpdu));
        }

        int index = Store(ReceiveInto).Add(new StoredMessage(Centre.Number, tpdu));
        if (index == 0)
        {
            return false;
        }

        Centre.Taken(mail.To, mail, UtcNow);
        if (route != 0)
        {
            Tell(WireText.Format($"+CMTI: \"{ReceiveInto}\",{index}"));
        }

        return true;
    }

    private bool TakeReport(Mail mail, byte[] tpdu)
    {
        switch (Settings.Routing.Report)
        {
            case 1:
                return HandOver(mail, () => MessageText.Report(Settings, tpdu));
            case 2:
                int index = Store(ReceiveInto).Add(new StoredMessage(Centre.Number, tpdu));
                if (index == 0)
                {
                    return false;
                }

                Tell(WireText.Format($"+CDSI: \"{ReceiveInto}\",{index}"));
                break;
        }

        Centre.Taken(mail.To, mail, UtcNow);
        return true;
    }

    // +CMT: [<alpha>],<length> CR LF <pdu>    or, as text,    +CMT: "<oa>",,"<scts>"[,...] CR LF <text>
    private string DirectMessage(byte[] tpdu) =>
        Settings.TextMode && DeliverTpdu.Read(tpdu) is DeliverTpdu message
            ? $"+CMT: {MessageText.Head(Settings, message, Centre.Number)}\r\n{MessageText.Body(Settings, message.Data)}"
            : WireText.Format($"+CMT: ,{tpdu.Length}\r\n{StoredMessage.ToHex(Centre.Number, tpdu)}");

    /// <summary>Puts a message on the wire now, or, while the wire is not the host's, later.</summary>
    private bool HandOver(Mail mail, Func<string> text)
    {
        if (Settings.Routing.Mode == 0)
        {
            return false; // It waits at the centre until the host asks for it.
        }

        if (_module.Input.State is InputState.Data or InputState.Payload)
        {
            _module.Input.WhenCommand(() => _module.Host.Loop.Post(Pump));
            return false;
        }

        _module.Respond.Urc(text());
        if (Settings.MessageService == 0)
        {
            Finish(mail);
            return true;
        }

        _handedOver = mail;
        _module.Host.Loop.StartHere(() => WaitForAcknowledgementAsync(mail, _module.Life));
        return false;
    }

    /// <summary>Without AT+CNMA nothing more is handed over, and the message is stored.</summary>
    private async Task WaitForAcknowledgementAsync(Mail mail, CancellationToken life)
    {
        await _module.Host.Clock.WaitAsync(Patience, life);
        life.ThrowIfCancellationRequested();
        if (ReferenceEquals(_handedOver, mail))
        {
            _module.Host.Trace("! no AT+CNMA: messages are stored from now on");
            _handedOver = null;
            Settings.Routing = Settings.Routing with { Message = 0, Report = 0 };
            Pump();
        }
    }

    private void Finish(Mail mail)
    {
        _handedOver = null;
        Centre.Taken(mail.To, mail, UtcNow);
    }

    /// <summary>An indication, which waits while the wire is not the host's.</summary>
    private void Tell(string text)
    {
        if (_module.Input.State is InputState.Data or InputState.Payload)
        {
            if (Settings.Routing.Mode != 1)
            {
                _module.Input.WhenCommand(() => _module.Respond.Urc(text));
            }
        }
        else if (Settings.Routing.Mode != 0)
        {
            _module.Respond.Urc(text);
        }
    }
}
