using ModemDriver.Simulator.Personalities.Cellular;

namespace ModemDriver.Simulator.Personalities.Luat;

/// <summary>The way from nothing to an address, and back.</summary>
internal sealed class StackCommands(LuatModule module) : CommandGroup(module)
{
    private const int ActivationFailed = 65535;
    private const int MaxApn = 128;
    private const int MaxCredential = 32;

    private readonly LuatModule _module = module;

    internal override IEnumerable<CommandEntry> Entries =>
    [
        new("+CSTT") { Read = Says(ReadAccess), Set = At(SetAccess), Execute = At(SetAccess) },
        new("+CIPCSGP") { Set = At(Preset) },
        new("+CIICR") { NeedsCard = true, Execute = ActivateAsync },
        new("+CIFSR") { Execute = At(ReadAddress) },
        new("+CIPSHUT") { Execute = ShutAsync },
    ];

    private IpStack Stack => _module.Stack;

    private FormattableString ReadAccess() =>
        $"+CSTT: {Stack.Access.Apn},{Stack.Access.User},{Stack.Access.Password}";

    // AT+CSTT[=<apn>[,<user>[,<password>]]]
    private Outcome SetAccess(CommandCall call)
    {
        if (!TryRead(call.Parameters, 0, out (string, string, string) access))
        {
            return WrongParameter;
        }

        if (!Stack.Enter(IpEvent.SetApn))
        {
            return WrongState;
        }

        if (call.Parameters.Count > 0)
        {
            Stack.Access = access;
        }

        return Outcome.Ok;
    }

    // AT+CIPCSGP=1,<apn>[,<user>,<password>]
    private Outcome Preset(CommandCall call)
    {
        if (!call.Parameters.Takes(2, 4) || !call.Parameters.Number(0, 1, 1, out _)
            || !TryRead(call.Parameters, 1, out (string, string, string) access))
        {
            return WrongParameter;
        }

        Stack.Access = access;
        return Outcome.Ok;
    }

    private static bool TryRead(AtParameters given, int first, out (string Apn, string User, string Password) access)
    {
        bool isGood = given.TextOr(first, "", MaxApn, out string apn)
            & given.TextOr(first + 1, "", MaxCredential, out string user)
            & given.TextOr(first + 2, "", MaxCredential, out string password);
        access = (apn, user, password);
        return isGood && given.Count <= first + 3 && !given.IsMalformed;
    }

    private async ValueTask<Outcome> ActivateAsync(CommandCall call)
    {
        if (!Stack.Enter(IpEvent.Activate))
        {
            return WrongState;
        }

        if (await Stack.ActivateAsync(call.Life) && Stack.State == IpState.Config)
        {
            _ = Stack.Enter(IpEvent.Activated);
            return Outcome.Ok;
        }

        call.Life.ThrowIfCancellationRequested();
        Stack.Fail();
        if (_module.Switches[LuatSwitches.FailedActivation] == "error")
        {
            return Outcome.Error;
        }

        Respond.Line("+PDP: DEACT");
        return Outcome.Cme(ActivationFailed);
    }

    // The address alone; no OK follows.
    private Outcome ReadAddress()
    {
        if (Stack.Address is null || !Stack.Enter(IpEvent.ReadAddress))
        {
            return WrongState;
        }

        string text = Stack.Address.ToString();
        Respond.Line(_module.Switches[LuatSwitches.AddressForm] == "padded"
            ? string.Join('.', text.Split('.').Select(octet => octet.PadLeft(3, '0')))
            : text);
        return Outcome.Silent;
    }

    private async ValueTask<Outcome> ShutAsync(CommandCall call)
    {
        await Host.Clock.WaitAsync(Timings.Shut, call.Life);
        call.Life.ThrowIfCancellationRequested();
        _module.Links.Shut();
        Stack.Release();
        return Outcome.Final(_module.Switches[LuatSwitches.ShutResult]);
    }
}
