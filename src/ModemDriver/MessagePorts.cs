namespace ModemDriver;

/// <summary>The ports of the applications that a short message goes between.</summary>
/// <param name="Destination">The receiver's, from 0 to 65535.</param>
/// <param name="Source">The sender's, from 0 to 65535.</param>
/// <remarks>TS 23.040 sections 9.2.3.24.3 and 9.2.3.24.4.</remarks>
public readonly record struct MessagePorts(int Destination, int Source);
