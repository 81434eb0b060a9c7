using ModemDriver.Simulator.Messages;

namespace ModemDriver.Simulator;

/// <summary>A SIM card: its numbers, its codes, and the counters of wrong codes, which stay with the card whichever
/// module it is in. Its members may be called from any thread.</summary>
public sealed class SimCard
{
    /// <summary>Wrong PINs in a row that a fresh card takes.</summary>
    internal const int PinTries = 3;

    /// <summary>Wrong PUKs that a fresh card takes.</summary>
    internal const int PukTries = 10;

    private readonly Lock _gate = new();
    private int _pinTriesLeft = PinTries;
    private int _pukTriesLeft = PukTries;
    private string _pin = "1234";
    private bool _isPinEnabled;

    /// <summary>The subscriber: 14 or 15 digits. Default: 460041112345678.</summary>
    public string Imsi { get; init; } = "460041112345678";

    /// <summary>The card's own number: 19 or 20 characters, where a letter may occur. Default: 898604A11123C0012345.
    /// </summary>
    public string Iccid { get; init; } = "898604A11123C0012345";

    /// <summary>The subscriber's telephone number, with its plus sign. Default: +8613800138000.</summary>
    public string Number { get; init; } = "+8613800138000";

    /// <summary>The PIN as it is now, 4 to 8 digits. Default: 1234. A command may change it.</summary>
    public string Pin
    {
        get
        {
            lock (_gate)
            {
                return _pin;
            }
        }

        init => _pin = value;
    }

    /// <summary>The code that unblocks the card: eight digits. Default: 12345678.</summary>
    public string Puk { get; init; } = "12345678";

    /// <summary>Whether the card asks for its PIN when it gets power. Default: false. A command may change it.</summary>
    public bool IsPinEnabled
    {
        get
        {
            lock (_gate)
            {
                return _isPinEnabled;
            }
        }

        init => _isPinEnabled = value;
    }

    /// <summary>Wrong PINs that the card still takes, 0 to 3. At 0 it wants its PUK. Default: 3.</summary>
    public int PinTriesLeft
    {
        get
        {
            lock (_gate)
            {
                return _pinTriesLeft;
            }
        }

        init => _pinTriesLeft = value;
    }

    /// <summary>Wrong PUKs that the card still takes, 0 to 10. At 0 it is dead. Default: 10.</summary>
    public int PukTriesLeft
    {
        get
        {
            lock (_gate)
            {
                return _pukTriesLeft;
            }
        }

        init => _pukTriesLeft = value;
    }

    /// <summary>Entries that the phonebook takes.</summary>
    internal const int PhonebookSize = 100;

    /// <summary>The phonebook on the card, by number of the entry: used by one module at a time, on its loop.</summary>
    internal SortedDictionary<int, (string Number, string Name)> Phonebook { get; } = [];

    /// <summary>The messages on the card: used by one module at a time, on its loop.</summary>
    internal MessageStore Messages { get; } = new("SM");

    /// <summary>Says which card it is, without its codes.</summary>
    public override string ToString() => $"SIM {Iccid}";

    /// <summary>Compares a PIN; a wrong one costs a try, a right one gives all tries back.</summary>
    internal bool Verify(string pin)
    {
        lock (_gate)
        {
            if (_pinTriesLeft == 0)
            {
                return false;
            }

            bool isRight = pin == _pin;
            _pinTriesLeft = isRight ? PinTries : _pinTriesLeft - 1;
            return isRight;
        }
    }

    /// <summary>Compares the PUK; a right one sets a new PIN and gives all tries back.</summary>
    internal bool Unblock(string puk, string pin)
    {
        lock (_gate)
        {
            if (_pukTriesLeft == 0)
            {
                return false;
            }

            if (puk != Puk)
            {
                _pukTriesLeft--;
                return false;
            }

            (_pin, _pinTriesLeft, _pukTriesLeft) = (pin, PinTries, PukTries);
            return true;
        }
    }

    /// <summary>Switches the question for the PIN on or off; the PIN is compared.</summary>
    internal bool TryEnablePin(string pin, bool enabled)
    {
        bool isRight = Verify(pin);
        lock (_gate)
        {
            _isPinEnabled = isRight ? enabled : _isPinEnabled;
        }

        return isRight;
    }

    /// <summary>Changes the PIN; the old one is compared.</summary>
    internal bool TryChangePin(string pin, string next)
    {
        bool isRight = Verify(pin);
        lock (_gate)
        {
            _pin = isRight ? next : _pin;
        }

        return isRight;
    }
}
