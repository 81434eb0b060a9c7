using ModemDriver.Simulator.Wire;

namespace ModemDriver.Simulator.Personalities.Cellular;

/// <summary>The card and its codes: 3GPP TS 27.007 clauses 7.4, 7.5, 8.3, 8.17, 8.65.</summary>
internal sealed class SimCommands(CellularModule module) : CommandGroup(module)
{
    private readonly CellularModule _module = module;

    internal override IEnumerable<CommandEntry> Entries =>
    [
        new("+CPIN") { Test = At(() => Outcome.Ok), Read = At(ReadState), Set = At(Enter) },
        new("+CLCK") { Test = Says(() => $"+CLCK: (\"SC\")"), Set = At(Lock) },
        new("+CPWD") { Test = Says(() => $"+CPWD: (\"SC\",8)"), Set = At(ChangePin) },
        new("+CPINR") { Execute = At(ReadTries), Set = At(ReadTries) },
        new("+CIMI") { NeedsCard = true, Execute = At(() => Say(_module.Sim.Card!.Imsi)) },
        new("+CSIM") { Set = At(Exchange) },
    ];

    private SimSlot Sim => _module.Sim;

    private Outcome Say(string text)
    {
        Respond.Line(text);
        return Outcome.Ok;
    }

    // +CPIN: <code>
    private Outcome ReadState()
    {
        string? code = Sim.State switch
        {
            CardState.Ready => "READY",
            CardState.WantsPin => "SIM PIN",
            CardState.WantsPuk => "SIM PUK",
            _ => null,
        };
        return code is null ? Sim.Refusal!.Value : Say("+CPIN: " + code);
    }

    // AT+CPIN=<pin> or AT+CPIN=<puk>,<new pin>. The card is ready before the OK: +CPIN: READY stands in the answer.
    private Outcome Enter(CommandCall call)
    {
        AtParameters given = call.Parameters;
        if (!given.Takes(1, 2) || !IsCode(given.Text(0)) || (given.Count == 2 && !IsCode(given.Text(1))))
        {
            return WrongParameter;
        }

        if (Sim.State == CardState.WantsPin && given.Count == 1)
        {
            return Unlock(Sim.Card!.Verify(given.Text(0)));
        }

        if (Sim.State == CardState.WantsPuk && given.Count == 2)
        {
            return Unlock(Sim.Card!.Unblock(given.Text(0), given.Text(1)));
        }

        return Sim.Refusal ?? WrongState;
    }

    private Outcome Unlock(bool isRight)
    {
        if (!isRight)
        {
            return Refuse();
        }

        Respond.Line("+CPIN: READY");
        return Outcome.OkThen(() => Sim.Look(isVerified: true));
    }

    /// <summary>A code was wrong, and has cost a try.</summary>
    private Outcome Refuse()
    {
        bool wasReady = Sim.IsReady && Sim.Card is { PinTriesLeft: > 0 };
        if (!wasReady)
        {
            Sim.Look(isVerified: false);
        }

        bool isBlocked = Sim.Card is { PinTriesLeft: 0, PukTriesLeft: SimCard.PukTries };
        return Outcome.Cme(isBlocked && _module.Switches[CellularSwitches.ThirdWrongPin] == "12"
            ? CmeError.PukNeeded
            : CmeError.WrongCode);
    }

    // AT+CLCK="SC",<0 off, 1 on, 2 query>[,<pin>]
    private Outcome Lock(CommandCall call)
    {
        AtParameters given = call.Parameters;
        if (!given.Takes(2, 4) || !given.Number(1, 0, 2, out int mode))
        {
            return WrongParameter;
        }

        if (given.Text(0) != "SC")
        {
            return Outcome.Cme(CmeError.NotSupported);
        }

        if (mode == 2 && Sim.Card is SimCard card && Sim.State != CardState.Busy)
        {
            return Say(WireText.Format($"+CLCK: {(card.IsPinEnabled ? 1 : 0)}"));
        }

        if (Sim.Refusal is Outcome refusal)
        {
            return refusal;
        }

        if (!IsCode(given.Text(2)))
        {
            return WrongParameter;
        }

        return Sim.Card!.TryEnablePin(given.Text(2), mode == 1) ? Outcome.Ok : Refuse();
    }

    // AT+CPWD="SC",<old>,<new>; only while the PIN is asked for.
    private Outcome ChangePin(CommandCall call)
    {
        AtParameters given = call.Parameters;
        if (!given.Takes(3, 3) || !IsCode(given.Text(1)) || !IsCode(given.Text(2)))
        {
            return WrongParameter;
        }

        if (given.Text(0) != "SC")
        {
            return Outcome.Cme(CmeError.NotSupported);
        }

        if (Sim.Refusal is Outcome refusal)
        {
            return refusal;
        }

        if (!Sim.Card!.IsPinEnabled)
        {
            return WrongState;
        }

        return Sim.Card.TryChangePin(given.Text(1), given.Text(2)) ? Outcome.Ok : Refuse();
    }

    // +CPINR: <code>,<tries left>,<tries of a fresh card>
    private Outcome ReadTries(CommandCall call)
    {
        if (_module.Switches[CellularSwitches.PinTries] == "none")
        {
            return Outcome.Error;
        }

        if (Sim.Card is not SimCard card || Sim.State == CardState.Busy)
        {
            return Sim.Refusal ?? Outcome.Error;
        }

        string wanted = call.Parameters.Text(0);
        string[] lines =
        [
            WireText.Format($"+CPINR: SIM PIN,{card.PinTriesLeft},{SimCard.PinTries}"),
            WireText.Format($"+CPINR: SIM PUK,{card.PukTriesLeft},{SimCard.PukTries}"),
        ];
        string[] shown = [.. lines.Where(line => wanted.Length == 0
            || line.StartsWith($"+CPINR: {wanted},", StringComparison.Ordinal))];
        if (shown.Length == 0)
        {
            return WrongParameter;
        }

        Respond.Lines(shown);
        return Outcome.Ok;
    }

    // AT+CSIM=<length>,"<command>": VERIFY without data asks for the counter (ETSI TS 102 221 clause 11.1.9); the rest of
    // the card is not there, and says so: 6D00.
    private Outcome Exchange(CommandCall call)
    {
        if (!call.Parameters.Takes(2, 2)
            || !call.Parameters.Number(0, 8, 520, out int length)
            || call.Parameters.Text(1).Length != length)
        {
            return WrongParameter;
        }

        if (Sim.Card is not SimCard card || Sim.State == CardState.Busy)
        {
            return Sim.Refusal ?? Outcome.Error;
        }

        string status = call.Parameters.Text(1) switch
        {
            "0020000100" => card.PinTriesLeft == 0 ? "6983" : WireText.Format($"63C{card.PinTriesLeft:X}"),
            "002C000100" => card.PukTriesLeft == 0 ? "6983" : WireText.Format($"63C{card.PukTriesLeft:X}"),
            _ => "6D00",
        };
        return Say($"+CSIM: 4,\"{status}\"");
    }

    private static bool IsCode(string text) => text.Length is >= 4 and <= 8 && text.All(char.IsAsciiDigit);
}
