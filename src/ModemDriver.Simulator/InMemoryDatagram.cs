using System.Net;

namespace ModemDriver.Simulator;

/// <summary>A datagram that has arrived.</summary>
/// <param name="Data">Its bytes; may be none.</param>
/// <param name="Sender">Who sent it.</param>
public readonly record struct InMemoryDatagram(ReadOnlyMemory<byte> Data, IPEndPoint Sender);
