using System.Text;
using ModemDriver.Simulator.Wire;

namespace ModemDriver.Simulator.Personalities.Cellular;

/// <summary>The choice of a network: 3GPP TS 27.007 clause 7.3.</summary>
internal sealed class OperatorCommands(CellularModule module) : CommandGroup(module)
{
    private const int NotAllowedHere = 111;

    private static readonly TimeSpan ChoiceLimit = TimeSpan.FromSeconds(60);

    private readonly CellularModule _module = module;

    internal override IEnumerable<CommandEntry> Entries =>
    [
        new("+COPS") { NeedsCard = true, Test = ScanAsync, Read = Says(Read), Set = SetAsync },
    ];

    private Radio Radio => _module.Radio;

    private MobileWorld World => Host.Options.World.Mobile;

    // +COPS: <mode>[,<format>,"<operator>",<act>]
    private FormattableString Read()
    {
        if (!Radio.IsRegistered || Radio.Operator is not MobileOperator found || Radio.Cell is not MobileCell cell)
        {
            return $"+COPS: {Radio.OperatorMode}";
        }

        string name = Settings.OperatorFormat switch
        {
            0 => found.LongName,
            1 => found.ShortName,
            _ => found.Code,
        };
        int act = RegistrationForm.TechnologyOf(cell);
        return $"+COPS: {Radio.OperatorMode},{Settings.OperatorFormat},\"{name}\",{act}";
    }

    // AT+COPS=<mode>[,<format>[,<operator>[,<act>]]]
    private async ValueTask<Outcome> SetAsync(CommandCall call)
    {
        AtParameters given = call.Parameters;
        if (!given.Takes(1, 4) || !given.Number(0, 0, 4, out int mode) || !given.NumberOr(1, 2, 0, 2, out int format))
        {
            return WrongParameter;
        }

        if (mode == 3)
        {
            Settings.OperatorFormat = format;
            return given.IsGiven(1) && given.Count == 2 ? Outcome.Ok : WrongParameter;
        }

        if (mode is 0 or 2)
        {
            Settings.OperatorFormat = format;
            return Outcome.OkThen(() => Radio.Choose(mode, ""));
        }

        MobileOperator? wanted = World.Operators.FirstOrDefault(known => given.Text(2) == format switch
        {
            0 => known.LongName,
            1 => known.ShortName,
            _ => known.Code,
        });
        Radio.Choose(mode, wanted?.Code ?? given.Text(2));
        long start = Host.Clock.Now;
        while (!Radio.IsRegistered && Radio.Status == RegistrationStatus.Searching && wanted is not null
            && Host.Clock.Since(start) < ChoiceLimit)
        {
            await Host.Clock.WaitAsync(TimeSpan.FromMilliseconds(100), call.Life);
            call.Life.ThrowIfCancellationRequested();
        }

        return Radio.IsRegistered
            ? Outcome.Ok
            : Outcome.Cme(Radio.Status == RegistrationStatus.Denied ? NotAllowedHere : CmeError.NoService);
    }

    // +COPS: (<stat>,"<long>","<short>","<code>",<act>),...,,(<modes>),(<formats>)
    private async ValueTask<Outcome> ScanAsync(CommandCall call)
    {
        if (_module.Sim.Refusal is Outcome refusal)
        {
            return refusal;
        }

        if (Radio.Function != 1)
        {
            return WrongState;
        }

        bool isAborted = false;
        string abort = _module.Switches[CellularSwitches.ScanAbort];
        using var scan = CancellationTokenSource.CreateLinkedTokenSource(call.Life);
        if (abort != "queued")
        {
            _module.Input.Interrupt = () =>
            {
                isAborted = true;
                scan.Cancel();
            };
        }

        try
        {
            await Host.Clock.WaitAsync(Timings.OperatorScan, scan.Token);
        }
        catch (OperationCanceledException) when (isAborted)
        {
            return abort == "ok" ? Outcome.Ok : Outcome.Error;
        }

        _module.Input.Interrupt = null;
        call.Life.ThrowIfCancellationRequested();
        Respond.Line("+COPS: " + string.Concat(Found().Select(Describe)) + ",(0,1,2,3,4),(0,1,2)");
        return Outcome.Ok;
    }

    private IEnumerable<(MobileOperator Operator, MobileCell Cell)> Found() => Radio.Heard()
        .GroupBy(heard => heard.Cell.Operator)
        .Select(group => (World.FindOperator(group.Key), group.First().Cell))
        .Where(pair => pair.Item1 is not null)
        .Select(pair => (pair.Item1!, pair.Cell));

    private string Describe((MobileOperator Operator, MobileCell Cell) found)
    {
        int status = found.Operator.Code == Radio.Operator?.Code && Radio.IsRegistered
            ? 2
            : found.Operator.Admission == MobileAdmission.Forbidden ? 3 : 1;
        int act = RegistrationForm.TechnologyOf(found.Cell);
        return WireText.Format(
            $"({status},\"{Name(found.Operator.LongName)}\",\"{Name(found.Operator.ShortName)}\",\"{found.Operator.Code}\",{act}),");
    }

    private string Name(string name) => _module.Switches[CellularSwitches.OperatorNames] == "ucs2"
        ? Convert.ToHexString(Encoding.BigEndianUnicode.GetBytes(name))
        : name;
}
