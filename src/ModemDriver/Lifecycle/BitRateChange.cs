using ModemDriver.Channel;
using ModemDriver.Commands;
using ModemDriver.Services;
using ModemDriver.Transport;

namespace ModemDriver.Lifecycle;

/// <summary>Changes the rate of module and port together, and makes sure of it, or goes back.</summary>
/// <remarks>
/// In this order, with the wire for itself: can the port do it; the module is told; it is asked at the new rate until it
/// has answered twice in a row; if not, it is told to go back, in case it hears us but we do not hear it, and is asked at
/// the old rate. A module may answer the command at the old rate, as manuals say, or at the new one (ESP_ATMod issue 18),
/// so that no answer is no refusal.
/// </remarks>
internal sealed class BitRateChange(CommandChannel channel, TimeProvider time)
{
    private const int MaxProbes = 6;
    private const int AnswersInARow = 2;
    private const int MaxBusy = 20;

    private static readonly TimeSpan ProbeLimit = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan BusyPause = TimeSpan.FromMilliseconds(100);

    /// <summary>Changes the rate. It is not given up half-way; it takes at most about fifteen seconds.</summary>
    /// <exception cref="BitRateException">It could not be changed; the reason says at which rate the modem is.</exception>
    public Task ChangeAsync(
        ITransport transport, ILineCommands commands, LineSettings? current, SerialTransportOptions port, int bitRate) =>
        channel.RunAloneAsync(async turn =>
        {
            var change = new Change(transport, commands, transport.BitRate!.Value, bitRate); // the caller has looked
            await TryPortAsync(change);
            AtCommand Command(int rate) => commands.SetBitRate(rate, current, port);
            var answer = await TellAsync(turn, () => Command(change.New));
            if (answer == ProbeAnswer.Several && await AnswersAsync(turn))
            {
                throw Failed(change, BitRateFailure.RefusedByModule, "the module refused");
            }

            await SwitchAsync(change, change.New);
            if (!await AnswersAsync(turn))
            {
                await GoBackAsync(turn, change, Command(change.Old));
            }

            return true;
        });

    private readonly record struct Change(ITransport Transport, ILineCommands Commands, int Old, int New);

    // Before the module is told: it would be at a rate at which nobody can tell it to come back.
    private async Task TryPortAsync(Change change)
    {
        try
        {
            await change.Transport.SetBitRateAsync(change.New, CancellationToken.None);
        }
        catch (TransportException refused) when (refused.Failure == TransportFailure.Other)
        {
            await change.Transport.SetBitRateAsync(change.Old, CancellationToken.None);
            throw Failed(change, BitRateFailure.RefusedByPort, refused.Message, refused);
        }

        await change.Transport.SetBitRateAsync(change.Old, CancellationToken.None);
    }

    private async Task<ProbeAnswer> TellAsync(CommandChannel.AloneTurn turn, Func<AtCommand> command)
    {
        var answer = ProbeAnswer.Busy;
        for (var i = 0; i < MaxBusy && answer == ProbeAnswer.Busy; i++)
        {
            answer = await turn.TryAsync(command());
            if (answer == ProbeAnswer.Busy)
            {
                await Task.Delay(BusyPause, time);
            }
        }

        return answer;
    }

    private async Task GoBackAsync(CommandChannel.AloneTurn turn, Change change, AtCommand back)
    {
        await turn.TryAsync(back);
        await SwitchAsync(change, change.Old);
        throw await AnswersAsync(turn)
            ? Failed(
                change,
                BitRateFailure.NoAnswer,
                "the module did not answer at that rate; both are back at the former one")
            : Failed(
                change,
                BitRateFailure.ModuleLost,
                $"the module answers neither at that rate nor at {change.Old} bit/s");
    }

    private async Task SwitchAsync(Change change, int bitRate)
    {
        await Task.Delay(change.Commands.ChangeTime, time);
        await change.Transport.SetBitRateAsync(bitRate, CancellationToken.None);
    }

    // The first may be glued to what the change of the rate has left on the line.
    private static async Task<bool> AnswersAsync(CommandChannel.AloneTurn turn)
    {
        var inARow = 0;
        for (var i = 0; i < MaxProbes && inARow < AnswersInARow; i++)
        {
            inARow = await turn.ProbeAsync(ProbeLimit) == ProbeAnswer.One ? inARow + 1 : 0;
        }

        return inARow == AnswersInARow;
    }

    private BitRateException Failed(
        Change change, BitRateFailure reason, string what, Exception? innerException = null) => new(
        change.New,
        change.Old,
        reason,
        $"The bit rate was not changed from {change.Old} to {change.New} bit/s ({reason}): {what}.".Replace("..", "."),
        innerException)
    {
        Port = channel.Port,
    };
}
