namespace ModemDriver.Lifecycle;

/// <summary>A service of the module's own that is in use: told of lines, and of its end. Used on the loop.</summary>
internal interface IServiceListener
{
    /// <summary>The module has said something that belongs to no command.</summary>
    void OnLine(ReadOnlySpan<byte> line);

    /// <summary>The module or the network was lost, and with it all that was under way.</summary>
    void OnLost(Exception reason);
}
