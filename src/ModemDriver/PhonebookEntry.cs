namespace ModemDriver;

/// <summary>An entry of a phonebook.</summary>
/// <param name="Index">Its place.</param>
/// <param name="Number">The number, with a plus where it is international.</param>
/// <param name="Name">The name.</param>
public sealed record PhonebookEntry(int Index, string Number, string Name)
{
    /// <summary>Tells neither number nor name.</summary>
    public override string ToString() => $"entry {Index}";
}
