namespace ModemDriver.Tests.Transport;

/// <summary>System.IO.Ports, on a pseudo-terminal.</summary>
public sealed class SerialTransportTests : SerialConformance
{
    private protected override string Prefix => "serialport:";
}
