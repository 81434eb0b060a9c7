using ModemDriver.Simulator;

namespace ModemDriver.Cli.Verbs;

/// <summary>What <c>modem simulate --control</c> is told on standard input: one order a line.</summary>
internal sealed class SimulateOrders(ModemSimulator simulator, SimulatedWorld world, ToolContext context)
{
    private IReadOnlyList<AccessPoint> _lost = [];

    /// <summary>Follows the orders until the input ends; standard error says what was done.</summary>
    public async Task FollowAsync(CancellationToken cancellationToken)
    {
        using var reader = new StreamReader(context.OpenInput());
        while (await reader.ReadLineAsync(cancellationToken).ConfigureAwait(false) is { } line)
        {
            if (line.Trim() is { Length: > 0 } order)
            {
                await context.Error.WriteLineAsync(Obey(order)).ConfigureAwait(false);
            }
        }
    }

    private string Obey(string order)
    {
        switch (order)
        {
            case "reset":
                simulator.Reset();
                return "The module was reset.";
            case "ap off":
                IReadOnlyList<AccessPoint> lost = world.LoseAccessPoint(SimulatedWorld.DefaultSsid);
                _lost = lost.Count > 0 ? lost : _lost;
                return "The access point is off.";
            case "ap on":
                foreach (AccessPoint accessPoint in _lost)
                {
                    world.AddAccessPoint(accessPoint);
                }

                return "The access point is on.";
            default:
                return $"modem: There is no order '{Output.SafeText.Show(order)}': reset, ap off and ap on are.";
        }
    }
}
