using System.Text;
using ModemDriver.Framing;
using ModemDriver.Protocol;
using ModemDriver.WiFi;

namespace ModemDriver.Dialects.EspAt.WiFi;

/// <summary><c>AT+CWLAP</c>: names come from the air as they are, with quotes, commas and line ends in them.</summary>
/// <remarks>
/// A name may hold line ends, and between them whatever looks like a result code: "\r\nOK\r\n" is a name that an access
/// point can have. A line that has begun and is not complete takes what follows, a result code as well, for as long as
/// that can still be a part of the name.
/// </remarks>
internal sealed class EspAtScanCommand(CommandLine line, TimeSpan timeLimit) : ScanCommand(line, timeLimit)
{
    private const int MaxNameBytes = 32;

    // What a radio can hear on all channels at once stays far below.
    private const int MaxFound = 512;

    private readonly List<byte> _open = [];
    private string? _unreadable;

    /// <inheritdoc/>
    public override IReadOnlyList<string> Remarks => _unreadable is null ? [] : [_unreadable];

    /// <inheritdoc/>
    public override bool OnLine(ReadOnlySpan<byte> line)
    {
        if (line.StartsWith("+CWLAP:("u8))
        {
            GiveUpOpen();
            Take(line);
            return true;
        }

        if (_open.Count == 0 || !CanGrow())
        {
            return false;
        }

        Continue(line);
        return true;
    }

    /// <inheritdoc/>
    public override bool IsFinal(ResultCode code, CommandStage stage)
    {
        if (_open.Count == 0 || !CanGrow())
        {
            GiveUpOpen();
            return true;
        }

        Continue(Encoding.Latin1.GetBytes(code.Text));
        return false;
    }

    private void Continue(ReadOnlySpan<byte> line)
    {
        byte[] whole = [.. _open, .. "\r\n"u8, .. line];
        _open.Clear();
        Take(whole);
    }

    private void Take(ReadOnlySpan<byte> line)
    {
        if (Read(line["+CWLAP:".Length..]) is not { } found)
        {
            _open.AddRange(line);
        }
        else if (Found.Count < MaxFound)
        {
            Found.Add(found);
        }
    }

    private void GiveUpOpen()
    {
        if (_open.Count > 0)
        {
            _unreadable ??= AtText.Escape([.. _open]);
            _open.Clear();
        }
    }

    // The name begins behind the first quote. When more stands there than a name has, the line is damaged.
    private bool CanGrow()
    {
        var quote = _open.IndexOf((byte)'"');
        return quote >= 0 && _open.Count - quote - 1 < MaxNameBytes;
    }

    // (<ecn>,"<ssid>",<rssi>,"<mac>",<channel>[,...])
    // Names are not escaped (esp-at issue 290): the hardware address is the last quoted field, the strength stands
    // before it, and what is left within its own quotes is the name, whatever it holds. Releases differ in the number
    // of fields behind the channel.
    private static ScannedAccessPoint? Read(ReadOnlySpan<byte> text)
    {
        var comma = text.IndexOf((byte)',');
        var close = text.LastIndexOf((byte)'"');
        if (text.Length < 2 || text[0] != '(' || text[^1] != ')' || comma < 0 || close < 1
            || !FieldReader.TryParse(text[1..comma], out var security))
        {
            return null;
        }

        var open = text[..close].LastIndexOf((byte)'"');
        var bssid = open < 0 ? string.Empty : AtText.Latin1(text[(open + 1)..close]);
        if (open < 1 || text[open - 1] != ',' || !HardwareAddressText.IsValid(bssid))
        {
            return null;
        }

        var before = text[..(open - 1)];
        var last = before.LastIndexOf((byte)',');
        if (last < comma + 3 || before[comma + 1] != '"' || before[last - 1] != '"'
            || !FieldReader.TryParse(before[(last + 1)..], out var rssi))
        {
            return null;
        }

        var rest = new FieldReader(text[(close + 1)..^1].TrimStart((byte)','));
        int? channel = rest.TryReadInt(out var number) ? number : null;
        return new ScannedAccessPoint(
            before[(comma + 2)..(last - 1)].ToArray(), bssid, channel, rssi, EspAtFields.SecurityOf(security));
    }
}
