using System.Diagnostics;

namespace ModemDriver.Simulator.Tests;

/// <summary>ModemManager, the modem service of Linux desktops, takes the module up to registered.</summary>
public sealed class ModemManagerTests : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(240);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("modemdriver-mm-");
    private readonly List<Process> _running = [];

    // On a bus of its own: nothing of the system is seen or touched. The bus lets everybody do everything.
    private const string BusConfiguration = """
        <!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
          "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
        <busconfig>
          <type>system</type>
          <listen>unix:path={0}</listen>
          <auth>EXTERNAL</auth>
          <policy context="default">
            <allow send_destination="*" eavesdrop="true"/>
            <allow eavesdrop="true"/>
            <allow own="*"/>
          </policy>
        </busconfig>
        """;

    // Stands in for polkit, whose word ModemManager wants before it does anything; then a user of ModemManager, who enables
    // the modem and waits until it is registered. Says what it finds, a line each.
    private const string User = """
        import sys, dbus, dbus.service
        from dbus.mainloop.glib import DBusGMainLoop
        from gi.repository import GLib

        MM, PATH = 'org.freedesktop.ModemManager1', '/org/freedesktop/ModemManager1'
        MODEM, GPP, MESSAGING, SMS = MM + '.Modem', MM + '.Modem.Modem3gpp', MM + '.Modem.Messaging', MM + '.Sms'
        DBusGMainLoop(set_as_default=True)
        bus, loop = dbus.SystemBus(), GLib.MainLoop()

        def say(*words):
            print(*words, flush=True)

        def failed(error):
            say('failed', error)
            loop.quit()

        class Authority(dbus.service.Object):
            @dbus.service.method('org.freedesktop.PolicyKit1.Authority', in_signature='(sa{sv})sa{ss}us', out_signature='(bba{ss})')
            def CheckAuthorization(self, subject, action, details, flags, cancellation):
                return (True, False, {})

        def texts(path):
            def read(sms):
                properties = bus.get_object(MM, sms).GetAll(SMS, dbus_interface='org.freedesktop.DBus.Properties')
                say('received', properties['Number'], properties['Text'])
                say('done')
                loop.quit()
            def came(sms, received):
                if received:
                    # Parts may still be on their way; state 3 is received.
                    bus.add_signal_receiver(lambda *_: read(sms), 'PropertiesChanged', path=sms)
                    if bus.get_object(MM, sms).Get(SMS, 'State', dbus_interface='org.freedesktop.DBus.Properties') == 3:
                        read(sms)
            def sent():
                bus.add_signal_receiver(came, 'Added', MESSAGING, path=path)
                say('sent')
            def created(sms):
                bus.get_object(MM, sms).Send(dbus_interface=SMS, timeout=150, reply_handler=sent, error_handler=failed)
            # Not waited for here: it asks for leave, which this process gives.
            bus.get_object(MM, path).Create(
                {'number': sys.argv[2], 'text': sys.argv[3]}, dbus_interface=MESSAGING, reply_handler=created, error_handler=failed)

        def told(path):
            get = lambda interface, name: bus.get_object(MM, path).Get(
                interface, name, dbus_interface='org.freedesktop.DBus.Properties')
            say('manufacturer', get(MODEM, 'Manufacturer'))
            say('model', get(MODEM, 'Model'))
            say('revision', get(MODEM, 'Revision'))
            say('imei', get(GPP, 'Imei'))
            say('registration', int(get(GPP, 'RegistrationState')))
            say('operator', get(GPP, 'OperatorCode'), get(GPP, 'OperatorName'))
            say('technology', int(get(MODEM, 'AccessTechnologies')))
            say('signal', int(get(MODEM, 'SignalQuality')[0]))
            sim = get(MODEM, 'Sim')
            say('imsi', bus.get_object(MM, sim).Get(MM + '.Sim', 'Imsi', dbus_interface='org.freedesktop.DBus.Properties'))
            bus.get_object(MM, path).Scan(dbus_interface=GPP, timeout=150, reply_handler=scanned, error_handler=failed)

        def scanned(networks):
            for network in networks:
                say('network', network['operator-code'], int(network['status']))
            say('done')
            loop.quit()

        def added(path, interfaces):
            if MODEM not in interfaces:
                return
            modem = bus.get_object(MM, path)
            def changed(old, new, reason):
                if new == 8:
                    (told if len(sys.argv) == 2 else texts)(path)
            bus.add_signal_receiver(changed, 'StateChanged', MODEM, path=path)
            modem.Enable(True, dbus_interface=MODEM, timeout=150, reply_handler=lambda: say('enabled'), error_handler=failed)

        def owned(owner):
            if owner:
                bus.get_object(MM, PATH).SetProfile('x', 'generic', [sys.argv[1]], dbus_interface=MM + '.Test')

        bus.add_signal_receiver(added, 'InterfacesAdded', 'org.freedesktop.DBus.ObjectManager')
        Authority(bus, '/org/freedesktop/PolicyKit1/Authority')
        name = dbus.service.BusName('org.freedesktop.PolicyKit1', bus)
        bus.watch_name_owner(MM, owned)
        say('ready')
        loop.run()
        """;

    public async ValueTask DisposeAsync()
    {
        foreach (Process process in _running)
        {
            JudgeProgram.End(process);
            await process.WaitForExitAsync(CancellationToken.None);
            process.Dispose();
        }

        _folder.Delete(recursive: true);
    }

    [Theory]
    [InlineData("air820", "Air820UG")]
    [InlineData("air780", "Air780E")]
    public async Task ModemManager_registers_the_module_and_scans(string personality, string model)
    {
        (string, string, string) programs = FindOrSkip();
        CancellationToken token = TestContext.Current.CancellationToken;
        await using var module = new ModemSimulator(new SimulatorOptions { Personality = personality });
        await using var bridge = new UnixSocketBridge(InFolder("port"), module.OpenStream);

        Process user = await StartAllAsync(programs).WaitAsync(Limit, TimeProvider.System, token);
        string seen = await user.StandardOutput.ReadToEndAsync(token).WaitAsync(Limit, TimeProvider.System, token);

        Assert.True(seen.EndsWith("\ndone\n", StringComparison.Ordinal), $"{seen}\n{await LastOfLogAsync()}");
        Assert.Contains("\nmanufacturer AirM2M\n", "\n" + seen, StringComparison.Ordinal);
        Assert.Contains($"\nmodel {model}\n", seen, StringComparison.Ordinal);
        Assert.Matches(@"\nimei \d{15}\n", seen);
        Assert.Matches(@"\nimsi 46004\d{10}\n", seen);
        Assert.Contains("\nregistration 1\noperator 46000 CHINA MOBILE\n", seen, StringComparison.Ordinal);
        Assert.Contains("\ntechnology 16384\n", seen, StringComparison.Ordinal);
        Assert.Contains("\nnetwork 46000 2\n", seen, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ModemManager_sends_and_receives_messages()
    {
        const string Ours = "+8613900001111", Theirs = "+12025550123", Text = "From ModemManager: 你好";
        (string, string, string) programs = FindOrSkip();
        CancellationToken token = TestContext.Current.CancellationToken;
        var centre = new MessageCentre();
        var world = new MobileWorld { Messages = centre };
        world.AddOperator(new MobileOperator { Code = "46000", LongName = "CHINA MOBILE", ShortName = "CMCC" });
        world.AddCell(new MobileCell { Operator = "46000" });
        await using var module = new ModemSimulator(new SimulatorOptions
        {
            Personality = "air780",
            SimCard = new SimCard { Number = Ours },
            World = new SimulatedWorld { Mobile = world },
        });
        await using var bridge = new UnixSocketBridge(InFolder("port"), module.OpenStream);

        Process user = await StartAllAsync(programs, Theirs, Text).WaitAsync(Limit, TimeProvider.System, token);
        string? line;
        do
        {
            line = await user.StandardOutput.ReadLineAsync(token).AsTask().WaitAsync(Limit, TimeProvider.System, token);
        }
        while (line == "enabled");
        Assert.True(line == "sent", $"{line}\n{await LastOfLogAsync()}");
        CarriedMessage carried = Assert.Single(centre.Carried);
        Assert.Equal((Ours, Theirs, Text), (carried.From, carried.To, carried.Text));

        // One part: of two +CMTI in one read it follows the first alone.
        const string Answer = "To ModemManager: 你好";
        centre.Send(Theirs, Ours, Answer);
        string seen = await user.StandardOutput.ReadToEndAsync(token).WaitAsync(Limit, TimeProvider.System, token);
        Assert.True(seen.Contains($"received {Theirs} {Answer}\ndone\n", StringComparison.Ordinal), $"{seen}\n{await LastOfLogAsync()}");
    }

    private static (string Manager, string Bus, string Python) FindOrSkip()
    {
        string manager = JudgeProgram.FindOrSkip("ModemManager", "modemmanager");
        string bus = JudgeProgram.FindOrSkip("dbus-daemon", "dbus");
        string python = JudgeProgram.FindOrSkip("python3", "python3");
        Assert.SkipUnless(
            JudgeProgram.HasModules(python, "dbus, gi"), "python3-dbus or python3-gi (Debian) is not installed.");
        return (manager, bus, python);
    }

    private async Task<Process> StartAllAsync((string Manager, string Bus, string Python) programs, params string[] message)
    {
        CancellationToken token = TestContext.Current.CancellationToken;
        string bus = InFolder("bus");
        await File.WriteAllTextAsync(
            InFolder("bus.conf"), BusConfiguration.Replace("{0}", bus, StringComparison.Ordinal), token);
        await File.WriteAllTextAsync(InFolder("user.py"), User, token);

        Process daemon = Start(
            programs.Bus, [$"--config-file={InFolder("bus.conf")}", "--nofork", "--nopidfile", "--print-address=1"]);
        _ = await daemon.StandardOutput.ReadLineAsync(token);
        Process user = Start(programs.Python, [InFolder("user.py"), InFolder("port"), .. message]);
        string? first = await user.StandardOutput.ReadLineAsync(token);
        Assert.True(first == "ready", first ?? await user.StandardError.ReadToEndAsync(token));
        Start(
            programs.Manager,
            [
                "--debug", "--test-enable", "--no-auto-scan", "--test-no-udev", "--test-no-suspend-resume",
                "--test-no-qrtr", $"--log-file={InFolder("log")}",
            ]);
        return user;
    }

    private Process Start(string path, string[] arguments)
    {
        Process process = JudgeProgram.Start(path, arguments, new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["DBUS_SYSTEM_BUS_ADDRESS"] = "unix:path=" + InFolder("bus"),
        });
        _running.Add(process);
        return process;
    }

    private async Task<string> LastOfLogAsync()
    {
        string[] lines = await File.ReadAllLinesAsync(InFolder("log"), CancellationToken.None);
        return string.Join('\n', lines[^Math.Min(lines.Length, 80)..]);
    }

    private string InFolder(string name) => Path.Combine(_folder.FullName, name);
}
