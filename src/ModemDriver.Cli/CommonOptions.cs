using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace ModemDriver.Cli;

/// <summary>The options that several verbs share, with the same meaning everywhere.</summary>
internal static class CommonOptions
{
    public const string PasswordVariable = "MODEM_WIFI_PASSWORD";

    public const string PinVariable = "MODEM_SIM_PIN";

    public const string ApnPasswordVariable = "MODEM_APN_PASSWORD";

    public static Option<string?> Port(bool required = true) => new("--port", "-p")
    {
        Description = "The module's port: /dev/ttyUSB0, COM3, tcp://host:port (a serial server), or "
            + "serialport:PORT to go through System.IO.Ports.",
        HelpName = "PORT",
        Required = required,
    };

    public static Option<int> Baud() => new("--baud", "-b")
    {
        Description = "The bit rate in bit/s to try first.",
        HelpName = "RATE",
        DefaultValueFactory = _ => 115_200,
        CustomParser = result => WholeNumber(result, "--baud", 300, 5_000_000),
    };

    public static Option<string?> Ssid() => new("--ssid")
    {
        Description = "The Wi-Fi network to join. Not needed when the module has already joined one.",
        HelpName = "NAME",
    };

    public static Option<string?> Password() => new("--password")
    {
        Description = $"The password of that network; better in the environment variable {PasswordVariable}.",
        HelpName = "SECRET",
    };

    public static Option<string?> Apn() => new("--apn")
    {
        Description = "The access point of a cellular network. Not needed when the network chooses it for the card.",
        HelpName = "NAME",
    };

    public static Option<string?> ApnUser() => new("--apn-user")
    {
        Description = $"The user of that access point, by CHAP; its password is in the environment variable {ApnPasswordVariable}.",
        HelpName = "NAME",
    };

    public static Option<string?> PinFile() => new("--pin-file")
    {
        Description = $"A file whose first line is the PIN of the card; without it the environment variable {PinVariable}.",
        HelpName = "FILE",
    };

    public static Option<bool> NoRoaming() => new("--no-roaming")
    {
        Description = "Refuses data over cellular networks of others.",
    };

    public static Option<LogKind?> Log() => new("--log")
    {
        Description = "Writes to standard error: wire (the dialogue with the module; secrets masked, payload "
            + "counted), debug (commands and states), trace (all that is logged, and the stack of an error).",
        HelpName = "wire|debug|trace",
        CustomParser = result =>
        {
            string text = result.Tokens[0].Value;
            if (Enum.TryParse(text, ignoreCase: true, out LogKind kind) && !char.IsAsciiDigit(text[0]))
            {
                return kind;
            }

            result.AddError($"--log must be wire, debug or trace, not '{text}'");
            return null;
        },
    };

    public static Option<bool> Json() => new("--json")
    {
        Description = "Output for programs: one JSON document.",
    };

    public static Option<TimeSpan?> Timeout() => Seconds(
        "--timeout", "Seconds that the whole run may take. Without it, every step has a limit of its own.");

    /// <summary>An option in seconds, fractions allowed, above zero.</summary>
    public static Option<TimeSpan?> Seconds(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "SECONDS",
        CustomParser = result =>
        {
            string text = result.Tokens.Count == 1 ? result.Tokens[0].Value : "";
            if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double seconds)
                && seconds is > 0 and <= 86_400)
            {
                return TimeSpan.FromSeconds(seconds);
            }

            result.AddError($"{name} needs seconds, more than 0 and at most 86400, not '{text}'");
            return null;
        },
    };

    /// <summary>Parses a whole number within bounds, both included.</summary>
    public static int WholeNumber(ArgumentResult result, string name, int low, int high)
    {
        string text = result.Tokens.Count == 1 ? result.Tokens[0].Value : "";
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int value)
            && value >= low && value <= high)
        {
            return value;
        }

        result.AddError(string.Create(
            CultureInfo.InvariantCulture, $"{name} must be a number from {low} to {high}, not '{text}'"));
        return low;
    }
}

/// <summary>What <c>--log</c> writes.</summary>
internal enum LogKind
{
    Wire,
    Debug,
    Trace,
}
