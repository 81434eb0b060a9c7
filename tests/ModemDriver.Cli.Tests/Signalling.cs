using System.Globalization;

namespace ModemDriver.Cli.Tests;

/// <summary>A writer that does something once certain words have been written.</summary>
internal sealed class Signalling(string words, Action then) : StringWriter(CultureInfo.InvariantCulture)
{
    private bool _isDone;

    public override void Write(char value)
    {
        base.Write(value);
        Look();
    }

    public override void Write(string? value)
    {
        base.Write(value);
        Look();
    }

    public override void Write(char[] buffer, int index, int count)
    {
        base.Write(buffer, index, count);
        Look();
    }

    private void Look()
    {
        if (!_isDone && ToString().Contains(words, StringComparison.Ordinal))
        {
            _isDone = true;
            then();
        }
    }
}
