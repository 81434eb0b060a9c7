using System.Net;
using ModemDriver.Simulator.Network;
using ModemDriver.Simulator.Personalities.Cellular;

namespace ModemDriver.Simulator.Personalities.Luat;

/// <summary>The module's own IP stack: its state, and the context under it.</summary>
internal sealed class IpStack(LuatModule module)
{
    private PacketContext? _own;

    internal IpState State { get; private set; }

    /// <summary>AT+CSTT, or AT+CIPCSGP before it.</summary>
    internal (string Apn, string User, string Password) Access { get; set; } = ("", "", "");

    internal IPAddress? Address => (_own ?? module.Packet.Default).Address;

    internal bool IsUp => State is >= IpState.Active and <= IpState.Processing && Address is not null;

    private ModuleHost Host => module.Host;

    internal void Reset()
    {
        State = IpState.Initial;
        _own = null;
        Access = ("", "", "");
    }

    /// <summary>Goes where the event leads; false where it is not allowed.</summary>
    internal bool Enter(IpEvent happened)
    {
        IpState? next = IpStates.Next(State, happened, module.Ip.IsMultiple);
        if (next is IpState state && state != State)
        {
            Host.Trace($"! {State} -> {state}");
            State = state;
        }

        return next is not null;
    }

    internal void Fail() => State = module.Switches[LuatSwitches.ActivationFailure] == "IP START"
        ? IpState.Start
        : IpState.Deactivated;

    /// <summary>Brings a context up: the default one, unless the host has named another.</summary>
    internal async Task<bool> ActivateAsync(CancellationToken life)
    {
        PacketContext shared = module.Packet.Default;
        bool isShared = Access.Apn.Length == 0
            || string.Equals(Access.Apn, shared.ActiveApn, StringComparison.OrdinalIgnoreCase);
        PacketContext context = isShared
            ? shared
            : _own = module.Packet.Hide(Access.Apn, Access.User, Access.Password);
        if (context.Address is not null)
        {
            await Host.Clock.WaitAsync(Host.Timings.Cellular.Activate, life);
            return context.Address is not null && module.Packet.Flows;
        }

        return await module.Packet.ActivateAsync(context, life);
    }

    /// <summary>AT+CIPSHUT: the default context stays, an own one goes.</summary>
    internal void Release()
    {
        _own = null;
        module.Packet.DropHidden();
        _ = Enter(IpEvent.Shut);
    }

    /// <summary>A context has gone down; true when it was the one under the stack.</summary>
    internal bool Lose(int context)
    {
        return context == (_own ?? module.Packet.Default).Number && Enter(IpEvent.Lost);
    }

    /// <summary>The address of a name, or of four numbers; <see langword="null"/> when there is none.</summary>
    internal async Task<IPAddress?> ResolveAsync(string name, CancellationToken life)
    {
        IPAddress? address = TryParse(name) ?? Host.Options.World.FindName(name);
        if (address is not null)
        {
            return address;
        }

        try
        {
            return await Host.Options.Network.ResolveAsync(name, Host.Clock.Provider, life);
        }
        catch (NetworkException unknown)
        {
            Host.Trace("! " + unknown.Message);
            return null;
        }
    }

    internal static IPAddress? TryParse(string text) =>
        text.Count(letter => letter == '.') == 3 && IPAddress.TryParse(text, out IPAddress? address)
            && address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetwork
            ? address
            : null;
}
