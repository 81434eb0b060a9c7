namespace ModemDriver.Transport;

/// <summary>The life of a transport. It only goes forward.</summary>
internal enum TransportState
{
    /// <summary>Made, and not opened yet.</summary>
    Created,

    /// <summary>Being opened.</summary>
    Opening,

    /// <summary>Bytes flow.</summary>
    Open,

    /// <summary>Did not open, was closed, or is gone.</summary>
    Closed,
}
