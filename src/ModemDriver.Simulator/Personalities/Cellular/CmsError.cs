namespace ModemDriver.Simulator.Personalities.Cellular;

/// <summary>Numbers of +CMS ERROR (3GPP TS 27.005 clause 3.2.5).</summary>
internal static class CmsError
{
    internal const int NotAllowed = 302;
    internal const int NotSupported = 303;
    internal const int WrongPdu = 304;
    internal const int WrongText = 305;
    internal const int NoCard = 310;
    internal const int PinNeeded = 311;
    internal const int CardFailure = 313;
    internal const int CardBusy = 314;
    internal const int PukNeeded = 316;
    internal const int WrongIndex = 321;
    internal const int Full = 322;
    internal const int NoCentre = 330;
    internal const int NoService = 331;
    internal const int NoAcknowledgement = 340;

    /// <summary>Why the card cannot be had.</summary>
    internal static int Of(CardState state) => state switch
    {
        CardState.Busy => CardBusy,
        CardState.WantsPin => PinNeeded,
        CardState.WantsPuk => PukNeeded,
        CardState.Dead => CardFailure,
        _ => NoCard,
    };
}
