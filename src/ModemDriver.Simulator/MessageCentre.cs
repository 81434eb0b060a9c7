using ModemDriver.Simulator.Messages;

namespace ModemDriver.Simulator;

/// <summary>The short message service centre of a <see cref="MobileWorld"/>: takes messages from modules, keeps them for
/// others, and lets the outside send and look. Its members may be called from any thread.</summary>
/// <remarks>A number belongs to a module when a card with it is in one, or has been. Messages to other numbers leave the
/// world at once, and count as delivered.</remarks>
public sealed class MessageCentre
{
    private const int MostRemembered = 10_000;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, Mailbox> _boxes = new(StringComparer.Ordinal);
    private readonly Dictionary<(string From, string To, int Reference, int Count), List<Mail>> _held = [];
    private readonly Queue<CarriedMessage> _carried = new();
    private readonly Random _random;
    private int _refusal;
    private int _reference;

    /// <summary>Makes a centre without messages.</summary>
    /// <param name="seed">The start of everything random in it.</param>
    public MessageCentre(int seed = 1)
    {
        _random = new Random(seed);
    }

    /// <summary>Its own number. Default: +8613800100500.</summary>
    public string Number { get; init; } = "+8613800100500";

    /// <summary>The zone of its time stamps in quarters of an hour east, -48 to 56. Default: 32.</summary>
    public int ZoneQuarters { get; init; } = 32;

    /// <summary>Whether parts of a long message wait for each other and then come in another order, some of them twice. Default:
    /// false.</summary>
    public bool ShufflesParts { get; init; }

