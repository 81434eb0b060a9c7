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
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(3);

    // To ask stops the data for more than a second. Between two such stops data flows at least so long, though the peer
    // says such words all the time.
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(10);

    private readonly WordWatch _watch;
    private readonly ArrayBufferWriter<byte> _withheld = new();
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
            await Task.Delay(left, Time);
        }
    }

    /// <summary>Takes what the module pushes, with headers, while the session is suspended.</summary>
    public void TakePushed(ReadOnlySpan<byte> bytes, bool isLast)
    {
        if (IsSuspect)
        {
            Withhold(bytes);
        }
        else
        {
            Link.Append(bytes, isLast);
        }
    }

    /// <summary>How much of what has come is data for sure.</summary>
    private int TrustedPart(ReadOnlySpan<byte> bytes)
    {
        if (IsSuspect)
        {
            return 0;
        }

        var at = _watch.Find(bytes);
        if (at < 0 || (_isCarrierWired && _channel.Carrier == true))
        {
            return bytes.Length;
        }

        if (_isResting)
        {
            _hasWordInRest = true;
            return bytes.Length;
        }

        Suspect();
        return at;
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
