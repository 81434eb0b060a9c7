using System.Diagnostics;
using Microsoft.Extensions.Time.Testing;
using ModemDriver.Tests.Channel;
using ModemDriver.Tests.Review;
using ModemDriver.Transport;

namespace ModemDriver.Tests.Deadlines;

/// <summary>A modem on the thread of the test and a clock that the test moves; its module falls mute when told to.</summary>
internal sealed class MuteRig
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(50);

    private readonly HandPump _pump = new();
    private Modem? _modem;

    public MuteRig() => Module.Answer = static line =>
        line.StartsWith("AT+CIPSTART=4", StringComparison.Ordinal) ? "4,CONNECT\r\n\r\nOK\r\n" : null;

    public FakeTimeProvider Time { get; } = new();

    public ScriptedModule Module { get; } = new();

    public Modem Modem => _modem ?? throw new InvalidOperationException("The modem is not open.");

    public TransportFactory Factory => new("scripted", () => Module);

    public ModemOptions Options => new()
    {
        TimeProvider = Time,
        Scheduler = _pump,
        WiFi = new WiFiOptions("net", "password"),
    };

    public static async Task<MuteRig> ReadyAsync(Func<ModemOptions, ModemOptions>? change = null)
    {
        var rig = new MuteRig();
        ModemOptions options = change?.Invoke(rig.Options) ?? rig.Options;
        Task<Modem> opening = rig.Start(() => Modem.OpenAsync(rig.Factory, options));
        await rig.FinishAsync(opening);
        rig._modem = await opening;
        return rig;
    }

    /// <summary>What a row of the table needs, before the module falls mute.</summary>
    public static Task<MuteRig> ForAsync(DeadlineRow row) =>
        row.Module != MuteModule.EspAt ? CellularAsync(row.Module, row.IsOnline, row.ReceiveMode)
        : row.IsOnline ? OnlineAsync(row.ReceiveMode) : ReadyAsync();

    public static async Task<MuteRig> CellularAsync(
        MuteModule module, bool isOnline = true, ReceiveMode receiveMode = ReceiveMode.Automatic)
    {
        var rig = new MuteRig();
        rig.Module.Answer = module == MuteModule.Luat ? LuatModule.Answer : CellularModule.Answer;
        Task<Modem> opening = rig.Start(() => Modem.OpenAsync(rig.Factory, rig.Options with { ReceiveMode = receiveMode }));
        await rig.FinishAsync(opening);
        rig._modem = await opening;
        if (isOnline)
        {
            await rig.FinishAsync(rig.Start(() => rig.Modem.GoOnlineAsync()));
        }

        return rig;
    }

    public static async Task<MuteRig> OnlineAsync(ReceiveMode receiveMode = ReceiveMode.Automatic)
    {
        MuteRig rig = await ReadyAsync(options => options with { ReceiveMode = receiveMode });
        await rig.FinishAsync(rig.Start(() => rig.Modem.GoOnlineAsync()));
        return rig;
    }

    public async Task<LinkStream> ConnectAsync()
    {
        Task<LinkStream> connecting = Start(() => Modem.ConnectAsync("10.0.0.1", 80));
        await FinishAsync(connecting);
        return await connecting;
    }

    /// <summary>From now on nothing is answered.</summary>
    public void Mute() => Module.Answer = static _ => string.Empty;

    /// <summary>Makes a call, and lets everything happen that it sets off without time passing.</summary>
    public T Start<T>(Func<T> call)
        where T : Task
    {
        T task = call();
        _pump.Run();
        return task;
    }

    /// <summary>Lets time pass until a call has ended, at most so long.</summary>
    public async Task PassUntilAsync(Task call, TimeSpan atMost)
    {
        for (TimeSpan passed = TimeSpan.Zero; !await HasEndedAsync(call) && passed < atMost; passed += Tick)
        {
            Time.Advance(Tick);
        }

        // What time sets off has been set off: the rest is up to the machine, which may be slow.
        long started = Stopwatch.GetTimestamp();
        while (!call.IsCompleted && Stopwatch.GetElapsedTime(started) < Patience)
        {
            await HasEndedAsync(call);
        }
    }

    /// <summary>Lets so much time pass.</summary>
    public async Task PassAsync(TimeSpan time)
    {
        for (TimeSpan passed = TimeSpan.Zero; passed < time; passed += Tick)
        {
            Time.Advance(Tick);
            await HasEndedAsync(Task.CompletedTask);
        }
    }

    // What a caller awaits may end by way of the thread pool: it is looked at again behind that.
    private async Task<bool> HasEndedAsync(Task call)
    {
        for (int i = 0; i < 3; i++)
        {
            _pump.Run();
            await PoolTurnAsync();
        }

        return call.IsCompleted;
    }

    // Behind what the pool has been given; a work item of the usual kind would go before it.
    private static Task PoolTurnAsync()
    {
        var turn = new TaskCompletionSource();
        ThreadPool.UnsafeQueueUserWorkItem(static source => source.SetResult(), turn, preferLocal: false);
        return turn.Task;
    }

    private async Task FinishAsync(Task call)
    {
        await PassUntilAsync(call, TimeSpan.FromMinutes(1));
        Assert.True(call.IsCompletedSuccessfully, $"{call.Status}: {call.Exception?.InnerException}");
    }
}
