using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace ModemDriver.Cli.Verbs.Mqtt;

/// <summary>Where a broker is.</summary>
/// <param name="Host">Its name or address.</param>
/// <param name="Port">Its port; <see langword="null"/> for the usual one.</param>
internal sealed record BrokerAt(string Host, int? Port)
{
    private const int PlainPort = 1883;
    private const int TlsPort = 8883;

    /// <summary>The port to connect to.</summary>
    public int PortFor(bool tls) => Port ?? (tls ? TlsPort : PlainPort);

    /// <summary>An option <c>HOST[:PORT]</c>; an IPv6 address with a port stands in brackets.</summary>
    public static Option<BrokerAt?> Option(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "HOST[:PORT]",
        CustomParser = result => Parse(result, name),
    };

    private static BrokerAt? Parse(ArgumentResult result, string name)
    {
        string text = result.Tokens[0].Value;
        int bracket = text.IndexOf(']', StringComparison.Ordinal);
        int colon = text.LastIndexOf(':');
        // More than one colon and no bracket: an IPv6 address without a port.
        bool hasPort = colon > bracket && (bracket > 0 || text.IndexOf(':', StringComparison.Ordinal) == colon);
        string host = (hasPort ? text[..colon] : text).Trim('[', ']');
        int? port = null;
        if (hasPort)
        {
            port = int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int number)
                && number is >= 1 and <= 65_535 ? number : 0;
        }

        if (host.Length > 0 && port != 0)
        {
            return new BrokerAt(host, port);
        }

        result.AddError($"{name} needs HOST or HOST:PORT, not '{text}'");
        return null;
    }
}
