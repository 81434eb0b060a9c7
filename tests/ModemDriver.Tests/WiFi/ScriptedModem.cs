using ModemDriver.Diagnostics;
using ModemDriver.Tests.Review;
using ModemDriver.Tests.Transport;
using ModemDriver.Transport;

namespace ModemDriver.Tests.WiFi;

/// <summary>A modem with a module behind it that answers as a test says, and OK to the bring-up alone.</summary>
internal sealed class ScriptedModem : IAsyncDisposable
{
    private readonly StringWriter _trace = new();
    private readonly Dictionary<string, string> _answers = new(StringComparer.Ordinal);
    private Modem? _modem;

    private ScriptedModem(string version)
    {
        _answers["AT+GMR"] = $"{version}\r\n\r\nOK\r\n";
        Module.Answer = line => _answers.TryGetValue(line, out string? answer) ? answer : Unexpected(line);
    }

    public ScriptedModule Module { get; } = new();

    public Modem Modem => _modem!; // set by OpenAsync, the only way to get one

    /// <summary>What went over the wire, as a tap shows it.</summary>
    public string Trace => _trace.ToString();

    /// <summary>The lines that were sent since the modem was opened.</summary>
    public IReadOnlyList<string> Sent => Module.Sent;

    /// <summary>Opens a modem of this firmware; it is not online.</summary>
    public static async Task<ScriptedModem> OpenAsync(string version)
    {
        var rig = new ScriptedModem(version);
        CancellationToken cancellationToken = TestContext.Current.CancellationToken;
        rig._modem = await Modem
            .OpenAsync(
                new TransportFactory("scripted", () => rig.Module),
                new ModemOptions { Tap = new WireTap(rig._trace) },
                cancellationToken)
            .Within(cancellationToken);
        rig.IsOpen = true;
        rig.Module.Sent.Clear();
        return rig;
    }

    private bool IsOpen { get; set; }

    /// <summary>What the module says to a line, with its result code. An empty answer is silence.</summary>
    public ScriptedModem Answers(string line, string answer)
    {
        _answers[line] = answer;
        return this;
    }

    /// <summary>Lets a line be answered by OK alone.</summary>
    public ScriptedModem Accepts(params string[] lines)
    {
        Array.ForEach(lines, line => Answers(line, "\r\nOK\r\n"));
        return this;
    }

    /// <summary>Where a line stands among those that were sent; -1: nowhere.</summary>
    public int IndexOf(string line) => Module.Sent.IndexOf(line);

    /// <summary>The module starts anew, and is brought up again. What was sent before is forgotten.</summary>
    public async Task RestartAsync()
    {
        CancellationToken cancellationToken = TestContext.Current.CancellationToken;
        var recovering = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Modem.StateChanged += (_, change) =>
        {
            if (change.NewState == ModemState.Recovering)
            {
                recovering.TrySetResult();
            }
        };
        IsOpen = false;
        Module.Sent.Clear();
        Module.Say("\r\nready\r\n");
        await recovering.Task.Within(cancellationToken);
        await Modem.WaitForStateAsync(ModemState.Ready, cancellationToken: cancellationToken).Within(cancellationToken);
        IsOpen = true;
    }

    public async ValueTask DisposeAsync()
    {
        await Modem.DisposeAsync();
        await _trace.DisposeAsync();
    }

    // While it is opened the module takes what a bring-up sends; afterwards only what the test has named.
    private string? Unexpected(string line) => IsOpen && line is not ("AT" or "") ? "\r\nERROR\r\n" : null;
}
