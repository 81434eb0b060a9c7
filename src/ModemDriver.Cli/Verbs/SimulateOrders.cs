using ModemDriver.Simulator;

namespace ModemDriver.Cli.Verbs;

/// <summary>What <c>modem simulate --control</c> is told on standard input: one order a line.</summary>
internal sealed class SimulateOrders(ModemSimulator simulator, SimulatedWorld world, ToolContext context)
{
    private const string Known = "reset, ap off, ap on, sms FROM TEXT, call FROM, hang up and ussd TEXT are.";

    private IReadOnlyList<AccessPoint> _lost = [];
    private readonly string _number = new SimCard().Number;
    private PhoneCall? _call;

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
            case "hang up":
                _call?.HangUp();
                return _call is null ? "modem: Nobody has called." : "The caller has hung up.";
            default:
                return ObeyNetwork(order.Split(' ', 3))
                    ?? $"modem: There is no order '{Output.SafeText.Show(order)}': {Known}";
        }
    }

    /// <summary>What somebody outside, or the network, does; <see langword="null"/>: no such order.</summary>
    private string? ObeyNetwork(string[] words)
    {
        try
        {
            switch (words)
            {
                case ["sms", string from, string text]:
                    world.Mobile.Messages.Send(from, _number, text);
                    return "The message is at the centre.";
                case ["call", string caller]:
                    _call = world.Mobile.Calls.Call(caller, _number);
                    return "It rings, if the module is registered.";
                case ["ussd", .. string[] rest] when rest.Length > 0:
                    world.Mobile.Push(new UssdMenu(string.Join(' ', rest)));
                    return "The network has spoken.";
                default:
                    return null;
            }
        }
        catch (ArgumentException refused)
        {
            return "modem: " + refused.Message;
        }
    }
}
