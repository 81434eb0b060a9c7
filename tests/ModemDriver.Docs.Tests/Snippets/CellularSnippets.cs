namespace ModemDriver.Docs.Tests.Snippets;

/// <summary>docs/cellular.md and docs/signal.md.</summary>
internal static class CellularSnippets
{
    public static async Task GoOnlineAsync(string pin)
    {
        #region CellularOnline
        var options = new ModemOptions
        {
            Cellular = new CellularOptions { Apn = new ApnOptions("internet"), Pin = pin, AllowRoaming = false },
        };
        await using var modem = await Modem.OpenAsync("/dev/ttyUSB0", options);
        await modem.GoOnlineAsync();
        Console.WriteLine(await modem.Cellular.ReadAddressAsync());
        #endregion
    }

    public static async Task ReadSignalAsync(Modem modem)
    {
        #region Signal
        var signal = await modem.ReadSignalAsync();
        Console.WriteLine($"{signal.RsrpDbm} dBm, {signal.RsrqDb} dB, {signal.SinrDb} dB: {signal.Class} by {signal.DecidedBy}");
        #endregion
    }

    public static async Task AskNetworkAsync(Modem modem)
    {
        #region Ussd
        var reply = await modem.Ussd.SendAsync("*100#");
        while (reply.IsAnswerExpected)
        {
            Console.WriteLine(reply.Text);
            reply = await modem.Ussd.SendAsync(Console.ReadLine() ?? "0");
        }

        Console.WriteLine($"{reply.Text} ({reply.Status})");
        #endregion
    }

    public static async Task SendAndReceiveAsync(Modem modem, CancellationToken cancellationToken)
    {
        #region Sms
        var sent = await modem.Messages.SendAsync("+12025550123", "Water level 3.20 m", cancellationToken);
        Console.WriteLine($"sent in {sent.References.Count} part(s)");

        await foreach (var message in modem.Messages.ReceiveAsync(cancellationToken: cancellationToken))
        {
            Console.WriteLine($"{message.Sender}: {message.Text}"); // taken, and deleted from the module, at the next turn
        }
        #endregion
    }

    public static async Task CallAsync(Modem modem)
    {
        #region Calls
        modem.Calls.Ringing += (_, ring) => Console.WriteLine(ring.Number ?? "somebody");
        modem.Calls.Ended += (_, end) => Console.WriteLine(end);
        await modem.Calls.ListenAsync();

        await modem.Calls.DialAsync("+12025550123");
        var calls = await modem.Calls.ListAsync();
        await modem.Calls.SendTonesAsync("1#");
        await modem.Calls.HangUpAsync();
        #endregion
        _ = calls;
    }
}
