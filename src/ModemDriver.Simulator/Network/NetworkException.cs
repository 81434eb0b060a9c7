namespace ModemDriver.Simulator.Network;

/// <summary>The network said no, or nothing.</summary>
internal sealed class NetworkException(string message, Exception? inner = null) : IOException(message, inner);
