using ModemDriver.Cellular;
using ModemDriver.Channel;
using ModemDriver.Diagnostics;
using ModemDriver.Scheduling;

namespace ModemDriver.Lifecycle;

/// <content>The dialogue with the network by codes (USSD).</content>
internal sealed partial class ModemRunner
{
    // A network answers within seconds, or when it has asked another one; modules give up after 60 s at most.
    private static readonly TimeSpan UssdLimit = TimeSpan.FromSeconds(60);

    // 182 characters in four digits each, and line ends; more is no text of a network.
    private const int MaxUssdLength = 1024;

    private readonly List<byte> _ussdText = [];
    private TaskCompletionSource<UssdReply>? _ussdReply;
    private bool _isInUssd;

    /// <summary>Told of what the network says unasked, off the loop; null while nobody wants to know.</summary>
    public Action<UssdReply>? UssdReceived { get; set; }

    /// <summary>Whether the network waits for an answer.</summary>
    public bool IsUssdOpen { get; private set; }

    /// <summary>Sends a code or an answer, and waits for what the network says.</summary>
    /// <exception cref="InvalidOperationException">One is on its way already.</exception>
    public async Task<UssdReply> SendUssdAsync(IUssdCommands commands, string text, CancellationToken cancellationToken)
    {
        if (_isInUssd)
        {
            throw new InvalidOperationException("A code is on its way already; one at a time.");
        }

        _isInUssd = true;
        try
        {
            // The answer is in the set too: nobody changes it before that has come.
            await _characterSetTurn.EnterAsync(cancellationToken);
            try
            {
                await ReadCharacterSetAsync(commands.ReadCharacterSet(), cancellationToken);
                return await SendUssdOnceAsync(commands, text, cancellationToken);
            }
            finally
            {
                _characterSetTurn.Leave();
            }
        }
        finally
        {
            _ussdReply = null;
            _isInUssd = false;
        }
    }

    /// <summary>Has the module tell what the network begins; again after it has started anew.</summary>
    public async Task ListenForUssdAsync(IUssdCommands commands, CancellationToken cancellationToken)
    {
        await _characterSetTurn.EnterAsync(cancellationToken);
        try
        {
            await ReadCharacterSetAsync(commands.ReadCharacterSet(), cancellationToken);
        }
        finally
        {
            _characterSetTurn.Leave();
        }

        await ExecuteOrThrowAsync(commands.Listen(), cancellationToken);
        Kept.Keep(ModemFeature.Ussd, dialect =>
        {
            _characterSetQuestion = dialect.Ussd!.ReadCharacterSet();
            return [_characterSetQuestion, dialect.Ussd.Listen()];
        });
    }

    /// <summary>Ends the dialogue.</summary>
    public async Task CancelUssdAsync(IUssdCommands commands, CancellationToken cancellationToken)
    {
        await ExecuteOrThrowAsync(commands.Cancel(), cancellationToken);
        IsUssdOpen = false;
    }

    private async Task<UssdReply> SendUssdOnceAsync(
        IUssdCommands commands, string text, CancellationToken cancellationToken)
    {
        // It may come before the OK.
        var reply = new TaskCompletionSource<UssdReply>(TaskCreationOptions.RunContinuationsAsynchronously);
        _ussdReply = reply;
        var command = commands.Send(text, CharacterSet);
        try
        {
            await ExecuteOrThrowAsync(command, cancellationToken);
            await LoopWait.ForAsync(reply.Task, UssdLimit, _time, cancellationToken);
            return await reply.Task;
        }
        catch (Exception exception)
            when (exception is TimeoutException or OperationCanceledException or CommandTimeoutException)
        {
            // What comes after this is none of the next one's.
            _ussdReply = null;
            _loop.Watch(GiveUpUssdAsync(commands));
            if (exception is not TimeoutException)
            {
                throw;
            }

            throw new CommandTimeoutException(command.Line.Display, CommandStage.Written, UssdLimit, UssdLimit, [])
            {
                Port = PortName,
                State = State,
            };
        }
    }

    private async Task GiveUpUssdAsync(IUssdCommands commands)
    {
        IsUssdOpen = false;
        try
        {
            await Channel.ExecuteAsync(commands.Cancel());
        }
        catch (ModemException exception)
        {
            Log.UssdNotCancelled(_logger, PortName, exception.Message);
        }
    }

    private void OnUssd(ReadOnlySpan<byte> line)
    {
        if (Dialect?.Ussd is not { } commands || commands.IsUnfinished(line)
            || commands.Read(line, CharacterSet) is not { } reply)
        {
            return;
        }

        IsUssdOpen = reply.IsAnswerExpected;
        if (_ussdReply is { } waiting)
        {
            waiting.TrySetResult(reply);
        }
        else if (UssdReceived is { } told)
        {
            _events.Post(nameof(UssdInterface.Received), () => told(reply));
        }
    }

    private bool BeginsUssd(ReadOnlySpan<byte> line)
    {
        _ussdText.Clear();
        if (Dialect?.Ussd?.IsUnfinished(line) != true)
        {
            return false;
        }

        _ussdText.AddRange(line);
        return true;
    }

    // Where the end does not come, the text is given up: what follows may be the answer to a command.
    private BodyLine OnUssdLine(ReadOnlySpan<byte> line)
    {
        if (_ussdText.Count + line.Length >= MaxUssdLength || IsUrc(line))
        {
            _ussdText.Clear();
            return BodyLine.None;
        }

        _ussdText.Add((byte)'\n');
        _ussdText.AddRange(line);
        var text = System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_ussdText);
        if (Dialect?.Ussd?.IsUnfinished(text) == true)
        {
            return BodyLine.More;
        }

        OnUssd(text);
        _ussdText.Clear();
        return BodyLine.Last;
    }
}
