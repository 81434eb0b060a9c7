using System.Globalization;

namespace ModemDriver.Simulator.Personalities.Cellular;

/// <summary>What AT+CMEE=2 makes of the numbers (3GPP TS 27.007 clause 9.2), for those that the simulator uses.</summary>
internal static class ErrorTexts
{
    internal static string Of(int code) => code switch
    {
        CmeError.NotAllowed => "operation not allowed",
        CmeError.NotSupported => "operation not supported",
        CmeError.NoCard => "SIM not inserted",
        CmeError.PinNeeded => "SIM PIN required",
        CmeError.PukNeeded => "SIM PUK required",
        CmeError.CardFailure => "SIM failure",
        CmeError.CardBusy => "SIM busy",
        CmeError.WrongCode => "incorrect password",
        CmeError.MemoryFull => "memory full",
        CmeError.WrongIndex => "invalid index",
        CmeError.NotFound => "not found",
        CmeError.TextTooLong => "text string too long",
        CmeError.NumberTooLong => "dial string too long",
        CmeError.WrongNumber => "invalid characters in dial string",
        CmeError.NoService => "no network service",
        CmeError.WrongParameter => "incorrect parameters",
        CmeError.Unknown => "unknown",
        CmeError.OperationFailed => "operation failed",
        _ => code.ToString(CultureInfo.InvariantCulture),
    };
}

/// <summary>Numbers of +CME ERROR (3GPP TS 27.007 clause 9.2).</summary>
internal static class CmeError
{
    internal const int NotAllowed = 3;
    internal const int NotSupported = 4;
    internal const int NoCard = 10;
    internal const int PinNeeded = 11;
    internal const int PukNeeded = 12;
    internal const int CardFailure = 13;
    internal const int CardBusy = 14;
    internal const int WrongCode = 16;
    internal const int MemoryFull = 20;
    internal const int WrongIndex = 21;
    internal const int NotFound = 22;
    internal const int TextTooLong = 24;
    internal const int NumberTooLong = 26;
    internal const int WrongNumber = 27;
    internal const int NoService = 30;
    internal const int WrongParameter = 50;
    internal const int Unknown = 100;
    internal const int OperationFailed = 767;
}
