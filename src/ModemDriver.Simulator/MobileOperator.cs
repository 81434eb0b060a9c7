namespace ModemDriver.Simulator;

/// <summary>A mobile network, as a card sees it.</summary>
public sealed record MobileOperator
{
    /// <summary>Country and network code: five or six digits.</summary>
    public required string Code { get; init; }

    /// <summary>The long name, up to 16 characters. Default: empty.</summary>
    public string LongName { get; init; } = "";

    /// <summary>The short name, up to 8 characters. Default: empty.</summary>
    public string ShortName { get; init; } = "";

    /// <summary>What it is to the card. Default: its home.</summary>
    public MobileAdmission Admission { get; init; }

    /// <summary>The name that the network gives to who names none. Default: <c>cmiot</c>.</summary>
    public string NetworkApn { get; init; } = "cmiot";

    /// <summary>The names that a context may have, beside <see cref="NetworkApn"/>. Default: empty, any name goes.
    /// </summary>
    public IReadOnlyList<MobileApn> Apns { get; init; } = [];

    /// <summary>Whether it tells modules the time. Default: true.</summary>
    public bool GivesTime { get; init; } = true;

    /// <summary>Whether a context of this name, with this user and password, comes up.</summary>
    internal bool Accepts(string apn, string user, string password) =>
        apn.Length == 0
        || string.Equals(apn, NetworkApn, StringComparison.OrdinalIgnoreCase)
        || Apns.Count == 0
        || Apns.Any(known => string.Equals(known.Name, apn, StringComparison.OrdinalIgnoreCase)
            && known.User == user && known.Password == password);
}

/// <summary>What a mobile network is to a card.</summary>
public enum MobileAdmission
{
    /// <summary>Its home.</summary>
    Home,

    /// <summary>A guest network that lets it in.</summary>
    Roaming,

    /// <summary>One that turns it away.</summary>
    Forbidden,
}

/// <summary>The name of a packet network, and who may use it.</summary>
/// <param name="name">Compared without case.</param>
public sealed class MobileApn(string name)
{
    /// <summary>The name.</summary>
    public string Name { get; } = name;

    /// <summary>The user; empty, the default, where none is asked for.</summary>
    public string User { get; init; } = "";

    /// <summary>The password; empty, the default, where none is asked for.</summary>
    public string Password { get; init; } = "";

    /// <summary>The name alone.</summary>
    public override string ToString() => Name;
}
