using System.Text;
using ModemDriver.Simulator.Messages;

namespace ModemDriver.Simulator.Personalities.Cellular;

/// <summary>Unstructured supplementary service data: 3GPP TS 27.007 clause 7.15.</summary>
internal sealed class UssdSession(CellularModule module) : CommandGroup(module)
{
    private const int Gsm7 = 15;
    private const int Ucs2 = 72;

    /// <summary>How long a network waits for an answer.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly CellularModule _module = module;
    private UssdMenu? _menu;
    private bool _shows;
    private int _turn;

    internal override IEnumerable<CommandEntry> Entries =>
    [
        new("+CUSD")
        {
            NeedsCard = true,
            Test = Says(() => $"+CUSD: (0,1,2)"),
            Read = Says(() => $"+CUSD: {(_shows ? 1 : 0)}"),
            Set = At(Set),
        },
    ];

    /// <summary>A code was dialled.</summary>
    internal Outcome Dial(string code)
    {
        _shows = true;
        return Ask(code);
    }

    /// <summary>The network begins.</summary>
    internal void Push(UssdMenu menu)
    {
        if (_module.Radio.IsRegistered && _module.Input.State != InputState.Deaf)
        {
            Show(menu);
        }
    }

    internal void Reset() => (_menu, _shows, _turn) = (null, false, _turn + 1);

    // AT+CUSD=[<0 not shown, 1 shown, 2 cancel>[,<text>[,<coding>]]]
    private Outcome Set(CommandCall call)
    {
        AtParameters given = call.Parameters;
        if (!given.Takes(0, 3) || !given.NumberOr(0, 0, 0, 2, out int mode) || !given.NumberOr(2, Gsm7, 0, 255, out int coding))
        {
            return WrongParameter;
        }

        if (mode == 2)
        {
            (_menu, _turn) = (null, _turn + 1);
            return Outcome.Ok;
        }

        _shows = mode == 1;
        if (!given.IsGiven(1))
        {
            return Outcome.Ok;
        }

        string? text = coding == Ucs2 && MessageText.FromHex(given.Text(1)) is byte[] octets
            ? Encoding.BigEndianUnicode.GetString(octets)
            : MessageText.FromWire(Settings, given.Text(1));
        return text is null ? WrongParameter : Ask(text);
    }

    private Outcome Ask(string text)
    {
        if (!_module.Radio.IsRegistered)
        {
            return Outcome.Cme(CmeError.NoService);
        }

        int turn = ++_turn;
        UssdMenu? menu = _menu;
        _menu = null;
        return Outcome.OkThen(() => Host.Loop.StartHere(() => AnswerAsync(menu, text, turn, _module.Life)));
    }

    private async Task AnswerAsync(UssdMenu? menu, string text, int turn, CancellationToken life)
    {
        await Host.Clock.WaitAsync(Timings.Ussd, life);
        life.ThrowIfCancellationRequested();
        if (turn != _turn)
        {
            return;
        }

        UssdMenu? next = menu is null
            ? Host.Options.World.Mobile.FindUssd(text)
            : menu.Choices.GetValueOrDefault(text);
        if (next is not null)
        {
            Show(next);
        }
        else
        {
            Say(menu is null ? "4" : "2"); // Not supported, or ended by the network.
        }
    }

    // +CUSD: <0 done, 1 an answer is wanted>,"<text>",<coding>
    private void Show(UssdMenu menu)
    {
        bool isPlain = Gsm7Alphabet.Encode(menu.Text) is not null;
        bool isHex = !isPlain || Settings.CharacterSet == "UCS2";
        string text = isHex
            ? Convert.ToHexString(Encoding.BigEndianUnicode.GetBytes(menu.Text))
            : MessageText.ToWire(Settings, menu.Text);
        bool isLast = menu.Choices.Count == 0;
        Say($"{(isLast ? 0 : 1)},\"{text}\",{(isPlain ? Gsm7 : Ucs2)}");
        if (!isLast)
        {
            _menu = menu;
            int turn = ++_turn;
            Host.Loop.StartHere(() => WaitForAnswerAsync(turn, _module.Life));
        }
    }

    private async Task WaitForAnswerAsync(int turn, CancellationToken life)
    {
        await Host.Clock.WaitAsync(Patience, life);
        life.ThrowIfCancellationRequested();
        if (turn == _turn)
        {
            _menu = null;
            Say("2");
        }
    }

    private void Say(string text)
    {
        if (!_shows)
        {
            return;
        }

        if (_module.Input.State is InputState.Data or InputState.Payload)
        {
            _module.Input.WhenCommand(() => Respond.Urc("+CUSD: " + text));
        }
        else
        {
            Respond.Urc("+CUSD: " + text);
        }
    }
}
