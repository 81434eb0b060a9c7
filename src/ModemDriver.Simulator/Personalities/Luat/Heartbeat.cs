using ModemDriver.Simulator.Personalities.Cellular;
using ModemDriver.Simulator.Wire;

namespace ModemDriver.Simulator.Personalities.Luat;

/// <summary>A payload that the module sends by itself on one link, again and again.</summary>
internal sealed class Heartbeat(LuatModule module)
{
    private byte[]? _payload;
    private long _lastAt;
    private int _starts;

    internal bool IsOn { get; private set; }

    internal int Link { get; private set; }

    /// <summary>In seconds.</summary>
    internal int Interval { get; private set; } = 120;

    /// <summary>How many were sent since it was switched on.</summary>
    internal int Count { get; private set; }

    internal int SinceLast => (int)module.Host.Clock.Since(_lastAt).TotalSeconds;

    internal void Reset()
    {
        _starts++;
        (IsOn, Link, Interval, Count, _payload) = (false, 0, 120, 0, null);
    }

    internal void SetPayload(byte[] payload) => _payload = payload;

    internal void Configure(bool on, int link, int interval)
    {
        _starts++;
        (IsOn, Link, Interval, Count) = (on, link, interval, 0);
        _lastAt = module.Host.Clock.Now;
        if (on)
        {
            int start = _starts;
            CancellationToken life = module.Life;
            module.Host.Loop.StartHere(() => BeatAsync(start, life));
        }
    }

    private async Task BeatAsync(int start, CancellationToken life)
    {
        while (true)
        {
            await module.Host.Clock.WaitAsync(TimeSpan.FromSeconds(Interval), life);
            if (start != _starts)
            {
                return;
            }

            _lastAt = module.Host.Clock.Now;
            if (module.Links.Find(Link) is { IsOpen: true } link
                && await module.Sender.TrySendAsync(link, _payload ?? WireText.Bytes(module.Profile.Imei), life))
            {
                Count++;
            }
        }
    }
}

/// <summary>The heartbeat's commands.</summary>
internal sealed class HeartbeatCommands(LuatModule module) : CommandGroup(module)
{
    private const int LongestText = 256;

    private readonly LuatModule _module = module;

    internal override IEnumerable<CommandEntry> Entries =>
    [
        new("^HEARTCONFIG") { Read = Says(() => $"^HEARTCONFIG: {(Beat.IsOn ? 1 : 0)},{Beat.Link},{Beat.Interval}"), Set = At(Configure) },
        new("^HEARTBEAT") { Set = At(SetText) },
        new("^HEARTBEATHEX") { Set = At(SetHex) },
        new("^HEARTINQUIRE") { Read = Says(() => $"^HEARTINQUIRE: {Beat.SinceLast},{Beat.Interval - Beat.SinceLast},{Beat.Count}") },
    ];

    private Heartbeat Beat => _module.Heartbeat;

    // AT^HEARTCONFIG=<0|1>[,<link>[,<seconds>]]
    private Outcome Configure(CommandCall call)
    {
        AtParameters given = call.Parameters;
        if (!given.Takes(1, 3) || !given.Number(0, 0, 1, out int on)
            || !given.NumberOr(1, 0, 0, LinkTable.Size - 1, out int link) || !given.NumberOr(2, 120, 5, 600, out int seconds))
        {
            return WrongParameter;
        }

        Beat.Configure(on == 1, link, seconds);
        return Outcome.Ok;
    }

    // AT^HEARTBEAT=0,<text>
    private Outcome SetText(CommandCall call)
    {
        if (!call.Parameters.Takes(2, 2) || !call.Parameters.Number(0, 0, 0, out _)
            || !call.Parameters.Text(1, LongestText, out string text) || text.Length == 0)
        {
            return WrongParameter;
        }

        Beat.SetPayload(WireText.Bytes(text));
        return Outcome.Ok;
    }

    // AT^HEARTBEATHEX=[<link>,]<length>,<hex>
    private Outcome SetHex(CommandCall call)
    {
        AtParameters given = call.Parameters;
        int first = given.Count - 2;
        string hex = given.Text(first + 1);
        if (!given.Takes(2, 3) || !given.Number(first, 1, LongestText, out int length)
            || hex.Length != 2 * length || !hex.All(char.IsAsciiHexDigit)
            || !given.NumberOr(first - 1, 0, 0, LinkTable.Size - 1, out _))
        {
            return WrongParameter;
        }

        Beat.SetPayload(Convert.FromHexString(hex));
        return Outcome.Ok;
    }
}
