using ModemDriver.Cellular;
using ModemDriver.Channel;
using ModemDriver.Commands;
using ModemDriver.Links;
using ModemDriver.Messaging;
using ModemDriver.Protocol;
using ModemDriver.Services;
using ModemDriver.WiFi;

namespace ModemDriver.Dialects;

/// <summary>What a vendor does differently. Shared code asks it, and never asks who it is.</summary>
/// <remarks>A dialect is made for one module, of one firmware, once that has been identified.</remarks>
internal abstract class Dialect
{
    /// <summary>The module, as it gave itself out.</summary>
    public abstract ModuleIdentity Identity { get; }

    /// <summary>What the channel must know.</summary>
    public abstract ChannelRules Rules { get; }

    /// <summary>Takes over how the user wants to receive; before the bring-up.</summary>
    public virtual void Choose(ReceiveMode mode)
    {
    }

    /// <summary>The commands that bring a module from any state to a defined one, in order.</summary>
    public virtual IReadOnlyList<BringUpStep> BringUp() => [];

    /// <summary>The commands of links; <see langword="null"/> where there are none that the driver knows.</summary>
    public virtual ILinkCommands? Links => null;

    /// <summary>The commands of a Wi-Fi station; <see langword="null"/> where the module is none.</summary>
    public virtual IWiFiCommands? WiFi => null;

    /// <summary>The commands of the module's own access point; <see langword="null"/> where it has none.</summary>
    public virtual ISoftApCommands? SoftAp => null;

    /// <summary>Card, registration and radio; <see langword="null"/> where the module is not cellular.</summary>
    public virtual ICellularCommands? Cellular => null;

    /// <summary>How the module's IP stack gets its address from a cellular network; <see langword="null"/> where the
    /// module is not cellular.</summary>
    public virtual IPacketDataCommands? PacketData => null;

    /// <summary>The commands of short messages; <see langword="null"/> where there are none.</summary>
    public virtual IMessageCommands? Messages => null;

    /// <summary>The same as text, for a module that refuses the others; <see langword="null"/> where there are none.</summary>
    public virtual IMessageCommands? TextMessages => null;

    /// <summary>The dialogue by codes; <see langword="null"/> where there is none.</summary>
    public virtual IUssdCommands? Ussd => null;

    /// <summary>Voice calls; <see langword="null"/> where there are none.</summary>
    public virtual ICallCommands? Calls => null;

    /// <summary>The phonebook; <see langword="null"/> where there is none.</summary>
    public virtual IPhonebookCommands? Phonebook => null;

    /// <summary>What the module's own services use for the network; <see langword="null"/> where there is none.</summary>
    public virtual IBearerCommands? Bearer => null;

    /// <summary>The module's own FTP client; <see langword="null"/> where there is none that the driver knows.</summary>
    public virtual IModuleFtpCommands? ModuleFtp => null;

    /// <summary>The module's own HTTP client; <see langword="null"/> where there is none that the driver knows.</summary>
    public virtual IModuleHttpCommands? ModuleHttp => null;

    /// <summary>The module's own MQTT client; <see langword="null"/> where there is none that the driver knows.</summary>
    public virtual IModuleMqttCommands? ModuleMqtt => null;

    /// <summary>What the module has beside its links; <see langword="null"/> where there is nothing that the driver knows.</summary>
    public virtual IBoardCommands? Board => null;

    /// <summary>How the module sleeps; <see langword="null"/> where there is nothing that the driver knows.</summary>
    public virtual ISleepCommands? Sleep => null;

    /// <summary>Names, echoes and time; <see langword="null"/> where there is nothing that the driver knows.</summary>
    public virtual IServiceCommands? Services => null;

    /// <summary>The commands of the module's own line; <see langword="null"/> where its rate cannot be changed.</summary>
    public virtual ILineCommands? Line => null;

    /// <summary>The command that sets everything back to how the module left the factory, and starts it anew.</summary>
    public virtual AtCommand? NewFactoryRestore() => null;

    /// <summary>What a line says of the radio, for those who listen; <see langword="null"/>: nothing.</summary>
    /// <param name="line">A line for which <see cref="ReadNotice"/> has a meaning.</param>
    public virtual WiFiEvent? ReadWiFiEvent(ReadOnlySpan<byte> line) => null;

    /// <summary>What a line says of card, registration and signal; nothing by default.</summary>
    /// <param name="line">A line for which <see cref="ReadNotice"/> has a meaning.</param>
    public virtual CellularReport ReadCellularReport(ReadOnlySpan<byte> line) => default;

    /// <summary>The command that starts the module anew; <see langword="null"/> where there is none.</summary>
    public virtual AtCommand? NewReset() => null;

    /// <summary>The command that has the module sleep until a time is over, and then start anew; <see langword="null"/> where
    /// there is none.</summary>
    public virtual AtCommand? NewDeepSleep(TimeSpan time) => null;

    /// <summary>What a line means; <see cref="NoticeKind.None"/> if it is no URC of this dialect.</summary>
    public virtual ModuleNotice ReadNotice(ReadOnlySpan<byte> line) => default;

    /// <summary>Whether a line may stand right behind a pushed payload, without the line end that messages begin with.</summary>
    public virtual bool MayFollowPushed(ReadOnlySpan<byte> line) => true;

    /// <summary>Whether this module, with this firmware, can do it.</summary>
    public abstract bool Supports(ModemFeature feature);
}

/// <summary>One row of a bring-up.</summary>
/// <param name="Command">The command.</param>
/// <param name="IsRequired">Whether the module cannot be used if it refuses.</param>
/// <param name="OnRefused">What a refusal means for a step that is not required.</param>
internal sealed record BringUpStep(AtCommand Command, bool IsRequired = false, Action? OnRefused = null);
