namespace ModemDriver;

/// <summary>How a cellular module gets onto its network.</summary>
public sealed record CellularOptions
{
    private const int MinPinLength = 4;
    private const int MaxPinLength = 8;

    /// <summary>
    /// The access point. Default <see langword="null"/>: the one that the network chooses for the card.
    /// </summary>
    public ApnOptions? Apn { get; init; }

    /// <summary>
    /// The PIN of the card, 4 to 8 digits, a secret. Default <see langword="null"/>: none; a card that asks for one then
    /// leaves the modem <see cref="ModemState.Locked"/>. It is used by itself only while the card has all its tries, and
    /// a refused one never again, also after a restart of the program (docs/cellular.md).
    /// </summary>
    public string? Pin { get; init; }

    /// <summary>
    /// The file that remembers refused PINs; it holds salted hashes and no PIN. Default <see langword="null"/>:
    /// <c>ModemDriver/refused-pins</c> in the folder for data of local programs of the user.
    /// </summary>
    public string? PinRecordPath { get; init; }

    /// <summary>Whether data may go over networks of others. Default <see langword="true"/>.</summary>
    public bool AllowRoaming { get; init; } = true;

    /// <summary>
    /// The operator to prefer, as its country and network code of 5 or 6 digits such as <c>26201</c>. Where it is not
    /// found, the module takes another one. Default <see langword="null"/>: the module chooses.
    /// </summary>
    public string? PreferredOperator { get; init; }

    /// <summary>
    /// The radio technology to register with. Default <see langword="null"/>: the module chooses. Many modules have
    /// commands of their own for it and refuse it here; that is logged, and the module then chooses.
    /// </summary>
    public AccessTechnology? AccessTechnology { get; init; }

    /// <summary>
    /// How long the card may take to be ready after a start. Above zero. Default 30 seconds, which cards have been seen
    /// to take.
    /// </summary>
    public TimeSpan SimTimeLimit { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// How long the search for a network may take. Above zero. Default 3 minutes; on narrow-band networks give it ten.
    /// </summary>
    public TimeSpan RegistrationTimeLimit { get; init; } = TimeSpan.FromMinutes(3);

    /// <summary>
    /// How long the registration may be gone before the modem acts, while its links are kept: the module searches by
    /// itself meanwhile. Above zero. Default 2 minutes.
    /// </summary>
    public TimeSpan RegistrationLossLimit { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>
    /// How often the signal is read by itself, for <see cref="CellularInterface.SignalChanged"/>. Above zero. Default
    /// <see langword="null"/>: never.
    /// </summary>
    public TimeSpan? SignalInterval { get; init; }

    /// <summary>What is no secret.</summary>
    public override string ToString() =>
        $"{nameof(CellularOptions)} {{ {nameof(Apn)} = {Apn}, {nameof(PreferredOperator)} = {PreferredOperator} }}";

    internal static void CheckPin(string pin, string name)
    {
        // The value itself is not quoted.
        if (pin.Length is < MinPinLength or > MaxPinLength || !pin.All(char.IsAsciiDigit))
        {
            throw new ArgumentException("A PIN has 4 to 8 digits.", name);
        }
    }

    internal static void CheckOperator(string code, string name)
    {
        if (code.Length is not (5 or 6) || !code.All(char.IsAsciiDigit))
        {
            throw new ArgumentException("The code of an operator has 5 or 6 digits.", name);
        }
    }

    internal void Validate()
    {
        if (Pin is not null)
        {
            CheckPin(Pin, nameof(Pin));
        }

        if (PreferredOperator is not null)
        {
            CheckOperator(PreferredOperator, nameof(PreferredOperator));
        }

        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(SimTimeLimit, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(RegistrationTimeLimit, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(RegistrationLossLimit, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(
            SignalInterval ?? TimeSpan.MaxValue, TimeSpan.Zero, nameof(SignalInterval));
    }
}
