using ModemDriver.Protocol;
using System.IO.Pipelines;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using ModemDriver.Lifecycle;
using ModemDriver.Scheduling;
using ModemDriver.Transport;

namespace ModemDriver.Tests.Review;

/// <summary>A modem on a loop that is pumped by hand, beside a clock that is set by hand.</summary>
internal sealed class RunnerRig
{
    private readonly Pump _pump = new();
    private readonly ModemLoop _loop;

    public RunnerRig(RecoveryOptions? recovery = null, ILoggerFactory? loggers = null)
    {
        _loop = new ModemLoop(_pump, _pump);
        ModemOptions options = new()
        {
            TimeProvider = Time,
            Seed = 11,
            WiFi = new WiFiOptions("net", "password"),
            Recovery = recovery ?? new RecoveryOptions(),
            LoggerFactory = loggers ?? NullLoggerFactory.Instance,
        };
        Create = () => Module;
        Runner = new ModemRunner(_loop, new TransportFactory("scripted", () => Create()), options)
        {
            UrcListener = () => UrcReceived,
        };
    }

    public FakeTimeProvider Time { get; } = new();

    public ScriptedModule Module { get; } = new();

    /// <summary>Makes the transport of each opening; the module's, unless a test sets another.</summary>
    public Func<ITransport> Create { get; set; }

    public ModemRunner Runner { get; }

    /// <summary>Told of unsolicited lines.</summary>
    public Action<Urc>? UrcReceived { get; set; }

    /// <summary>Starts a call on the loop and runs what it sets off without any time passing.</summary>
    public Task Start(Func<Task> body)
    {
        Task task = _loop.InvokeAsync(body);
        _pump.Run();
        return task;
    }

    /// <summary>The module says something.</summary>
    public void Say(string text)
    {
        Module.Say(text);
        _pump.Run();
    }

    /// <summary>Lets time pass in steps, and everything happen that it sets off.</summary>
    public void Pass(TimeSpan time)
    {
        TimeSpan step = TimeSpan.FromMilliseconds(50);
        for (TimeSpan passed = TimeSpan.Zero; passed < time; passed += step)
        {
            Time.Advance(step);
            _pump.Run();
        }
    }

    /// <summary>Opens the modem and goes online.</summary>
    public async Task GoOnlineAsync()
    {
        await FinishAsync(Start(() => Runner.OpenAsync(CancellationToken.None)));
        await FinishAsync(Start(() => Runner.GoOnlineAsync(null, isForced: false, CancellationToken.None)));
        Assert.Equal(ModemState.Online, Runner.State);
    }

    /// <summary>Lets at most a minute pass until a call has ended.</summary>
    public async Task FinishAsync(Task task)
    {
        for (int i = 0; i < 60 && !task.IsCompleted; i++)
        {
            Pass(TimeSpan.FromSeconds(1));
        }

        Assert.True(task.IsCompleted, "the call did not end");
        await task;
    }

    private sealed class Pump : PipeScheduler
    {
        private readonly Queue<(Action<object?> Action, object? State)> _queue = new();

        public override void Schedule(Action<object?> action, object? state)
        {
            lock (_queue)
            {
                _queue.Enqueue((action, state));
            }
        }

        public void Run()
        {
            while (true)
            {
                (Action<object?> Action, object? State) item;
                lock (_queue)
                {
                    if (!_queue.TryDequeue(out item))
                    {
                        return;
                    }
                }

                item.Action(item.State);
            }
        }
    }
}
