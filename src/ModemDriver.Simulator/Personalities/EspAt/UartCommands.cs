using ModemDriver.Simulator.Wire;

namespace ModemDriver.Simulator.Personalities.EspAt;

/// <summary>User guide, "Basic AT commands": the serial port.</summary>
internal sealed class UartCommands(EspAtModule module) : CommandGroup(module)
{
    private const int LeastBitRate = 80;

    internal override IEnumerable<CommandEntry> Entries =>
    [
        new("UART") { Read = At(ReadStoredUart), Set = At(call => SetUart(call, stores: true)) },
        new("UART_CUR") { Read = At(ReadUart), Set = At(call => SetUart(call, stores: false)) },
        new("UART_DEF") { Read = At(ReadStoredUart), Set = At(call => SetUart(call, stores: true)) },
        new("IPR") { Set = Takes(LeastBitRate, () => Module.Profile.MaxBitRate, SetRate) },
    ];

    private Outcome ReadUart(CommandCall call) => SayUart(call, Settings.Uart);

    private Outcome ReadStoredUart(CommandCall call) => SayUart(
        call,
        Module.Stored.Uart ?? (Forms.PrintsUnsetStoredRateAsZeros
            ? new UartSettings(0, 0, 0, 0, 0)
            : new UartSettings(Host.Options.BitRate, 8, 1, 0, 0)));

    private Outcome SayUart(CommandCall call, UartSettings uart)
    {
        Respond.Answer(WireText.Format(
            $"+{call.Name}:{ShownRate(uart.BitRate)},{uart.DataBits},{uart.StopBits},{uart.Parity},{uart.FlowControl}\r\n"));
        return Outcome.Ok;
    }

    /// <summary>The rate that the clock really makes of the one that was set.</summary>
    private int ShownRate(int rate)
    {
        int clock = Module.Profile.BitRateClock;
        return clock == 0 || rate == 0 ? rate + Module.Profile.BitRateError(rate) : clock / (clock / rate);
    }

    private Outcome SetUart(CommandCall call, bool stores)
    {
        Parameters given = call.Parameters;
        if (!given.Takes(5, 5)
            || !given.Number(0, LeastBitRate, Module.Profile.MaxBitRate, out int rate)
            || !given.Number(1, 5, 8, out int dataBits)
            || !given.Number(2, 1, 3, out int stopBits)
            || !given.Number(3, 0, 2, out int parity)
            || !given.Number(4, 0, 3, out int flowControl))
        {
            return given.Refusal;
        }

        var uart = new UartSettings(rate, dataBits, stopBits, parity, flowControl);
        Settings.Uart = uart;
        if (stores)
        {
            Module.Stored.Uart = uart;
        }

        Apply(uart);
        return Outcome.Ok;
    }

    // AT+IPR=<rate>, of old.
    private void SetRate(CommandCall call, int rate)
    {
        UartSettings uart = Settings.Uart with { BitRate = rate };
        Settings.Uart = uart;
        Module.Stored.Uart = uart;
        Apply(uart);
    }

    // OK still leaves at the old rate, except with a clone's firmware (ESP_ATMod issue 18).
    private void Apply(UartSettings uart)
    {
        if (Module.Switches[WiFiSwitches.RateOfAnswer] == "new")
        {
            Host.Uart.Flush();
            Host.Uart.ResetTo(Module.Line(uart));
        }
        else
        {
            Host.Uart.Set(Module.Line(uart));
        }
    }
}
