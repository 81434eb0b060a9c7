using ModemDriver.Protocol;

namespace ModemDriver.Cellular;

/// <summary>What the answer to the question for the card says, refusals included.</summary>
internal static class SimAnswer
{
    /// <summary>The state of the card, from what was said and how the answer ended.</summary>
    public static SimState Of(SimState said, in FinalResult result)
    {
        if (said != SimState.Unknown)
        {
            return said;
        }

        return CmeError.Read(result.Text)?.Reason switch
        {
            CmeReason.SimNotInserted => SimState.NotInserted,
            CmeReason.SimPinRequired => SimState.PinRequired,
            CmeReason.SimPukRequired => SimState.PukRequired,
            CmeReason.SimFailure => SimState.Failed,
            CmeReason.Busy => SimState.Busy,
            CmeReason.OtherLock => SimState.DeviceLocked,
            _ => SimState.Unknown,
        };
    }
}
