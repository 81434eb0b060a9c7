using ModemDriver.Tests.Quirks;

namespace ModemDriver.Tests.Cellular;

/// <summary>What dialogues with a cellular module of an unknown vendor have in common.</summary>
internal static class CellularScenes
{
    public const string Ready = "\r\n+CPIN: READY\r\n\r\nOK\r\n";
    public const string Home = "\r\n+CEREG: 2,1,\"1F00\",\"079D903\",7\r\n\r\nOK\r\n";
    public const string Refused = "\r\n+CME ERROR: 3\r\n";

    /// <summary>A modem that has been opened.</summary>
    public static Dialogue Open(
        Split split,
        Func<CellularOptions, CellularOptions>? change = null,
        Func<ModemOptions, ModemOptions>? changeModem = null)
    {
        Dialogue d = new(split, options: options =>
        {
            ModemOptions changed = options with
            {
                WiFi = null,
                Cellular = change?.Invoke(options.Cellular) ?? options.Cellular,
            };
            return changeModem?.Invoke(changed) ?? changed;
        });
        d.Hear(string.Empty);
        d.Exchange("AT", "AT\r\r\nOK\r\n");
        d.Pass(0.1);
        d.Identify(echo: "ATE0\r\r\nOK\r\n");
        d.BringUpCellular();
        Assert.Equal(ModemState.Ready, d.Modem.State);
        return d;
    }

    /// <summary>A modem that is online.</summary>
    public static Dialogue Online(Split split, Func<CellularOptions, CellularOptions>? change = null)
    {
        Dialogue d = Open(split, change);
        Task online = d.Do(() => d.Modem.GoOnlineAsync());
        d.FindCard();
        d.Register();
        d.Activate();
        Assert.True(online.IsCompletedSuccessfully, $"{online.Exception}");
        d.EndsWith(ModemState.Online);
        return d;
    }

    /// <summary>The module says who it is: nobody that is known, but cellular.</summary>
    public static void Identify(this Dialogue d, string echo = "\r\nOK\r\n")
    {
        d.Exchange("ATE0", echo);
        d.Exchange("AT+GMR", "\r\nERROR\r\n");
        d.Exchange("AT+GMR", "\r\nERROR\r\n");
        d.OtherQuestions();
        d.Exchange("AT+CGMI", "\r\nExample Ltd\r\n\r\nOK\r\n");
        d.Exchange("AT+CGMI", "\r\nExample Ltd\r\n\r\nOK\r\n");
    }

    public static void BringUpCellular(this Dialogue d)
    {
        d.Exchange("AT+CGMM", "\r\nM1\r\n\r\nOK\r\n");
        d.Exchange("AT+CGMR", "\r\nRevision: R1\r\n\r\nOK\r\n");
        d.Exchange("AT+CMEE=1");
        d.Exchange("AT+CREG=2");
        d.Exchange("AT+CGREG=2");
        d.Exchange("AT+CEREG=2");
        d.Exchange("AT+CGEREP=2,1", Refused);
    }

    /// <summary>The radio is on, and the card can be used.</summary>
    public static void FindCard(this Dialogue d)
    {
        d.Exchange("AT+CFUN?", "\r\n+CFUN: 1\r\n\r\nOK\r\n");
        d.Exchange("AT+CPIN?", Ready);
    }

    /// <summary>The module is asked for its registration in each part of the network.</summary>
    public static void Register(this Dialogue d, string evolved = Home)
    {
        d.Exchange("AT+CEREG?", evolved);
        d.Exchange("AT+CGREG?", Refused);
        d.Exchange("AT+CREG?", "\r\n+CREG: 2,2\r\n\r\nOK\r\n");
    }

    /// <summary>The module is attached, and its context is made anew.</summary>
    public static void Activate(this Dialogue d)
    {
        d.Exchange("AT+CGATT?", "\r\n+CGATT: 1\r\n\r\nOK\r\n");
        d.Exchange("AT+CGACT=0,1", "\r\n+CME ERROR: 151\r\n");
        d.Exchange("AT+CGACT=1,1");
        d.Exchange("AT+CGPADDR=1", "\r\n+CGPADDR: 1,\"10.64.64.2\"\r\n\r\nOK\r\n");
    }

    // Another dialect asks its own question before.
    private static void OtherQuestions(this Dialogue d)
    {
        if (d.Wire.Heard?.StartsWith("ATI", StringComparison.Ordinal) == true)
        {
            d.Exchange("ATI", "\r\nExample M1\r\n\r\nOK\r\n");
            d.Exchange("ATI", "\r\nExample M1\r\n\r\nOK\r\n");
        }
    }
}
