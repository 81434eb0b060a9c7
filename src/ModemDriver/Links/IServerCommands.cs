using ModemDriver.Commands;

namespace ModemDriver.Links;

/// <summary>The commands of a server in the module: what a dialect must supply. All are built anew for each use.</summary>
internal interface IServerCommands
{
    /// <summary>
    /// Has the module say which side began a link; <see langword="null"/> where it cannot, and then a link that nobody
    /// has asked for is an accepted one.
    /// </summary>
    AskSettingCommand? AskOrigin();

    /// <summary>Sets how many accepted links there may be; before the start.</summary>
    AtCommand SetMaxLinks(int count);

    /// <summary>Starts listening.</summary>
    AtCommand Start(int port);

    /// <summary>Sets after how many seconds of silence an accepted link is closed, 0 for never; after the start.</summary>
    AtCommand SetIdleTimeout(int seconds);

    /// <summary>Stops listening; accepted links are kept. A module that does not listen may refuse it.</summary>
    AtCommand Stop();
}
