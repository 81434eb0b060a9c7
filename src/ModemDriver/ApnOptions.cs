namespace ModemDriver;

/// <summary>The access point name (APN) of a cellular network, with what it asks for. TS 27.007 section 10.1.1.</summary>
public sealed record ApnOptions
{
    private const int MaxNameLength = 100;

    /// <summary>Names an access point.</summary>
    /// <param name="name">
    /// 1 to 100 characters, such as <c>internet</c>; or empty: the one that the network chooses for the card.
    /// </param>
    /// <exception cref="ArgumentException">The name is longer, or holds what is no printable ASCII.</exception>
    public ApnOptions(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (name.Length > MaxNameLength || name.Any(c => c is <= ' ' or > '~'))
        {
            throw new ArgumentException("An APN has at most 100 printable ASCII characters without blanks.", nameof(name));
        }

        Name = name;
    }

    /// <summary>The name.</summary>
    public string Name { get; }

    /// <summary>The user name; default <see langword="null"/>: none.</summary>
    public string? UserName { get; init; }

    /// <summary>The password, a secret; default <see langword="null"/>: none.</summary>
    public string? Password { get; init; }

    /// <summary>How the user is authenticated; default <see cref="ApnAuthentication.None"/>.</summary>
    public ApnAuthentication Authentication { get; init; }

    /// <summary>The name alone: the rest is nobody's business in a log.</summary>
    public override string ToString() => $"{nameof(ApnOptions)} {{ {nameof(Name)} = {Name} }}";
}

/// <summary>How the user of an APN is authenticated. TS 27.007 section 10.1.31.</summary>
public enum ApnAuthentication
{
    /// <summary>Not at all.</summary>
    None,

    /// <summary>With the password in the clear (RFC 1334).</summary>
    Pap,

    /// <summary>With a challenge (RFC 1994).</summary>
    Chap,
}
