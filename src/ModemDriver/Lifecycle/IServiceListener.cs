using ModemDriver.Framing;

namespace ModemDriver.Lifecycle;

/// <summary>A service of the module's own that is in use: told of lines, and of its end. Used on the loop.</summary>
internal interface IServiceListener
{
    /// <summary>The module has said something that belongs to no command.</summary>
    void OnLine(ReadOnlySpan<byte> line);

    /// <summary>A piece of payload that the module has pushed for a service. It may turn out to be damaged.</summary>
    void OnPayload(in AtFrame piece)
    {
    }

    /// <summary>The payload that was pushed last was whole.</summary>
    void OnPayloadWhole()
    {
    }

    /// <summary>Bytes were lost on the line to the module.</summary>
    /// <param name="isOfService">Whether they were of such a payload; otherwise they may have been.</param>
    void OnBytesLost(bool isOfService)
    {
    }

    /// <summary>The module or the network was lost, and with it all that was under way.</summary>
    void OnLost(Exception reason);
}
