using Microsoft.Extensions.Logging;
using ModemDriver.Channel;
using ModemDriver.Commands;
using ModemDriver.Diagnostics;
using ModemDriver.Dialects;
using ModemDriver.Transport;

namespace ModemDriver.Lifecycle;

/// <summary>
/// Finds out whether a module is there, at which bit rate, in what state it was left, and what it is.
/// </summary>
/// <remarks>
/// In this order: the way out of the data state, if a session was open when the module was lost; a line end against noise,
/// <c>AT</c> at the port's own rate; the way out of a data state in which it may be stuck all the same, and out of the entry of a
/// text; result codes on and in words, in case another program has left them off or as numbers; the other rates. Then echo off, and the question
/// of each dialect, twice, because a line of something else may stand in the middle of an answer.
/// </remarks>
internal sealed class ModuleProbe(CommandChannel channel, TimeProvider time, ILogger logger, ModemOptions options)
{
    private const int ProbesAtOwnRate = 4;
    private const int ProbesAtOtherRates = 2;

    // Two answers in a row must agree; a module that gave itself out once, and was garbled once, is asked again.
    private const int Questions = 4;

    private static readonly TimeSpan ProbeLimit = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan QuestionLimit = TimeSpan.FromSeconds(2);

    // A module that joins its network at start has been seen to answer busy to everything meanwhile (defect Q3).
    private static readonly TimeSpan BusyLimit = TimeSpan.FromSeconds(25);

    // V.250 has no time for this; a second before and after satisfies every module that is known.
    private static readonly TimeSpan EscapeGuard = TimeSpan.FromSeconds(1);

    private readonly List<string> _tried = [];

    /// <summary>A rate at which the module was left, and which comes before the others; null: none.</summary>
    public int? LikelyBitRate { get; set; }

    /// <summary>Whether the module that was found has switched its echo off.</summary>
    public bool IsEchoOff { get; private set; }

    /// <summary>Whether the module has answered and is being asked who it is: if it starts anew now, it will not answer.
    /// </summary>
    public bool IsAsking { get; private set; }

    /// <summary>Whether the module may have been in a data state; it has been led out of it.</summary>
    public bool WasInDataState { get; private set; }

    /// <summary>Told when a module was found only after the escape from a data state: how long it took.</summary>
    public Action<TimeSpan, Exception?>? DataStateLeft { get; set; }

    /// <summary>Finds the module on an open port.</summary>
    /// <exception cref="ModuleSilentException">Nothing answered; it lists what was tried.</exception>
    public async Task<Dialect> FindAsync(ITransport transport, CancellationToken cancellationToken)
    {
        _tried.Clear();
        WasInDataState = false;
        if (!await IsThereAsync(transport, cancellationToken))
        {
            throw new ModuleSilentException(
                $"No module answers on {transport.Name}; is it powered, and are TX and RX crossed? "
                + $"Tried: {string.Join(", ", _tried)}.",
                [.. _tried])
            {
                Port = transport.Name,
            };
        }

        IsAsking = true;
        try
        {
            var echo = await channel.ExecuteAsync(new SimpleCommand("ATE0", QuestionLimit), cancellationToken);
            IsEchoOff = echo.IsSuccess;
            return await IdentifyAsync(cancellationToken);
        }
        finally
        {
            IsAsking = false;
        }
    }

    private async Task<bool> IsThereAsync(ITransport transport, CancellationToken cancellationToken)
    {
        // It was lost in a session: what is sent first otherwise would go to the peer.
        if (channel.MayCarryData && await LeavesDataStateAsync(transport, cancellationToken))
        {
            return true;
        }

        if (await AnswersAsync(RateText(transport), ProbesAtOwnRate, cancellationToken))
        {
            return true;
        }

        if (await LeavesDataStateAsync(transport, cancellationToken) || await LeavesTextEntryAsync(transport, cancellationToken)
            || await AnswersInWordsAsync(transport, cancellationToken))
        {
            return true;
        }

        if (transport.BitRate is not { } own)
        {
            return false;
        }

        var likely = LikelyBitRate is { } left ? [left] : Array.Empty<int>();
        foreach (var rate in likely.Concat(options.ProbeBitRates).Distinct().Where(rate => rate != own))
        {
            await transport.SetBitRateAsync(rate, cancellationToken);
            if (await AnswersAsync(RateText(transport), ProbesAtOtherRates, cancellationToken))
            {
                return true;
            }
        }

        await transport.SetBitRateAsync(own, cancellationToken);
        return false;
    }

