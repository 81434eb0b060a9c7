using System.CommandLine;
using System.Globalization;
using System.Net.Sockets;
using ModemDriver.Cli.Output;
using ModemDriver.Simulator;

namespace ModemDriver.Cli.Verbs;

/// <summary><c>modem simulate</c>: a module in software on a pseudo-terminal or a TCP port, until it is stopped.</summary>
internal sealed class SimulateVerb(ToolContext context)
{
    private readonly Option<string> _personality = new("--personality")
    {
        Description = "Which module to be: " + string.Join("; ", PersonalityCatalog.Names.Select(
            name => $"{name} ({PersonalityCatalog.Describe(name)})")) + ".",
        HelpName = "NAME",
        DefaultValueFactory = _ => PersonalityCatalog.Default,
    };

    private readonly Option<string?> _pty = new("--pty")
    {
        Description = "A symbolic link to make to the pseudo-terminal, such as /tmp/ttyESP. Removed at the end.",
        HelpName = "PATH",
    };

    private readonly Option<int?> _tcp = new("--tcp")
    {
        Description = "A TCP port of 127.0.0.1 to listen on instead, like a serial server; 0 takes a free one.",
        HelpName = "PORT",
        CustomParser = result => CommonOptions.WholeNumber(result, "--tcp", 0, 65_535),
    };

    private readonly Option<bool> _unpaced = new("--unpaced")
    {
        Description = "Bytes go as fast as they can. Without it they take the time that a serial line takes.",
    };

    private readonly Option<int> _bitrate = new("--bitrate")
    {
        Description = "The bit rate of the serial line in bit/s.",
        HelpName = "RATE",
        DefaultValueFactory = _ => 115_200,
        CustomParser = result => CommonOptions.WholeNumber(result, "--bitrate", 300, 5_000_000),
    };

    private readonly Option<bool> _noJoin = new("--no-join")
    {
        Description = "The module has no network stored. Without it, it joins one at boot, as a module in use does.",
    };

    private readonly Option<string[]> _switch = new("--switch")
    {
        Description = "A fact that differs between builds, such as echo-doubles-return=on; may be repeated. "
            + "docs/simulator.md lists them.",
        HelpName = "NAME=VALUE",
    };

    private readonly Option<string[]> _listen = new("--listen")
    {
        Description = "The port of 127.0.0.1 that stands for a port of the module, such as 80=8080; may be repeated. "
            + "Without it, a port below 1024 or one that is taken gets a free one; standard error says which.",
        HelpName = "PORT=PORT",
    };

    private readonly Option<bool> _control = new("--control")
    {
        Description = "Takes orders on standard input, one a line: reset; ap off and ap on, for the access point.",
    };

    private readonly SimulateMobile _mobile = new();

    private readonly Option<bool> _json = CommonOptions.Json();

    public Command Create()
    {
        _personality.AcceptOnlyFromAmong([.. PersonalityCatalog.Names]);
        var command = new Command(
            "simulate",
            "Simulates a module until Ctrl-C. Prints one line on standard output: the port to give to --port. Its links "
            + "reach whatever this computer reaches.")
        {
            _personality, _pty, _tcp, _unpaced, _bitrate, _noJoin, _switch, _listen, _control, _json,
        };
        _mobile.AddTo(command);
        command.Validators.Add(result =>
        {
            if (result.GetResult(_pty) is not null && result.GetResult(_tcp) is not null)
            {
                result.AddError("--pty and --tcp exclude each other");
            }

            foreach (string mistake in SimulateSettings.Mistakes(
                result.GetResult(_personality) is { Tokens: [var name, ..] } ? name.Value : PersonalityCatalog.Default,
                result.GetValue(_switch),
                result.GetValue(_listen)))
            {
                result.AddError(mistake);
            }
        });
        VerbRunner.Run(command, context, timeout: null, log: null, RunAsync);
        return command;
    }

