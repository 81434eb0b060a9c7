using System.Globalization;
using ModemDriver.Simulator.Wire;

namespace ModemDriver.Simulator.Personalities.EspAt;

/// <summary>Puts texts on the wire: results, lines of an answer, unsolicited codes.</summary>
internal sealed class Responder(ModuleHost host, WireForms forms, EspAtSwitches switches)
{
    private readonly byte[] _scratch = new byte[512];
    private readonly bool _logsHere = switches.IsOn(EspAtSwitches.LogOnAtPort);

    /// <summary>Whether ERR CODE stands before ERROR and busy.</summary>
    internal bool SysLog { get; set; }

    internal void Ok() => Answer("\r\nOK\r\n");

    internal void Error(int code)
    {
        Code(code);
        Answer("\r\nERROR\r\n");
    }

    internal void Busy(bool sending)
    {
        Code(ErrorCode.Busy);
        Urc(sending ? forms.BusySending : forms.BusyProcessing);
    }

    internal void Code(int code)
    {
        if (SysLog)
        {
            Answer(string.Create(CultureInfo.InvariantCulture, $"ERR CODE:0x{code:x8}\r\n"));
        }
    }

    /// <summary>Why something failed: part of the answer on NonOS; later a line of the log, which is seen only where
    /// the log shares the port, and then ends CR CR LF.</summary>
    internal void Reason(string text)
    {
        if (forms.SaysReasons)
        {
            Answer(text + "\r\n");
        }
        else if (_logsHere)
        {
            Urc(text + "\r\r\n");
        }
    }

    internal void Log(string text)
    {
        if (_logsHere)
        {
            Urc(text + "\r\r\n");
        }
    }

    /// <summary>A part of the answer to the command under way.</summary>
    internal void Answer(string text) => host.Faults.Answer(Encode(text), host.Uart);

    internal void Answer(ReadOnlySpan<byte> bytes) => host.Faults.Answer(bytes, host.Uart);

    internal void Urc(string text) => host.Uart.Write(Encode(text));

    internal void Urc(ReadOnlySpan<byte> bytes) => host.Uart.Write(bytes);

    private ReadOnlySpan<byte> Encode(string text) =>
        text.Length > _scratch.Length
            ? WireText.Bytes(text)
            : _scratch.AsSpan(0, WireText.Latin1.GetBytes(text, _scratch));
}
