namespace ModemDriver.Tests.Transport;

public sealed class LinuxSerialTransportTests : TransportConformance
{
    private protected override TransportRig CreateRig(TimeProvider timeProvider) => new PtyRig(string.Empty, timeProvider);
}
