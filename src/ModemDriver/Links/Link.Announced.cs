namespace ModemDriver.Links;

/// <content>What the module has said that it holds.</content>
internal sealed partial class Link
{
    /// <summary>How many bytes are believed to wait in the module.</summary>
    public int Waiting { get; set; }

    /// <summary>Whether the number of waiting bytes is to be asked when the line is quiet.</summary>
    public bool IsWaitingUnknown { get; set; }

    /// <summary>
    /// How many bytes the module has said to hold that were not fetched since: as many are there, or they are lost. A notice
    /// without a count says nothing: modules repeat it. With TLS of the module always 0, because what it announces then is
    /// not what can be fetched (esp-at issue 655).
    /// </summary>
    public int Announced { get; private set; }

    /// <summary>How many notices of waiting bytes have come.</summary>
    public int Notices { get; private set; }

    /// <summary>How many fetches in a row were refused though the bytes are still there.</summary>
    public int RefusedFetches { get; set; }

    /// <summary>The module has said of itself how much waits.</summary>
    /// <param name="count">How many bytes; -1 where it does not say how many.</param>
    /// <param name="mostAtOnce">What one fetch brings at most.</param>
    public void OnNotice(int count, int mostAtOnce)
    {
        // Without a count it is as much as one fetch brings; that says what is left.
        Waiting = count >= 0 ? count : Math.Max(Waiting, mostAtOnce);
        IsWaitingUnknown = false;
        Notices++;
        if (count >= 0 && Kind != LinkKind.Tls)
        {
            Announced = count;
        }
    }

    /// <summary>The module was asked how much waits. Bytes that came since were announced after its answer.</summary>
    public void OnAsked(int count)
    {
        Waiting = Math.Max(Waiting, count);
        if (Kind != LinkKind.Tls)
        {
            Announced = Math.Max(Announced, count);
        }
    }

    /// <summary>What is left after a fetch, until a notice says better.</summary>
    /// <param name="received">How many bytes came.</param>
    /// <param name="asked">How many were asked for.</param>
    /// <param name="left">How many are left, where the module says so.</param>
    public void OnFetched(int received, int asked, int? left = null)
    {
        RefusedFetches = 0;
        IsWaitingUnknown = true;
        if (left is { } count)
        {
            Waiting = count;
            Announced = count;
            return;
        }

        // A full answer says that there may be more than the last notice knew of. After the peer's close only an
        // empty answer is the end: no notice will come any more (ESP8266_NONOS_SDK issue 124).
        Waiting = received < asked && State != LinkState.PeerClosed ? 0 : Math.Max(Waiting - received, 1);
        Announced = received < asked ? 0 : Math.Max(Announced - received, 0);
    }

    /// <summary>The module has nothing for this link.</summary>
    public void OnNothingWaiting()
    {
        Waiting = 0;
        Announced = 0;
    }
}
