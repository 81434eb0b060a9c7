namespace ModemDriver.Simulator.Personalities.EspAt;

/// <summary>AT+CWCOUNTRY.</summary>
/// <param name="Policy">0: follows the access point; without effect here.</param>
/// <param name="Code">At most three letters.</param>
/// <param name="Start">The first channel.</param>
/// <param name="Channels">How many.</param>
internal sealed record Country(int Policy, string Code, int Start, int Channels)
{
    internal bool Has(int channel) => channel >= Start && channel < Start + Channels;

    public override string ToString() => FormattableString.Invariant($"{Policy},\"{Code}\",{Start},{Channels}");
}