    /// <summary>The cause that every message is refused with, 1 to 255 (3GPP TS 24.011 annex E-2); 0, the default: none is.
    /// May be changed at any time.</summary>
    public int Refusal
    {
        get => Volatile.Read(ref _refusal);
        set
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, 255);
            Volatile.Write(ref _refusal, value);
        }
    }

    /// <summary>What modules have sent, each part of a long message by itself: the newest 10,000, the oldest first.</summary>
    public IReadOnlyList<CarriedMessage> Carried
    {
        get
        {
            lock (_gate)
            {
                return [.. _carried];
            }
        }
    }

    /// <summary>How many messages and reports wait for a number.</summary>
    /// <param name="number">As on the card, with its plus sign.</param>
    public int WaitingFor(string number)
    {
        lock (_gate)
        {
            return _boxes.TryGetValue(number, out Mailbox? box) ? box.Waiting.Count : 0;
        }
    }

    /// <summary>Somebody outside sends a text, in as many parts as it needs.</summary>
    /// <param name="from">The sender's number, or a name of up to eleven letters.</param>
    /// <param name="to">The number of a card.</param>
    /// <param name="text">Any text of up to 255 parts.</param>
    /// <exception cref="ArgumentException">The number is none, or the text is too long.</exception>
    public void Send(string from, string to, string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        MessageAddress sender = Sender(from);
        var reference = (byte)Interlocked.Increment(ref _reference);
        IReadOnlyList<UserData> parts = UserData.OfText(text, reference);
        if (parts.Count > 255)
        {
            throw new ArgumentException($"The text needs {parts.Count} messages; 255 is the most.", nameof(text));
        }

        foreach (UserData part in parts)
        {
            Enqueue(new Mail { From = sender, To = Checked(to), Data = part });
        }
    }

    /// <summary>Somebody outside sends a message as it will stand behind the centre's address in a PDU, well formed or not.
    /// </summary>
    /// <param name="to">The number of a card.</param>
    /// <param name="tpdu">1 to 200 octets.</param>
    /// <exception cref="ArgumentException">The number is none, or the octets are none or too many.</exception>
    public void SendTpdu(string to, ReadOnlySpan<byte> tpdu)
    {
        if (tpdu.Length is 0 or > 200)
        {
            throw new ArgumentException("A message has 1 to 200 octets.", nameof(tpdu));
        }

        Enqueue(new Mail
        {
            From = MessageAddress.Of(Number), To = Checked(to), Raw = tpdu.ToArray(), Data = new UserData(0, 0, [], HasHeader: false),
            IsReport = (tpdu[0] & 3) == 2,
        });
    }

    /// <summary>A card with this number is in a module: <paramref name="arrived"/> is told of each message for it.</summary>
    internal void Register(string number, Action arrived)
    {
        lock (_gate)
        {
            Mailbox box = Box(number);
            box.HasCard = true;
            box.Arrived += arrived;
        }
    }

    internal void Unregister(string number, Action arrived)
    {
        lock (_gate)
        {
            Box(number).Arrived -= arrived;
        }
    }

    /// <summary>A module hands a message in.</summary>
    /// <returns>0, or the cause of a refusal.</returns>
    internal int Submit(string from, SubmitTpdu message, DateTime utc)
    {
        if (Refusal is int cause and not 0)
        {
            return cause;
        }

        string to = message.To.Text;
        var mail = new Mail
        {
            From = MessageAddress.Of(from),
            To = to,
            Data = message.Data,
            Protocol = message.Protocol,
            Received = utc,
            Expires = utc + message.Validity,
            Report = message.WantsReport ? (from, message.Reference, message.To) : null,
        };
        bool isOurs;
        lock (_gate)
        {
            isOurs = _boxes.TryGetValue(to, out Mailbox? box) && box.HasCard;
            Remember(new CarriedMessage(from, to, message.Data.Text, message.Data.Part?.Number ?? 1, message.Data.Part?.Count ?? 1)
            {
                Octets = message.Data.Octets,
            });
        }

        if (isOurs)
        {
            Enqueue(mail);
        }
        else
        {
            Report(mail, utc, ReportTpdu.Delivered);
        }

        return 0;
    }

    /// <summary>The next that waits for a number; what has become too old is gone.</summary>
    internal Mail? Peek(string number, DateTime utc)
    {
        while (true)
        {
            Mail? first;
            lock (_gate)
            {
                first = Box(number).Waiting.FirstOrDefault();
            }

            if (first is null || !(first.Expires <= utc))
            {
                // What came from outside is stamped when it is first looked at; it keeps the stamp when it is sent again.
                if (first is not null)
                {
                    first.Received ??= utc;
                }

                return first;
            }

            Remove(number, first);
            Report(first, utc, ReportTpdu.Expired);
        }
    }

    /// <summary>The module has it.</summary>
    internal void Taken(string number, Mail mail, DateTime utc)
    {
        Remove(number, mail);
        Report(mail, utc, ReportTpdu.Delivered);
    }

    private static string Checked(string number) =>
        number is ['+', .. string digits] && MessageAddress.IsNumber(digits)
            ? number
            : throw new ArgumentException($"'{number}' is no number: a plus sign and up to 20 digits.", nameof(number));

    private static MessageAddress Sender(string from)
    {
        ArgumentException.ThrowIfNullOrEmpty(from);
        MessageAddress sender = MessageAddress.Of(from);
        return sender.Type != MessageAddress.Letters || Gsm7Alphabet.Encode(from) is { Length: <= 11 }
            ? sender
            : throw new ArgumentException($"'{from}' is neither a number nor a name of up to eleven letters.", nameof(from));
    }

    private void Report(Mail mail, DateTime utc, byte status)
    {
        if (mail.Report is not (string to, byte reference, MessageAddress peer))
        {
            return;
        }

        byte[] stamp = TimeStamp.Write(mail.Received ?? utc, ZoneQuarters);
        Enqueue(new Mail
        {
            From = peer, To = to, IsReport = true, Data = new UserData(0, 0, [], HasHeader: false),
            Raw = ReportTpdu.Write(reference, peer, stamp, TimeStamp.Write(utc, ZoneQuarters), status),
        });
    }

    private void Remember(CarriedMessage message)
    {
        _carried.Enqueue(message);
        if (_carried.Count > MostRemembered)
        {
            _carried.Dequeue();
        }
    }

    private Mailbox Box(string number)
    {
        if (!_boxes.TryGetValue(number, out Mailbox? box))
        {
            _boxes[number] = box = new Mailbox();
        }

        return box;
    }

    private void Enqueue(Mail mail)
    {
        Action? arrived;
        lock (_gate)
        {
            Mailbox box = Box(mail.To);
            foreach (Mail item in Released(mail))
            {
                box.Waiting.AddLast(item);
            }

            arrived = box.Arrived;
        }

        arrived?.Invoke();
    }

    /// <summary>The message itself, or, when parts are shuffled and it was the last of its parts, all of them in another order.
    /// </summary>
    private Mail[] Released(Mail mail)
    {
        if (!ShufflesParts || mail.Data.Part is not (int reference, int count, _))
        {
            return [mail];
        }

        var key = (mail.From.Text, mail.To, reference, count);
        List<Mail> parts = _held.TryGetValue(key, out List<Mail>? held) ? held : _held[key] = [];
        parts.Add(mail);
        if (parts.Count < count)
        {
            return [];
        }

        _held.Remove(key);
        Mail[] all = [.. parts, .. parts.Where(_ => Roll(3) == 0).Select(part => part with { Report = null })];
        _random.Shuffle(all);
        return all;
    }

    private int Roll(int sides) => _random.Next(sides);

    private void Remove(string number, Mail mail)
    {
        lock (_gate)
        {
            Box(number).Waiting.Remove(mail);
        }
    }

    /// <summary>What waits for a number.</summary>
    private sealed class Mailbox
    {
        internal LinkedList<Mail> Waiting { get; } = new();

        internal Action? Arrived { get; set; }

        /// <summary>Whether a card with the number has ever been in a module.</summary>
        internal bool HasCard { get; set; }
    }
}

/// <summary>A message, or a part of one, that a module has sent.</summary>
/// <param name="From">The number of its card.</param>
/// <param name="To">Whom it is for.</param>
/// <param name="Text">What people read; <see langword="null"/> for octets that are no text.</param>
/// <param name="Part">Which part, from 1.</param>
/// <param name="Parts">Of how many.</param>
public sealed record CarriedMessage(string From, string To, string? Text, int Part, int Parts)
{
    /// <summary>The user data as it was sent, with its header where it has one.</summary>
    public ReadOnlyMemory<byte> Octets { get; init; }
}
