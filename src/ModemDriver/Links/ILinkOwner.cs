namespace ModemDriver.Links;

/// <summary>Who holds the links and decides about their end.</summary>
internal interface ILinkOwner
{
    /// <summary>The link can no longer be trusted.</summary>
    /// <returns>Why: a new one for the caller, if the link had ended before.</returns>
    LinkException Lose(Link link, LinkFailure failure, string what, Exception? innerException);

    /// <summary>Something was sent or fetched: an ending link may now be at its end.</summary>
    void OnProgress(Link link);
}
