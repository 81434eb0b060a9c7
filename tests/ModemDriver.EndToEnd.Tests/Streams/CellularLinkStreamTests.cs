namespace ModemDriver.EndToEnd.Tests.Streams;

public sealed class CellularLinkStreamTests() : LinkStreamTests("air780", ConnectionMode.Multiple, Way.Memory);

public sealed class CellularLinkOnPtyStreamTests() : LinkStreamTests("air820", ConnectionMode.Multiple, Way.Pty);

public sealed class CellularSingleLinkStreamTests() : LinkStreamTests("air780", ConnectionMode.Single, Way.Memory);

public sealed class CellularSingleLinkOnPtyStreamTests() : LinkStreamTests("air820", ConnectionMode.Single, Way.Pty);

public sealed class CellularPushedLinkStreamTests()
    : LinkStreamTests("air780", ConnectionMode.Multiple, Way.Memory, ReceiveMode.Push);

public sealed class CellularPushedSingleLinkStreamTests()
    : LinkStreamTests("air780", ConnectionMode.Single, Way.Memory, ReceiveMode.Push);