    private async Task<bool> LeavesDataStateAsync(ITransport transport, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        WasInDataState = await AnswersAfterEscapeAsync(transport, cancellationToken);
        if (WasInDataState)
        {
            DataStateLeft?.Invoke(time.GetElapsedTime(started), null);
        }

        return WasInDataState;
    }

    private async Task<bool> AnswersAfterEscapeAsync(ITransport transport, CancellationToken cancellationToken)
    {
        Tried("escape from the data state (+++)");
        await Task.Delay(EscapeGuard, time, cancellationToken);
        await channel.SendBareAsync("+++"u8.ToArray());
        await Task.Delay(EscapeGuard, time, cancellationToken);
        return await AnswersAsync(RateText(transport), ProbesAtOtherRates, cancellationToken);
    }

    // A program that has ended behind the prompt for a short message: whatever follows is text, to the escape, which throws it
    // away (TS 27.005, section 3.5.1). Never Ctrl-Z, which sends it.
    private async Task<bool> LeavesTextEntryAsync(ITransport transport, CancellationToken cancellationToken)
    {
        Tried("escape from the entry of a text (ESC)");
        await channel.SendBareAsync("\u001b"u8.ToArray());
        await Task.Delay(ProbeLimit, time, cancellationToken); // some answer it
        return await AnswersAsync(RateText(transport), ProbesAtOtherRates, cancellationToken);
    }

    // With V0 a result code is a digit and a CR, with Q1 there is none: V.250 sections 6.2.5 and 6.2.6. A module that knows
    // neither command answers with an error, which the first probe takes for one answer too many.
    private async Task<bool> AnswersInWordsAsync(ITransport transport, CancellationToken cancellationToken)
    {
        Tried("result codes on and in words (ATQ0V1)");
        await channel.SendBareAsync("ATQ0V1\r\n"u8.ToArray());
        return await AnswersAsync(RateText(transport), ProbesAtOtherRates, cancellationToken);
    }

    private async Task<bool> AnswersAsync(string rate, int probes, CancellationToken cancellationToken)
    {
        Tried($"AT{rate}");

        // Ends a line of noise that may stand before our first one; what it draws is ignored.
        await channel.SendBareAsync("\r\n"u8.ToArray());
        var started = time.GetTimestamp();
        for (var i = 0; i < probes; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            switch (await channel.ProbeAsync(ProbeLimit))
            {
                case ProbeAnswer.One:
                    return true;
                case ProbeAnswer.Busy when time.GetElapsedTime(started) < BusyLimit:
                    i--;
                    break;
            }
        }

        return false;
    }

    private async Task<Dialect> IdentifyAsync(CancellationToken cancellationToken)
    {
        // A question that several dialects have is asked for the first of them.
        var answers = new Dictionary<string, Queue<IReadOnlyList<string>>>(StringComparer.Ordinal);
        foreach (var recogniser in DialectCatalog.All)
        {
            if (!answers.TryGetValue(recogniser.Question, out var known))
            {
                known = answers[recogniser.Question] = new Queue<IReadOnlyList<string>>();
            }

            if (await RecogniseAsync(recogniser, known, cancellationToken) is { } dialect)
            {
                return dialect;
            }
        }

        throw new ModemProtocolException("the same answer twice to who it is", string.Join(" | ", channel.LastLines()));
    }

    private async Task<Dialect?> RecogniseAsync(
        IDialectRecogniser recogniser, Queue<IReadOnlyList<string>> known, CancellationToken cancellationToken)
    {
        var given = known.Count;
        Dialect? last = null;
        for (var i = 0; i < Math.Max(Questions, given); i++)
        {
            var answer = i < given ? known.Dequeue() : await AskAsync(recogniser.Question, cancellationToken);
            known.Enqueue(answer);
            var next = recogniser.Recognise(answer);
            if (i > 0 && last is null && next is null)
            {
                return null;
            }

            if (last is not null && next is not null && IsSame(last.Identity, next.Identity))
            {
                return next;
            }

            last = next;
        }

        return null;
    }

    private async Task<IReadOnlyList<string>> AskAsync(string question, CancellationToken cancellationToken)
    {
        var ask = new LinesCommand(question, QuestionLimit);
        await channel.ExecuteAsync(ask, cancellationToken);
        return ask.Lines;
    }

    private static bool IsSame(ModuleIdentity one, ModuleIdentity other) =>
        one.Dialect == other.Dialect && one.Manufacturer == other.Manufacturer && one.Firmware == other.Firmware
        && one.Model == other.Model;

    private void Tried(string step)
    {
        _tried.Add(step);
        Log.ProbeStep(logger, channel.Port, step);
    }

    private static string RateText(ITransport transport) =>
        transport.BitRate is { } rate ? $" at {rate} bit/s" : string.Empty;
}
