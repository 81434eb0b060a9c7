using ModemDriver.Simulator.Messages;

namespace ModemDriver.Simulator.Personalities.Cellular;

/// <summary>Voice calls, one at a time: ITU-T V.250 clause 6.3 and 3GPP TS 27.007 clauses 6 and 7.</summary>
internal sealed class CallCommands : CommandGroup
{
    private const string Tones = "0123456789ABCD*#";

    private static readonly TimeSpan RingPeriod = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly CellularModule _module;
    private readonly Action<PhoneCall> _ring;
    private string? _number;
    private PhoneCall? _call;
    private bool _isIncoming;
    private bool _wasActive;
    private bool _showsCaller;
    private bool _saysKind;

    internal CallCommands(CellularModule module)
        : base(module)
    {
        _module = module;
        _ring = call => module.Host.Loop.Post(() => Ring(call));
    }

    internal override IEnumerable<CommandEntry> Entries =>
    [
        new("D") { Set = At(Dial) },
        new("A") { Execute = At(Answer) },
        new("H") { Execute = At(call => call.Parameters.NumberOr(0, 0, 0, 0, out _) ? HangUp() : Outcome.Error) },
        new("+CHUP") { Test = At(() => Outcome.Ok), Execute = At(HangUp) },
        new("+CVHU") { Read = Says(() => $"+CVHU: 0"), Set = Takes(0, 0, _ => { }) },
        new("+CLCC") { Test = At(() => Outcome.Ok), Execute = At(List) },
        new("+CLIP") { Read = Says(() => $"+CLIP: {(_showsCaller ? 1 : 0)},1"), Set = Takes(0, 1, value => _showsCaller = value == 1) },
        new("+CRC") { Read = Says(() => $"+CRC: {(_saysKind ? 1 : 0)}"), Set = Takes(0, 1, value => _saysKind = value == 1) },
        new("+VTS") { Set = At(SendTones) },
        new("+CPAS") { Execute = Says(() => $"+CPAS: {(_call is null ? 0 : IsRinging ? 3 : 4)}") },
    ];

    private CallExchange Exchange => Host.Options.World.Mobile.Calls;

    private bool IsRinging => _isIncoming && _call is { IsActive: false };

    /// <summary>The module has power.</summary>
    internal void Start()
    {
        _number = _module.Sim.Card?.Number;
        if (_number is not null)
        {
            Exchange.Register(_number, _ring);
        }
    }

    internal void Reset()
    {
        if (_number is not null)
        {
            Exchange.Unregister(_number, _ring);
        }

        PhoneCall? call = _call;
        (_number, _call) = (null, null);
        (_showsCaller, _saysKind) = (false, false);
        call?.HangUp();
    }

    // ATD<number>; for a voice call, ATD*100#; for a service of the network
    private Outcome Dial(CommandCall call)
    {
        string text = call.Parameters.Raw.TrimEnd();
        string dialled = text.TrimEnd(';').ToUpperInvariant().TrimStart('T', 'P').Replace(" ", "", StringComparison.Ordinal);
        if (_module.Sim.Refusal is Outcome refusal)
        {
            return refusal;
        }

        bool isPacketData = dialled.StartsWith("*99", StringComparison.Ordinal);
        if (dialled.Contains('#', StringComparison.Ordinal) && !isPacketData)
        {
            return _module.Ussd.Dial(dialled);
        }

        bool isVoice = text.EndsWith(';') && MessageAddress.IsNumber(dialled.TrimStart('+'));
        if (!isVoice || !_module.Radio.IsRegistered || _call is not null)
        {
            return Outcome.Final("NO CARRIER"); // There is no data call here.
        }

        _isIncoming = _wasActive = false;
        Follow(Exchange.Dial(_number!, dialled));
        return Outcome.OkThen(() => Host.Loop.StartHere(() => WaitForOutsideAsync(_call, _module.Life)));
    }

    private void Follow(PhoneCall call)
    {
        _call = call;
        call.Changed += () => Host.Loop.Post(() => Changed(call));
        if (call.Ending != CallEnding.None)
        {
            Host.Loop.Post(() => Changed(call));
        }
    }

