using System.Net;

namespace ModemDriver.Protocol;

/// <summary>What a URC means to the driver, whatever the vendor's words for it.</summary>
internal enum NoticeKind
{
    /// <summary>Not a URC that the dialect knows.</summary>
    None,

    /// <summary>Known, and of no consequence.</summary>
    Known,

    /// <summary>A link has come up.</summary>
    LinkConnected,

    /// <summary>A link could not be made.</summary>
    LinkConnectFailed,

    /// <summary>A link could not be made: there is one on the number already.</summary>
    LinkNumberInUse,

    /// <summary>A link has ended.</summary>
    LinkClosed,

    /// <summary>A link may have ended, and which one is not said.</summary>
    LinkInDoubt,

    /// <summary>Bytes wait in the module; a hint, the count may be out of date.</summary>
    DataWaiting,

    /// <summary>The module is starting anew; everything volatile in it is gone.</summary>
    ModuleBooting,

    /// <summary>The module has started and takes commands.</summary>
    ModuleReady,

    /// <summary>The module has joined a network, and has no address yet.</summary>
    NetworkJoined,

    /// <summary>The module has a network address.</summary>
    AddressObtained,

    /// <summary>The module has left its network.</summary>
    NetworkLeft,

    /// <summary>The registration with the cellular network was reported; the line says what it is.</summary>
    RegistrationChanged,

    /// <summary>The signal was reported; the line says what it is.</summary>
    SignalReported,

    /// <summary>The state of the card was reported; the line says what it is.</summary>
    SimChanged,

    /// <summary>The card has gone.</summary>
    SimRemoved,

    /// <summary>The network has taken the address of the module's IP stack back; its links are gone with it.</summary>
    PacketDataLost,
}

/// <summary>Which side began a link that has come up.</summary>
internal enum LinkOrigin
{
    /// <summary>The module did not say.</summary>
    Unknown,

    /// <summary>We did.</summary>
    Ours,

    /// <summary>The peer did: the module has accepted it.</summary>
    Accepted,
}

/// <summary>A URC as the driver understands it.</summary>
/// <param name="Kind">What it means.</param>
/// <param name="LinkId">The link number; -1 where none is meant.</param>
/// <param name="Count">How many bytes wait; -1 where the module did not say.</param>
/// <param name="Origin">Which side began the link.</param>
/// <param name="Remote">The peer of the link; <see langword="null"/> where the module did not say.</param>
internal readonly record struct ModuleNotice(
    NoticeKind Kind, int LinkId = -1, int Count = 0, LinkOrigin Origin = LinkOrigin.Unknown, IPEndPoint? Remote = null);
