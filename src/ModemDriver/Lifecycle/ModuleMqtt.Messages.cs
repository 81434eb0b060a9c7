using System.Text;
using ModemDriver.Framing;
using ModemDriver.Scheduling;

namespace ModemDriver.Lifecycle;

/// <content>What the broker sends: on its way in pieces, then waiting for the reader.</content>
internal sealed partial class ModuleMqtt
{
    private readonly LoopMailbox<ModuleMqttMessage> _messages;
    private byte[]? _payload;
    private int _received;
    private string _topic = string.Empty;
    private string _lastTopic = string.Empty;
    private long _waitingBytes;
    private long _lostMessages;
    private int _kept;
    private int _fetched;
    private bool _isFetching;

    // Until a topic is named: what goes on with a message that was lost, or began before the session, belongs to no other.
    private bool _isBeginningLost = true;

    /// <summary>How many messages were lost, as far as could be seen; may be read from any thread.</summary>
    public long LostMessages => Interlocked.Read(ref _lostMessages);

    /// <summary>Takes the next message; null when the session was closed from this side and all were taken.</summary>
    public async Task<ModuleMqttMessage?> TakeAsync(CancellationToken cancellationToken)
    {
        try
        {
            var message = await _messages.TakeAsync(Timeout.InfiniteTimeSpan, cancellationToken);
            _waitingBytes -= SizeOf(message);
            StartFetching();
            return message;
        }
        catch (ModuleMqttException reason)
        {
            return reason.Reason == ModuleMqttFailure.Closed ? null : throw Again(reason);
        }
    }

    /// <inheritdoc/>
    public void OnPayload(in AtFrame piece)
    {
        if (piece.Offset == 0)
        {
            _topic = Encoding.UTF8.GetString(piece.Header!.ReadText(piece.Raw)); // a payload has a header
            _payload = new byte[piece.Announced];
            _received = 0;
        }

        if (_payload is { } payload)
        {
            piece.Text.CopyTo(payload.AsSpan(_received));
            _received += piece.Text.Length;
        }
    }

    /// <inheritdoc/>
    public void OnPayloadWhole()
    {
        if (_payload is not { } payload || _received < payload.Length)
        {
            return;
        }

        _payload = null;
        _fetched++;
        var isContinuation = _topic.Length == 0;
        if (!isContinuation)
        {
            (_lastTopic, _isBeginningLost) = (_topic, false);
        }

        var message = new ModuleMqttMessage(_lastTopic, payload) { IsContinuation = isContinuation };
        if (_isBeginningLost || _ended is not null || _waitingBytes + SizeOf(message) > _options.ReceiveBufferBytes)
        {
            LoseOne();
        }
        else
        {
            _waitingBytes += SizeOf(message);
            _messages.Post(message);
        }
    }

    /// <inheritdoc/>
    public void OnBytesLost(bool isOfService)
    {
        if (isOfService || _payload is not null)
        {
            _payload = null;
            _fetched++;
            LoseOne();
        }
    }

    private static int SizeOf(ModuleMqttMessage message) => (message.Topic.Length * sizeof(char)) + message.Payload.Length;

    private void Lose(long count) => Interlocked.Add(ref _lostMessages, count);

    private void LoseOne()
    {
        _isBeginningLost = true;
        Lose(1);
    }

    private void OnKept()
    {
        _kept++;
        StartFetching();
    }

    // As long as the reader leaves room for what four of them may bring; until then they wait in the module.
    private bool MayFetch => _isConnected && _waitingBytes < _options.ReceiveBufferBytes / 2;

    private void StartFetching()
    {
        if (_kept > 0 && !_isFetching && MayFetch)
        {
            _runner.Watch(FetchKeptAsync());
        }
    }

    private async Task FetchKeptAsync()
    {
        _isFetching = true;
        try
        {
            var hasFailed = false;
            bool goesOn;
            do
            {
                var told = 0;
                var fetch = _commands!.FetchKept()!.Command; // who keeps has both
                fetch.MayWrite = () =>
                {
                    (told, _fetched) = (_kept, 0);
                    return true;
                };
                var result = await _runner.ExecuteAsync(fetch, CancellationToken.None);
                var since = _kept - told;
                if (!result.IsSuccess && told > 0)
                {
                    // They still lie in the module. With nothing told of there may have been nothing to fetch.
                    _kept = Math.Max(0, _kept - _fetched);
                    if (hasFailed)
                    {
                        throw new CommandFailedException(fetch.Line.Display, result, fetch.Remarks) { Port = _runner.PortName };
                    }

                    hasFailed = true;
                    goesOn = _kept > 0;
                }
                else
                {
                    // The oldest of more than the module holds was overwritten. Where it handed out more than it had told of, what
                    // was told of meanwhile may be among them, or not.
                    _kept = Math.Max(0, _kept - Math.Max(told, _fetched));
                    Lose(Math.Max(0, told - _fetched));
                    hasFailed = false;
                    goesOn = _kept > 0 || (since > 0 && _fetched > told);
                }
            }
            while (goesOn && MayFetch);
        }
        catch (ModemException failure)
        {
            GiveUp(ModuleMqttFailure.ConnectionLost, failure.Message, failure);
        }
        finally
        {
            _isFetching = false;
        }
    }
}
