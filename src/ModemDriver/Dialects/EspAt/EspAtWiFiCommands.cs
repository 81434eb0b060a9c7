using System.Net;
using System.Text;
using ModemDriver.Framing;
using ModemDriver.WiFi;

namespace ModemDriver.Dialects.EspAt;

/// <summary>The station of AT firmware. ESP-AT user guide, Wi-Fi AT Commands.</summary>
internal sealed class EspAtWiFiCommands(EspAtFirmware firmware) : IWiFiCommands
{
    private static readonly TimeSpan QueryLimit = TimeSpan.FromSeconds(2);

    // A name that cannot be resolved is given up by the module after about 10 s.
    private static readonly TimeSpan ResolveLimit = TimeSpan.FromSeconds(15);

    // NonOS has forms that do not write the flash; ESP-AT has AT+SYSSTORE=0 instead.
    private readonly string _suffix = firmware.Generation == EspAtGeneration.NonOs ? "_CUR" : string.Empty;

    /// <inheritdoc/>
    public JoinCommand Join(WiFiOptions network)
    {
        var line = NewLine($"AT+CWJAP{_suffix}=")
            .Text(network.Ssid, nameof(network))
            .Secret(network.Password ?? string.Empty, nameof(network));
        if (network.Bssid is not null)
        {
            line.Text(network.Bssid, nameof(network));
        }

        return new EspAtJoinCommand(line.Build(), network.TimeLimit);
    }

    /// <inheritdoc/>
    public ReadAccessPointCommand ReadAccessPoint() =>
        new EspAtReadAccessPointCommand(NewLine($"AT+CWJAP{_suffix}?").Build(), QueryLimit);

    /// <inheritdoc/>
    public ReadAddressesCommand ReadAddresses() =>
        new EspAtReadAddressesCommand(NewLine("AT+CIFSR").Build(), QueryLimit);

    /// <inheritdoc/>
    public ResolveCommand Resolve(string host) =>
        new EspAtResolveCommand(NewLine("AT+CIPDOMAIN=").Text(host, nameof(host)).Build(), ResolveLimit);

    private static CommandLineBuilder NewLine(string command) =>
        new(command, QuotingRule.Backslash, EspAtDialect.MaxCommandLine);
}

/// <summary><c>AT+CWJAP="ssid","password"</c></summary>
internal sealed class EspAtJoinCommand(CommandLine line, TimeSpan timeLimit) : JoinCommand(line, timeLimit)
{
    // +CWJAP:<n>      1 timeout, 2 wrong password, 3 not found, 4 failed; a hint, wrong at times (esp-at issue 804)
    /// <inheritdoc/>
    public override bool OnLine(ReadOnlySpan<byte> line)
    {
        if (!line.StartsWith("+CWJAP:"u8) || !FieldReader.TryParse(line["+CWJAP:".Length..], out var code))
        {
            return false;
        }

        Failure = code switch
        {
            1 => NetworkJoinFailure.TimedOut,
            2 => NetworkJoinFailure.WrongPassword,
            3 => NetworkJoinFailure.AccessPointNotFound,
            4 => NetworkJoinFailure.ConnectionFailed,
            _ => NetworkJoinFailure.Unknown,
        };
        return true;
    }
}

/// <summary><c>AT+CWJAP?</c></summary>
internal sealed class EspAtReadAccessPointCommand(CommandLine line, TimeSpan timeLimit)
    : ReadAccessPointCommand(line, timeLimit)
{
    /// <inheritdoc/>
    public override bool OnLine(ReadOnlySpan<byte> line)
    {
        if (line.SequenceEqual("No AP"u8))
        {
            return true;
        }

        var colon = line.IndexOf((byte)':');
        if (colon < 0 || !line.StartsWith("+CWJAP"u8))
        {
            return false;
        }

        AccessPoint = Read(line[(colon + 1)..]);
        return true;
    }

    // "<ssid>","<bssid>",<channel>,<rssi>[,more numbers, by version]
    // Names are not escaped (esp-at issue 290), so they are read from the right: the last quoted field is the hardware
    // address, and what stands before it, within its own quotes, is the name, whatever it holds.
    private static AccessPointInfo? Read(ReadOnlySpan<byte> fields)
    {
        var close = fields.LastIndexOf((byte)'"');
        if (close < 1 || fields[0] != '"')
        {
            return null;
        }

        var open = fields[..close].LastIndexOf((byte)'"');
        if (open < 3)
        {
            return null;
        }

        var numbers = new FieldReader(fields[(close + 1)..].TrimStart((byte)','));
        int? channel = numbers.TryReadInt(out var first) ? first : null;
        int? rssi = numbers.TryReadInt(out var second) ? second : null;
        return new AccessPointInfo(
            Encoding.UTF8.GetString(fields[1..(open - 2)]),
            AtText.Latin1(fields[(open + 1)..close]),
            channel,
            rssi);
    }
}

/// <summary><c>AT+CIFSR</c></summary>
internal sealed class EspAtReadAddressesCommand(CommandLine line, TimeSpan timeLimit)
    : ReadAddressesCommand(line, timeLimit)
{
    // +CIFSR:STAIP,"<ip>"      +CIFSR:STAMAC,"<mac>"      and the same with AP for the module's own access point
    /// <inheritdoc/>
    public override bool OnLine(ReadOnlySpan<byte> line)
    {
        if (!line.StartsWith("+CIFSR:"u8))
        {
            return false;
        }

        var reader = new FieldReader(line["+CIFSR:".Length..]);
        if (reader.TryRead(out var name) && reader.TryRead(out var value))
        {
            var text = AtText.Latin1(value);
            if (name.SequenceEqual("STAIP"u8))
            {
                var isSet = IPAddress.TryParse(text, out var address) && !address.Equals(IPAddress.Any);
                Addresses = Addresses with { Address = isSet ? address : null };
            }
            else if (name.SequenceEqual("STAMAC"u8))
            {
                Addresses = Addresses with { HardwareAddress = text };
            }
        }

        return true;
    }
}

/// <summary><c>AT+CIPDOMAIN="host"</c></summary>
internal sealed class EspAtResolveCommand(CommandLine line, TimeSpan timeLimit) : ResolveCommand(line, timeLimit)
{
    // +CIPDOMAIN:1.2.3.4      to 2.1; quoted from 2.2.      DNS Fail      NonOS, before ERROR
    /// <inheritdoc/>
    public override bool OnLine(ReadOnlySpan<byte> line)
    {
        if (line.SequenceEqual("DNS Fail"u8))
        {
            return true;
        }

        if (!line.StartsWith("+CIPDOMAIN:"u8))
        {
            return false;
        }

        var reader = new FieldReader(line["+CIPDOMAIN:".Length..]);
        Address = reader.TryRead(out var field) && IPAddress.TryParse(AtText.Latin1(field), out var address)
            ? address
            : null;
        return true;
    }
}