    private async Task<ExitCode> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        SimulatedWorld world = _mobile.Apply(parsed, SimulatedWorld.CreateNeighbourhood());
        var simulator = new ModemSimulator(new SimulatorOptions
        {
            Personality = parsed.GetRequiredValue(_personality),
            Unpaced = parsed.GetValue(_unpaced),
            BitRate = parsed.GetValue(_bitrate),
            TimeProvider = context.Time,
            World = world,
            SimCard = _mobile.Card(parsed),
            StoredSsid = parsed.GetValue(_noJoin) ? null : SimulatedWorld.DefaultSsid,
            StoredPassword = parsed.GetValue(_noJoin) ? "" : SimulatedWorld.DefaultPassword,
            Switches = SimulateSettings.Switches(parsed.GetValue(_switch)),
            Network = new HostNetwork
            {
                ListenPorts = SimulateSettings.Ports(parsed.GetValue(_listen)),
                Listening = listener => context.Error.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"The module's port {listener.ModulePort} is 127.0.0.1:{listener.Port}.")),
            },
        });
        await using (simulator.ConfigureAwait(false))
        {
            string port = Open(simulator, parsed);
            await AnnounceAsync(parsed, port).ConfigureAwait(false);
            Task orders = parsed.GetValue(_control)
                // A read of standard input cannot be cancelled; on a thread of the pool it does not hold up the end.
                ? Task.Run(
                    () => new SimulateOrders(simulator, world, context).FollowAsync(cancellationToken), cancellationToken)
                : Task.CompletedTask;
            await WaitForTheEndAsync(orders, cancellationToken).ConfigureAwait(false);
        }

        return ExitCode.Ok;
    }

    // Ctrl-C and SIGTERM are the usual end, hence no failure. The end of the orders is none; their failure is.
    private static async Task WaitForTheEndAsync(Task orders, CancellationToken cancellationToken)
    {
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        CancellationTokenRegistration registration = cancellationToken.Register(ended.SetResult);
        await using (registration.ConfigureAwait(false))
        {
            if (await Task.WhenAny(ended.Task, orders).ConfigureAwait(false) != ended.Task && !ended.Task.IsCompleted)
            {
                await orders.ConfigureAwait(false);
                await ended.Task.ConfigureAwait(false);
            }
        }
    }

    private string Open(ModemSimulator simulator, ParseResult parsed)
    {
        // Whole, so that what is printed can be given to --port from anywhere.
        string? link = parsed.GetValue(_pty) is string path ? Path.GetFullPath(path) : null;
        int? tcp = parsed.GetValue(_tcp);
        try
        {
            if (tcp is int port)
            {
                return string.Create(
                    CultureInfo.InvariantCulture, $"tcp://127.0.0.1:{simulator.ListenTcp(port).Port}");
            }

            RequireFree(link);
            PtyPort terminal = simulator.OpenPty(link);
            return link ?? terminal.DevicePath;
        }
        catch (SocketException exception) when (exception.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            throw new ToolException(
                ExitCode.PortUnavailable,
                $"TCP port {tcp} of 127.0.0.1 is taken: choose another, or 0 for a free one.",
                exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or SocketException)
        {
            throw new ToolException(ExitCode.PortUnavailable, exception.Message, exception);
        }
    }

    /// <summary>Refuses a path where something is that this run would destroy.</summary>
    /// <remarks>
    /// A killed run leaves its link behind, pointing to a terminal that is gone: that one may be replaced. A link to
    /// something that exists may be another simulator's, or a person's.
    /// </remarks>
    private static void RequireFree(string? link)
    {
        if (link is null)
        {
            return;
        }

        string? target = new FileInfo(link).LinkTarget;
        if (target is null ? Path.Exists(link) : Path.Exists(Path.Combine(Path.GetDirectoryName(link) ?? "", target)))
        {
            throw new ToolException(
                ExitCode.PortUnavailable,
                target is null
                    ? $"{link} is there already and is no link: choose another path for --pty."
                    : $"{link} is there already and leads to {target}: end the simulator that made it, remove it, or "
                        + "choose another path for --pty.");
        }

        string? directory = Path.GetDirectoryName(link);
        if (!Directory.Exists(directory))
        {
            throw new ToolException(
                ExitCode.PortUnavailable, $"There is no directory {directory} to make the link in: choose another path.");
        }
    }

    // Standard output gets the port and nothing else, so that a script can read it.
    private async Task AnnounceAsync(ParseResult parsed, string port)
    {
        string personality = parsed.GetRequiredValue(_personality);
        bool paced = !parsed.GetValue(_unpaced);
        int bitRate = parsed.GetValue(_bitrate);
        if (parsed.GetValue(_json))
        {
            await context.Out.WriteLineAsync(ToolJson.Print(
                new SimulatorReport(personality, port, paced, bitRate), json => json.SimulatorReport))
                .ConfigureAwait(false);
            await context.Out.FlushAsync().ConfigureAwait(false);
            return;
        }

        string speed = paced ? string.Create(CultureInfo.InvariantCulture, $"{bitRate} bit/s") : "as fast as it goes";
        await context.Error.WriteLineAsync(
            $"{PersonalityCatalog.Describe(personality)}, {speed}. Try: modem info --port {port}   (Ctrl-C ends it)")
            .ConfigureAwait(false);
        await context.Out.WriteLineAsync(port).ConfigureAwait(false);
        await context.Out.FlushAsync().ConfigureAwait(false);
    }
}
