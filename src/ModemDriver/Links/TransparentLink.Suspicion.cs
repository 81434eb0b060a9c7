using System.Buffers;
using ModemDriver.Framing;

namespace ModemDriver.Links;

/// <content>
/// Words of the module in the middle of the data: it may have started anew, or have ended the data state by itself. They
/// may be payload too, so what comes from there on is withheld until that is known.
/// </content>
internal sealed partial class TransparentLink
{
    // A module that starts says what it has to say, and then nothing. More than any has to say is a peer's.
    private const int MoreThanAnyModuleSays = 16 * 1024;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(300);
    private static readonly TimeSpan LeastWait = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(3);

    // To ask stops the data for more than a second. Between two such stops data flows at least so long, though the peer
    // says such words all the time.
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(10);

    // What may be the beginning of the module's word that the peer has closed is kept for the next byte of it, which comes at
    // once, or with the next packet of an adapter (16 ms): a reader of it would have read what the peer did not send.
    private static readonly TimeSpan NextOfWord = TimeSpan.FromMilliseconds(20);

    private readonly WordWatch _watch;
    private readonly ArrayBufferWriter<byte> _begun = new();
    private readonly ArrayBufferWriter<byte> _withheld = new();
    private long _begunAt;
    private bool _isWaitingForNext;
    private long _withheldAt;
    private bool _isResting;
    private bool _hasWordInRest;

    /// <summary>The clock.</summary>
    public required TimeProvider Time { private get; init; }

    /// <summary>Told, on the loop, when the session has become suspect and must be checked.</summary>
    public Action<TransparentLink>? Suspected { get; init; }

    /// <summary>
    /// Whether a word has come after which nobody knows in which state the module is. Then nothing is sent, and what
    /// arrives is withheld.
    /// </summary>
    public bool IsSuspect { get; private set; }

    /// <summary>The words were payload: what was withheld goes to the reader, and the rest on.</summary>
    public void Trust()
    {
        if (!IsSuspect)
        {
            return;
        }

        IsSuspect = false;
        _watch.Reset();
        if (_withheld.WrittenCount > 0)
        {
            Take(_withheld.WrittenSpan, mustBeRead: _isLeaving || !IsInData);
            _withheld.ResetWrittenCount();
        }

        _isResting = true;
        _loop.Watch(RestAsync());
        Kick();
    }

    /// <summary>Waits for a pause in what comes, within a limit: who starts anew has to finish first.</summary>
    public async Task AwaitPauseAsync()
    {
        var began = Time.GetTimestamp();
        while (IsSuspect && Time.GetElapsedTime(began) < LongestWait
            && Pause - Time.GetElapsedTime(_withheldAt) is { Ticks: > 0 } left)
        {
            // A wait counts whole milliseconds: one of less would be none, and this a loop without a pause.
            await Task.Delay(left < LeastWait ? LeastWait : left, Time);
        }
    }

    /// <summary>Takes what the module pushes, with headers, while what comes is withheld.</summary>
    public void TakePushed(ReadOnlySpan<byte> bytes) => Withhold(bytes);

    /// <summary>
    /// Ends what is withheld at the module's word that the peer has closed: what stands before it is the reader's. Who asks
    /// has been told that the link is closed.
    /// </summary>
    /// <returns>
    /// False where that word is not the last of the suspicious ones, or more than lines stand behind it: then nobody knows what
    /// was payload.
    /// </returns>
    public bool TryEndAtWord()
    {
        var word = _rules.PeerClosed;
        var at = IsSuspect && word.Length > 0 ? _withheld.WrittenSpan.LastIndexOf(word) : -1;
        if (at < 0 || !AreLines(_withheld.WrittenSpan[(at + word.Length)..]))
        {
            return false;
        }

        Take(_withheld.WrittenSpan[..at], mustBeRead: true);
        _withheld.ResetWrittenCount();
        IsSuspect = false;
        return true;
    }

    // What the module could not say amid the data, and what it answers to data that it takes for commands by then.
    private bool AreLines(ReadOnlySpan<byte> rest)
    {
        foreach (var word in _rules.Suspicious)
        {
            if (rest.IndexOf(word) >= 0)
            {
                return false;
            }
        }

        return rest.IsEmpty || (rest.StartsWith("\r\n"u8) && rest.EndsWith("\r\n"u8));
    }

    private void TakeWatched(ReadOnlySpan<byte> bytes)
    {
        var at = _watch.Find(bytes);
        if (at < 0)
        {
            var begun = Math.Min(_watch.Begun(_rules.PeerClosed), _begun.WrittenCount + bytes.Length);
            var before = Math.Max(begun - bytes.Length, 0);
            GiveBegun(_begun.WrittenCount - before);
            Take(bytes[..^(begun - before)], mustBeRead: _isLeaving);
            KeepBegun(bytes[^(begun - before)..]);
            return;
        }

        if (_isResting || (_isCarrierWired && _channel.Carrier == true))
        {
            _hasWordInRest |= _isResting;
            GiveBegun();
            Take(bytes, mustBeRead: _isLeaving);
            return;
        }

        GiveBegun(_begun.WrittenCount - Math.Min(_watch.CameBefore, _begun.WrittenCount));
        Take(bytes[..at], mustBeRead: _isLeaving);
        Suspect();
        Withhold(_begun.WrittenSpan);
        _begun.ResetWrittenCount();
        Withhold(bytes[at..]);
    }

    private void KeepBegun(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty)
        {
            return;
        }

        _begun.Write(bytes);
        _begunAt = Time.GetTimestamp();
        if (!_isWaitingForNext)
        {
            _isWaitingForNext = true;
            _loop.Watch(GiveBegunLaterAsync());
        }
    }

    private async Task GiveBegunLaterAsync()
    {
        while (_begun.WrittenCount > 0 && NextOfWord - Time.GetElapsedTime(_begunAt) is { Ticks: > 0 } left)
        {
            await Task.Delay(left < LeastWait ? LeastWait : left, Time);
        }

        _isWaitingForNext = false;
        GiveBegun();
    }

    private void GiveBegun() => GiveBegun(_begun.WrittenCount);

    // The rest stays; what came later may make a word of it.
    private void GiveBegun(int count)
    {
        if (count <= 0)
        {
            return;
        }

        Take(_begun.WrittenSpan[..count], mustBeRead: _isLeaving || !IsInData);
        var rest = _begun.WrittenSpan[count..].ToArray();
        _begun.ResetWrittenCount();
        _begun.Write(rest);
    }

    private void Suspect()
    {
        IsSuspect = true;
        _withheldAt = Time.GetTimestamp();
        _loop.Post(static session => ((TransparentLink)session!).TellSuspicion(), this);
    }

    private void TellSuspicion()
    {
        if (IsSuspect && Link.State == LinkState.Open)
        {
            Suspected?.Invoke(this);
        }
    }

    private async Task RestAsync()
    {
        await Task.Delay(Rest, Time);
        _isResting = false;
        if (_hasWordInRest && IsInData)
        {
            Suspect();
        }

        _hasWordInRest = false;
    }

    private void Withhold(ReadOnlySpan<byte> bytes)
    {
        _withheld.Write(bytes);
        _withheldAt = Time.GetTimestamp();
        if (_withheld.WrittenCount > MoreThanAnyModuleSays)
        {
            Trust();
        }
    }
}