    /// <summary>Nobody outside has a loop of their own: they act here.</summary>
    private async Task WaitForOutsideAsync(PhoneCall? call, CancellationToken life)
    {
        if (call?.Outside is not OutsideParty party)
        {
            await Host.Clock.WaitAsync(Patience, life);
            life.ThrowIfCancellationRequested();
            GiveUp(call);
            return;
        }

        await Host.Clock.WaitAsync(party == OutsideParty.Silent ? Patience : Timings.CallAnswer, life);
        life.ThrowIfCancellationRequested();
        switch (party)
        {
            case OutsideParty.Answers:
                call.Answer();
                break;
            case OutsideParty.Busy:
                call.End(CallEnding.Busy);
                break;
            default:
                GiveUp(call);
                break;
        }
    }

    private static void GiveUp(PhoneCall? call)
    {
        if (call is { IsActive: false })
        {
            call.End(CallEnding.NoAnswer);
        }
    }

    private void Changed(PhoneCall call)
    {
        if (!ReferenceEquals(call, _call))
        {
            return;
        }

        _wasActive |= call.IsActive;
        if (call.Ending != CallEnding.None)
        {
            _call = null;
            bool isMine = !_isIncoming && !_wasActive;
            Respond.Urc(call.Ending switch
            {
                CallEnding.Busy when isMine => "BUSY",
                CallEnding.NoAnswer when isMine => "NO ANSWER",
                _ => "NO CARRIER",
            });
        }
    }

    private void Ring(PhoneCall call)
    {
        if (_call is not null || !_module.Radio.IsRegistered || _module.Input.State == InputState.Deaf)
        {
            call.End(_call is null ? CallEnding.NoAnswer : CallEnding.Busy);
            return;
        }

        (_isIncoming, _wasActive) = (true, false);
        Follow(call);
        Host.Loop.StartHere(() => RingAsync(call, _module.Life));
    }

    private async Task RingAsync(PhoneCall call, CancellationToken life)
    {
        while (ReferenceEquals(call, _call) && !call.IsActive && call.Ending == CallEnding.None)
        {
            if (_module.Input.State is not (InputState.Data or InputState.Payload))
            {
                Respond.Urc(_saysKind ? "+CRING: VOICE" : "RING");
                SayCaller(call);
            }

            await Host.Clock.WaitAsync(RingPeriod, life);
            life.ThrowIfCancellationRequested();
        }
    }

    // +CLIP: "<number>",<type>,,,,<0 known, 1 withheld>
    private void SayCaller(PhoneCall call)
    {
        if (_showsCaller)
        {
            bool isWithheld = call.From.Length == 0;
            int type = isWithheld ? MessageAddress.Unknown : MessageAddress.Of(call.From).Type;
            Respond.Urc($"+CLIP: \"{MessageText.ToWire(Settings, call.From)}\",{type},,,,{(isWithheld ? 1 : 0)}");
        }
    }

    private Outcome Answer()
    {
        if (!IsRinging)
        {
            return Outcome.Final("NO CARRIER");
        }

        _call!.Answer();
        return Outcome.Ok;
    }

    private Outcome HangUp()
    {
        PhoneCall? call = _call;
        _call = null;
        call?.HangUp();
        return Outcome.Ok;
    }

    // +CLCC: <id>,<0 out, 1 in>,<0 active, 2 dialling, 3 ringing there, 4 ringing here>,<0 voice>,<0>,"<number>",<type>
    private Outcome List()
    {
        if (_call is PhoneCall call)
        {
            string peer = _isIncoming ? call.From : call.To;
            int state = call.IsActive ? 0 : _isIncoming ? 4 : 3;
            int type = peer.Length == 0 ? MessageAddress.Unknown : MessageAddress.Of(peer).Type;
            Respond.Line($"+CLCC: 1,{(_isIncoming ? 1 : 0)},{state},0,0,\"{MessageText.ToWire(Settings, peer)}\",{type}");
        }

        return Outcome.Ok;
    }

    private Outcome SendTones(CommandCall call)
    {
        string tones = call.Parameters.Text(0).ToUpperInvariant();
        if (!call.Parameters.Takes(1, 2) || tones.Length is 0 or > 32 || !tones.All(tone => Tones.Contains(tone)))
        {
            return WrongParameter;
        }

        if (_call is not { IsActive: true } active)
        {
            return WrongState;
        }

        active.Send(tones);
        return Outcome.Ok;
    }
}
