using System.Diagnostics.CodeAnalysis;
using System.Text;
using Microsoft.Extensions.Time.Testing;
using ModemDriver.Tests.Channel;
using ModemDriver.Transport;

namespace ModemDriver.Tests.Quirks;

/// <summary>
/// A modem, its clock and its wire, all on the thread of the test, which plays the module. Strict: every write must be
/// heard, whole, in order, and at the time at which it is expected.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "Nothing of it holds anything outside the process.")]
internal sealed partial class Dialogue
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(10);

    private readonly HandPump _pump = new();
    private readonly Random _random;
    private readonly Split _split;
    private readonly ModemOptions _options;
    private readonly Task<Modem> _opening;

    /// <summary>Begins to open a modem; nothing has been heard yet.</summary>
    public Dialogue(
        Split split, Firmware? firmware = null, Func<ModemOptions, ModemOptions>? options = null, CancellationToken token = default)
    {
        _split = split;
        _random = new Random((int)split);
        Firmware = firmware ?? Firmware.EspAt22;
        ModemOptions usual = new() { TimeProvider = Time, Seed = 11, Scheduler = _pump, WiFi = new WiFiOptions("net", "password") };
        _options = options?.Invoke(usual) ?? usual;
        Create = () => Wire;
        TransportFactory factory = new("wire", () => Create());
        _opening = Do(() => Modem.OpenAsync(factory, _options, token));
    }

    public FakeTimeProvider Time { get; } = new();

    public Wire Wire { get; } = new();

    public Firmware Firmware { get; }

    /// <summary>The opening, for a test of what it ends with.</summary>
    public Task Opening => _opening;

    /// <summary>Makes the transport of each opening of the port.</summary>
    public Func<ITransport> Create { get; set; }

    /// <summary>The modem, once it is open.</summary>
    public Modem Modem => ResultOf(_opening);

    /// <summary>A call of the user's, and everything that it sets off without time passing.</summary>
    public T Do<T>(Func<T> call) => OffContext(() =>
    {
        T result = call();
        _pump.Run();
        return result;
    });

    /// <summary>A call of the user's.</summary>
    public void Do(Action call) => Do(() =>
    {
        call();
        return true;
    });

    /// <summary>The module says something, in the pieces of the split.</summary>
    public void Say(string text)
    {
        byte[] bytes = Encoding.Latin1.GetBytes(text);
        for (int at = 0, length; at < bytes.Length; at += length)
        {
            length = Math.Min(bytes.Length - at, NextLength());
            byte[] piece = bytes[at..(at + length)];
            Do(() => Wire.Deliver(piece));
        }
    }

    /// <summary>The module has been sent this line, in one write, and nothing before it.</summary>
    public void Hear(string line) => HearBytes(line + "\r\n");

    /// <summary>The module has been sent these bytes, in one write, and nothing before them.</summary>
    public void HearBytes(string bytes) => Assert.Equal(bytes, Wire.TakeWrite());

    /// <summary>The module is sent a line, and answers.</summary>
    public void Exchange(string line, string answer = "\r\nOK\r\n")
    {
        Hear(line);
        Say(answer);
    }

    /// <summary>The module is sent both lines, in whatever order, and answers each.</summary>
    public void HearEither(string one, string answerToOne, string other, string answerToOther)
    {
        string? first = Wire.TakeWrite();
        bool isOne = first == one + "\r\n";
        Assert.Equal((isOne ? one : other) + "\r\n", first);
        Say(isOne ? answerToOne : answerToOther);
        Exchange(isOne ? other : one, isOne ? answerToOther : answerToOne);
    }

    /// <summary>Nothing is sent now.</summary>
    public void HearNothing() => Assert.Null(Wire.TakeWrite());

    /// <summary>So long nothing is sent, but perhaps at the very end.</summary>
    public void Pass(double seconds)
    {
        TimeSpan left = TimeSpan.FromSeconds(seconds);
        while (left > TimeSpan.Zero)
        {
            Assert.True(Wire.Unheard == 0, $"{left} too early, this was sent: {Wire.TakeWrite()}");
            TimeSpan step = left < Step ? left : Step;
            Do(() => Time.Advance(step));
            left -= step;
        }
    }

    /// <summary>The scattered wait before the second attempt of a recovery.</summary>
    public void PassFirstDelay()
    {
        for (int i = 0; i < 70 && Wire.Unheard == 0; i++)
        {
            Pass(0.01);
        }

        Assert.NotEqual(0, Wire.Unheard);
    }

    /// <summary>In silence until the module is sent this line, at most so long.</summary>
    public void HearWithin(double seconds, string line)
    {
        for (double passed = 0; passed < seconds && Wire.Unheard == 0; passed += Step.TotalSeconds)
        {
            Pass(Step.TotalSeconds);
        }

        Hear(line);
    }

    /// <summary>The module is mute, and what it is sent is lost, until something has happened, at most so long.</summary>
    public void PassMute(double seconds, Func<bool> until)
    {
        for (double passed = 0; passed < seconds && !until(); passed += Step.TotalSeconds)
        {
            Miss();
            Pass(Step.TotalSeconds);
        }

        Assert.True(until(), $"not within {seconds} s");
    }

    /// <summary>The module is mute for so long; what it is sent is lost, but for a write at the very end.</summary>
    public void PassMute(double seconds)
    {
        for (double passed = 0; passed < seconds; passed += Step.TotalSeconds)
        {
            Miss();
            Pass(Step.TotalSeconds);
        }
    }

    /// <summary>What was sent before is lost; the module hears the next probe, which comes within so long.</summary>
    public void HearProbe(double seconds)
    {
        Miss();
        for (double passed = 0; passed < seconds && Wire.Unheard == 0; passed += Step.TotalSeconds)
        {
            Pass(Step.TotalSeconds);
        }

        if (Wire.Unheard > 1)
        {
            // The search has begun anew.
            Hear(string.Empty);
        }

        Hear("AT");
    }

    /// <summary>What the module has been sent is lost.</summary>
    public void Miss()
    {
        while (Wire.TakeWrite() is not null)
        {
            // It is gone.
        }
    }

    /// <summary>Nothing is left to hear, and the modem and its links (number, state, peer) stand so.</summary>
    public void EndsWith(ModemState state, params string[] links)
    {
        HearNothing();
        Assert.Equal(state, Modem.State);
        Assert.Equal(
            links,
            ResultOf(Do(() => Modem.ReadLinksAsync())).Select(link => $"{link.Id} {link.State} {link.EndPoint}"));
    }

    public static T ResultOf<T>(Task<T> task)
    {
        Assert.True(task.IsCompletedSuccessfully, $"{task.Status}: {task.Exception?.InnerException}");
        return task.Result;
    }

    public static T FailureOf<T>(Task task)
        where T : Exception
    {
        Assert.True(task.IsFaulted, $"{task.Status}");
        return Assert.IsType<T>(task.Exception!.InnerException); // a faulted task has one
    }

    private int NextLength() => _split switch
    {
        Split.Whole => int.MaxValue,
        Split.EachByte => 1,
        _ => _random.Next(1, 8),
    };

    // The contexts of the test runner would send continuations to threads of theirs.
    private static T OffContext<T>(Func<T> call)
    {
        SynchronizationContext? context = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        try
        {
            return call();
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(context);
        }
    }
}
