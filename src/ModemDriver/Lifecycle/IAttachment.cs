using ModemDriver.Dialects;

namespace ModemDriver.Lifecycle;

/// <summary>How far a module is taken.</summary>
internal enum AttachGoal
{
    /// <summary>It is registered with its network.</summary>
    Registered,

    /// <summary>Its IP stack has an address.</summary>
    Online,
}

/// <summary>Gets one kind of module onto its network, and tells why not. Used on the loop.</summary>
internal interface IAttachment
{
    /// <summary>Takes the module as far as is wanted, unless it is there already.</summary>
    /// <exception cref="NetworkJoinException">The network could not be joined.</exception>
    /// <exception cref="SimException">The card cannot be used.</exception>
    Task AttachAsync(Dialect dialect, AttachGoal goal, CancellationToken cancellationToken);

    /// <summary>Whether the module is in no network any more, as it says itself.</summary>
    /// <param name="dialect">Its dialect.</param>
    /// <param name="mayAsk">Looked at when the question could be sent; without it, it is not.</param>
    /// <exception cref="ModemClosedException">It was not asked.</exception>
    Task<bool> HasLeftAsync(Dialect dialect, Func<bool> mayAsk);

    /// <summary>What has happened to a module that has left its network without a word.</summary>
    ModemEvent Loss { get; }

    /// <summary>Forgets what was set in a module that has been set back.</summary>
    void Forget();
}
