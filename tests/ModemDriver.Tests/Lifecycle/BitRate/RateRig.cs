using Microsoft.Extensions.Time.Testing;
using ModemDriver.Tests.Channel;
using ModemDriver.Transport;

namespace ModemDriver.Tests.Lifecycle.BitRate;

/// <summary>A modem on the thread of the test and a clock that the test moves, at a line with a bit rate.</summary>
internal sealed class RateRig
{
    private readonly HandPump _pump = new();
    private readonly FakeTimeProvider _time = new();
    private Modem? _modem;

    private RateRig(RatedModule module) => Module = module;

    public RatedModule Module { get; }

    public Modem Modem => _modem!; // set by OpenAsync, the only way to get one

    public static async Task<RateRig> OpenAsync(
        SerialTransportOptions? serial = null, RatedModule? module = null, bool goesOnline = false)
    {
        RateRig rig = new(module ?? new RatedModule());
        ModemOptions options = new()
        {
            TimeProvider = rig._time,
            Scheduler = rig._pump,
            Serial = serial ?? new SerialTransportOptions(),
            WiFi = new WiFiOptions("net", "password"),
        };
        Task<Modem> opening = rig.Start(
            () => Modem.OpenAsync(new TransportFactory("rated", () => rig.Module), options));
        await rig.FinishAsync(opening);
        rig._modem = await opening;
        if (goesOnline)
        {
            await rig.FinishAsync(rig.Start(() => rig.Modem.GoOnlineAsync()));
        }

        rig.Module.Sent.Clear();
        return rig;
    }

    /// <summary>Changes the rate, and lets time pass until it has ended, for good or bad.</summary>
    public async Task<Exception?> SetAsync(int bitRate)
    {
        Task setting = Start(() => Modem.SetBitRateAsync(bitRate));
        await PassUntilAsync(() => setting.IsCompleted, TimeSpan.FromSeconds(20));
        Assert.True(setting.IsCompleted, "it goes on");
        return setting.Exception?.InnerException;
    }

    /// <summary>Asserts that module and modem understand each other, at this rate.</summary>
    public async Task WorksAtAsync(int bitRate)
    {
        await FinishAsync(Start(() => Modem.SendAsync("AT+X")));
        Assert.Equal((bitRate, bitRate, bitRate), (Modem.BitRate, Module.Rate, Module.PortRate));
    }

    public T Start<T>(Func<T> call)
        where T : Task
    {
        T task = call();
        _pump.Run();
        return task;
    }

    public async Task FinishAsync(Task call)
    {
        await PassUntilAsync(() => call.IsCompleted, TimeSpan.FromMinutes(2));
        Assert.True(call.IsCompletedSuccessfully, $"{call.Status}: {call.Exception?.InnerException}");
    }

    public void Say(string text)
    {
        Module.Say(text);
        _pump.Run();
    }

    /// <summary>Lets time pass until something is so, at most so long.</summary>
    public async Task PassUntilAsync(Func<bool> isSo, TimeSpan atMost)
    {
        TimeSpan tick = TimeSpan.FromMilliseconds(50);
        for (TimeSpan passed = TimeSpan.Zero; passed < atMost; passed += tick)
        {
            // What a caller awaits may end by way of the thread pool: it is looked at again behind that.
            for (int i = 0; i < 3; i++)
            {
                _pump.Run();
                await Task.Run(static () => { }, TestContext.Current.CancellationToken);
            }

            if (isSo())
            {
                return;
            }

            _time.Advance(tick);
        }
    }
}
