namespace ModemDriver.Tests.Transport;

public sealed class SerialTransportTests : TransportConformance
{
    private protected override TransportRig CreateRig(TimeProvider timeProvider) => new PtyRig("serialport:", timeProvider);
}
