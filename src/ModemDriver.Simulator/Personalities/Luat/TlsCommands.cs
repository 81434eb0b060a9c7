using System.Globalization;
using ModemDriver.Simulator.Personalities.Cellular;

namespace ModemDriver.Simulator.Personalities.Luat;

/// <summary>TLS of the module's own.</summary>
internal sealed class TlsCommands(LuatModule module) : CommandGroup(module)
{
    private readonly LuatModule _module = module;

    internal override IEnumerable<CommandEntry> Entries =>
    [
        new("+CIPSSL")
        {
            Test = Says(() => $"+CIPSSL: (0,1)"),
            Read = Says(() => $"+CIPSSL: {(_module.Ip.IsSecure ? 1 : 0)}"),
            Set = Takes(0, 1, value => _module.Ip.IsSecure = value == 1),
        },
        new("+SSLCFG") { Set = At(Configure) },
    ];

    // AT+SSLCFG="<key>",<context>[,[<value>]]: nothing behind the context asks, an empty value erases.
    private Outcome Configure(CommandCall call)
    {
        AtParameters given = call.Parameters;
        if (!given.Takes(2, 3) || !given.Number(1, 0, 255, out int number)
            || _module.Tls.Find(number) is not TlsContext context)
        {
            return WrongParameter;
        }

        string key = given.Text(0).ToLowerInvariant();
        if (!IsKnown(key))
        {
            return WrongParameter;
        }

        if (given.Count == 2)
        {
            string shown = context[key] is string value ? Quote(key, value) : "";
            Respond.Line($"+SSLCFG: \"{key}\",{number},{shown}");
            return Outcome.Ok;
        }

        if (!given.IsGiven(2))
        {
            context.Erase(key);
            return Outcome.Ok;
        }

        if (!IsGood(key, given.Text(2)))
        {
            return WrongParameter;
        }

        context.Set(key, given.Text(2));
        return Outcome.Ok;
    }

    private static bool IsText(string key) => key is "cacert" or "clientcert" or "clientkey" or "hostname";

    private static string Quote(string key, string value) => IsText(key) ? $"\"{value}\"" : value;

    private static bool IsKnown(string key) => IsText(key)
        || key is "sslversion" or "ciphersuite" or "seclevel" or "ignorelocaltime" or "negotiatetimeout";

    private static bool IsGood(string key, string value) => key switch
    {
        "sslversion" => IsNumber(value, 0, 4),
        "seclevel" => IsNumber(value, 0, 2),
        "ignorelocaltime" => IsNumber(value, 0, 1),
        "negotiatetimeout" => IsNumber(value, 10, 300),
        "ciphersuite" => value.ToUpperInvariant() is
            "0X0035" or "0X002F" or "0X0005" or "0X0004" or "0X000A" or "0X003D" or "0XFFFF",
        _ => value.Length <= 128,
    };

    private static bool IsNumber(string value, int least, int most) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int number)
        && number >= least && number <= most;
}
