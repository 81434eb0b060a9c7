using Microsoft.Extensions.Time.Testing;
using ModemDriver.Tests.Channel;
using ModemDriver.Tests.Review;
using ModemDriver.Transport;

namespace ModemDriver.Tests.Deadlines;

/// <summary>A modem on the thread of the test and a clock that the test moves; its module falls mute when told to.</summary>
internal sealed class MuteRig
{
    public static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(50);

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

    public static async Task<MuteRig> ReadyAsync(ReceiveMode receiveMode = ReceiveMode.Automatic)
    {
        var rig = new MuteRig();
        Task<Modem> opening = rig.Start(() => Modem.OpenAsync(rig.Factory, rig.Options with { ReceiveMode = receiveMode }));
        await rig.FinishAsync(opening);
        rig._modem = await opening;
        return rig;
    }

    public static async Task<MuteRig> OnlineAsync(ReceiveMode receiveMode = ReceiveMode.Automatic)
    {
        MuteRig rig = await ReadyAsync(receiveMode);
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
    /// <returns>How much passed.</returns>
    public async Task<TimeSpan> PassUntilAsync(Task call, TimeSpan atMost)
    {
        TimeSpan passed = TimeSpan.Zero;
        while (!await HasEndedAsync(call) && passed < atMost)
        {
            Time.Advance(Tick);
            passed += Tick;
        }

        return passed;
    }

    // What a caller awaits may end by way of the thread pool: it is looked at again behind that.
    private async Task<bool> HasEndedAsync(Task call)
    {
        for (int i = 0; i < 3; i++)
        {
            _pump.Run();
            await Task.Run(static () => { }, TestContext.Current.CancellationToken);
        }

        return call.IsCompleted;
    }

    private async Task FinishAsync(Task call)
    {
        await PassUntilAsync(call, TimeSpan.FromMinutes(1));
        Assert.True(call.IsCompletedSuccessfully, $"{call.Status}: {call.Exception?.InnerException}");
    }
}
