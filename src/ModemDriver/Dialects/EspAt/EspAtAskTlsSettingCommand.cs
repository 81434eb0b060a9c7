using System.Text;
using ModemDriver.Commands;
using ModemDriver.Framing;
using ModemDriver.Protocol;

namespace ModemDriver.Dialects.EspAt;

/// <summary>
/// <c>AT+CIPSSLCSNI?</c>, <c>AT+CIPSSLCCN?</c>, <c>AT+CIPSSLCALPN?</c>, <c>AT+CIPSSLCPSK?</c>, where a number is to have
/// nothing of the kind and an earlier program, or an earlier session, may have left something.
/// </summary>
/// <param name="name">The command, without what begins and ends it.</param>
/// <param name="number">Whose setting.</param>
/// <param name="clear">What takes it away.</param>
/// <param name="timeLimit">The module's own maximum, and a margin.</param>
internal sealed class EspAtAskTlsSettingCommand(string name, EspAtTlsNumber number, AtCommand clear, TimeSpan timeLimit)
    : AskSettingCommand(CommandLineBuilder.Raw($"AT+{name}?"), timeLimit)
{
    private readonly byte[] _prefix = Encoding.ASCII.GetBytes($"+{name}:");
    private bool _isRefused;
    private bool _isUnset;

    /// <summary>Told that the module has nothing there.</summary>
    public Action? Unset { get; init; }

    // What cannot even be asked for is not there either.
    /// <inheritdoc/>
    public override AtCommand? Change => _isRefused || _isUnset ? null : clear;

    // +CIPSSLCSNI:<id>,"name"      +CIPSSLCALPN:<id>[,"protocol"...]      +CIPSSLCPSK:<id>,"key","hint"
    /// <inheritdoc/>
    public override bool OnLine(ReadOnlySpan<byte> line)
    {
        if (!line.StartsWith(_prefix))
        {
            return false;
        }

        var reader = new FieldReader(line[_prefix.Length..]);
        if (reader.TryReadInt(out var id) && id == number.Id)
        {
            _isUnset = true;
            while (reader.TryRead(out var field))
            {
                _isUnset &= field.IsEmpty;
            }
        }

        return true;
    }

    /// <inheritdoc/>
    public override void OnFinal(in FinalResult result)
    {
        _isRefused = !result.IsSuccess;
        if (_isUnset || _isRefused)
        {
            Unset?.Invoke();
        }
    }
}
