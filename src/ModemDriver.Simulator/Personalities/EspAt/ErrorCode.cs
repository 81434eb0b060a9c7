namespace ModemDriver.Simulator.Personalities.EspAt;

/// <summary>ERR CODE:0x01&lt;sub&gt;&lt;16 bits&gt;, printed before ERROR after AT+SYSLOG=1 (ESP-AT user guide, "Basic
/// AT commands", AT+SYSLOG).</summary>
internal static class ErrorCode
{
    internal const int NoAt = 0x01030000;
    internal const int ParseFailure = 0x01080000;
    internal const int UnknownCommand = 0x01090000;
    internal const int ExecutionFailed = 0x010A0000;
    internal const int Busy = 0x010B0000;
    internal const int WrongOperation = 0x010C0000;

    internal static int Length(int parameter) => 0x01040000 | parameter;

    internal static int Type(int parameter) => 0x01050000 | parameter;

    internal static int Count(int wanted, int given) => 0x01060000 | (wanted << 8) | given;

    internal static int Invalid(int parameter) => 0x01070000 | parameter;
}
