using ModemDriver.Simulator.Network;
using ModemDriver.Simulator.Wire;

namespace ModemDriver.Simulator.Personalities.EspAt;

/// <summary>Sending with a prompt: user guide, AT+CIPSEND and AT+CIPSENDEX.</summary>
internal sealed class SendCommands(EspAtModule module) : CommandGroup(module)
{
    private const int MaxSendExBytes = 2048;

    // Every generation writes this one alike.
    private const string TransparentPrompt = "\r\nOK\r\n\r\n>";

    private readonly byte[] _buffer = new byte[module.Profile.MaxSendBytes];

    internal override IEnumerable<CommandEntry> Entries =>
    [
        new("CIPSEND") { Execute = At(_ => EnterTransparent()), Set = At(call => Begin(call, Module.Profile.MaxSendBytes, hasEscapes: false)) },
        new("CIPSENDEX") { Set = At(call => Begin(call, MaxSendExBytes, hasEscapes: true)) },
    ];

    private Outcome Begin(CommandCall call, int most, bool hasEscapes)
    {
        Parameters given = call.Parameters;
        int first = Settings.Multiple ? 1 : 0;
        int id = 0;
        if (!given.Takes(first + 1, first + 1)
            || (first == 1 && !given.Number(0, 0, LinkTable.Size - 1, out id))
            || !given.Number(first, 1, int.MaxValue, out int length))
        {
            return given.Refusal;
        }

        if (Settings.Transparent)
        {
            Respond.Reason("IPMODE=1");
            return Outcome.Failed;
        }

        if (Module.Links.Find(id) is not EspAtLink link)
        {
            Respond.Reason("link is not valid");
            return Outcome.Failed;
        }

        if (length > most)
        {
            Respond.Reason("too long");
            return Outcome.Error(ErrorCode.Invalid(first));
        }

        Respond.Answer(Host.Faults.LosesPrompt() ? "\r\nOK\r\n" : Forms.LengthPrompt);
        Module.Input.Collect(new PayloadPhase(
            Host, _buffer, length, hasEscapes, payload => Completed(link, payload.Count), Cancelled));
        return Outcome.Said;
    }

    private Outcome EnterTransparent()
    {
        if (!Settings.Transparent)
        {
            return Outcome.Failed;
        }

        if (Module.Links.Find(0) is not EspAtLink link)
        {
            Respond.Reason("link is not valid");
            return Outcome.Failed;
        }

        Respond.Answer(Host.Faults.LosesPrompt() ? "\r\nOK\r\n" : TransparentPrompt);
        Module.Transparent.Enter(link);
        return Outcome.Said;
    }

    private void Cancelled()
    {
        Respond.Answer("\r\nSEND Canceled\r\n");
        Module.Input.Idle();
    }

    private void Completed(EspAtLink link, int count) =>
        Host.Loop.StartHere(() => SendAsync(link, count, Module.Life));

    private async Task SendAsync(EspAtLink link, int count, CancellationToken life)
    {
        Respond.Answer(WireText.Format($"\r\nRecv {count} bytes\r\n"));
        bool wasLost = link.IsClosed;
        bool isSent = await TrySendAsync(link, count);
        life.ThrowIfCancellationRequested();
        await Host.Clock.WaitAsync(Host.Timings.SendVerdict, life);
        if (wasLost && Module.Switches[EspAtSwitches.LostAfterPrompt] == "error")
        {
            Respond.Error(ErrorCode.ExecutionFailed);
        }
        else
        {
            Host.Faults.Verdict(isSent, "\r\nSEND OK\r\n", Forms.SendFail, Respond.Answer);
        }

        Module.Input.Idle();
    }

    private async Task<bool> TrySendAsync(EspAtLink link, int count)
    {
        if (link.IsClosed)
        {
            return false;
        }

        int timeout = Current.TcpOptions[link.Id].SendTimeout;
        using var deadline = timeout > 0
            ? new CancellationTokenSource(TimeSpan.FromMilliseconds(timeout), Host.Clock.Provider)
            : new CancellationTokenSource();
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, link.Life);
        try
        {
            await link.Connection.SendAsync(_buffer.AsMemory(0, count), either.Token);
            return true;
        }
        catch (NetworkException failure)
        {
            Host.Trace($"! link {link.Id}: {failure.Message}");
            return false;
        }
        catch (OperationCanceledException)
        {
            // The link was lost meanwhile, or the stack took too long; a reset of the module is the caller's matter.
            return false;
        }
    }
}
