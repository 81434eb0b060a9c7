using System.Globalization;
using ModemDriver.Simulation.Checks;
using ModemDriver.Simulator;

namespace ModemDriver.Simulation.Workload;

/// <summary>Services of a cellular module at once: short messages both ways, USSD, phonebook, calls.</summary>
internal static class ServiceAct
{
    private const string Menu = "*100#";

    // Each may wait behind the others, with the longest limit of a message's part.
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(20);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Glance = TimeSpan.FromSeconds(1);

    /// <summary>Uses them.</summary>
    public static async Task RunAsync(Stage stage, Random random)
    {
        if (!stage.Modem.Supports(ModemFeature.Sms))
        {
            return; // a module whose firmware has none of these services
        }

        MessageRouting routing = random.Next(2) == 0 ? MessageRouting.Stored : MessageRouting.Direct;
        List<string> coming = [.. Enumerable.Range(0, random.Next(8)).Select(_ => NewText(stage, random))];
        using var over = new CancellationTokenSource();
        Task receiving = ReceiveAsync(stage, routing, over.Token);
        Task<bool[]> others = Task.WhenAll(
            SendAsync(stage, new Random(random.Next())),
            AskAsync(stage, new Random(random.Next())),
            FileAsync(stage, new Random(random.Next())),
            CallAsync(stage, new Random(random.Next())));
        foreach (string text in coming)
        {
            await stage.DelayAsync(TimeSpan.FromMilliseconds(random.Next(4000)));
            stage.Messages.Add(text, 0);
            stage.World.Mobile.Messages.Send("+4915550001", stage.Card.Number, text);
        }

        await others;
        for (TimeSpan waited = TimeSpan.Zero; waited < Patience && coming.Exists(text => stage.Messages[text] == 0); waited += Glance)
        {
            await stage.DelayAsync(Glance);
        }

        over.Cancel(); // on this thread: whoever listens goes on in this run
        await receiving;
        int missing = coming.Count(text => stage.Messages[text] == 0);
        if (missing > 0 && stage.Plan.Faults.Count == 0 && !stage.IsDisposed)
        {
            stage.Ledger.Violated(Promise.Bytes, string.Create(
                CultureInfo.InvariantCulture, $"{missing} of {coming.Count} messages have not come, and nothing went wrong"));
        }
    }

    private static async Task ReceiveAsync(Stage stage, MessageRouting routing, CancellationToken over)
    {
        // One that was interrupted by a fault is begun anew, as a program would.
        for (int i = 0; i < 20 && !over.IsCancellationRequested && !stage.IsDisposed; i++)
        {
            await stage.Calls.TryAsync(
                "Messages.Receive",
                TimeSpan.FromHours(3),
                async token =>
                {
                    // What ends it here is the act, not the caller's token that the book of calls knows.
                    try
                    {
                        await foreach (ReceivedMessage message in
                            stage.Modem.Messages.ReceiveAsync(routing, cancellationToken: over))
                        {
                            Check(stage, message);
                        }
                    }
                    catch (OperationCanceledException) when (over.IsCancellationRequested)
                    {
                    }
                });
            await stage.DelayAsync(Glance);
        }
    }

    private static void Check(Stage stage, ReceivedMessage message)
    {
        if (message.MissingParts > 0 || message.Text is not { } text || !stage.Messages.TryGetValue(text, out int times))
        {
            Wrong(stage, $"a message was received that nobody has sent: {message.Text ?? "octets"}");
            return;
        }

        stage.Messages[text] = times + 1;
        stage.Ledger.Count("messages received");
        if (times == 0)
        {
            stage.Ledger.BytesCarried += text.Length;
        }
        else if (stage.Plan.Faults.Count > 0 || stage.IsDisposed)
        {
            stage.Ledger.Count("excused: a message came again, since a fault kept it from being deleted");
        }
        else
        {
            stage.Ledger.Violated(Promise.Bytes, "a message came twice, and nothing went wrong");
        }
    }

    private static async Task<bool> SendAsync(Stage stage, Random random)
    {
        for (int i = random.Next(5); i > 0 && !stage.IsDisposed; i--)
        {
            string text = NewText(stage, random);
            string to = string.Create(CultureInfo.InvariantCulture, $"+49177{++stage.LastName:000000}");
            TimeSpan? cancel = random.Next(6) == 0 ? TimeSpan.FromMilliseconds(random.Next(2000)) : null;
            Outcome<SentMessage> sent = await stage.Calls.TryAsync(
                "Messages.Send", Limit, token => stage.Modem.Messages.SendAsync(to, text, token), cancel, endsAtOnce: false);
            CarriedMessage[] parts = [.. stage.World.Mobile.Messages.Carried.Where(part => part.To == to).OrderBy(part => part.Part)];
            if (sent.IsDone && string.Concat(parts.Select(part => part.Text)) != text)
            {
                Wrong(stage, string.Create(CultureInfo.InvariantCulture, $"a message was sent, and {parts.Length} parts of another one arrived"));
            }
            else if (parts.Select(part => part.Part).Distinct().Count() != parts.Length)
            {
                stage.Ledger.Violated(Promise.Bytes, "a part of a message was sent twice");
            }
        }

        return true;
    }

    private static async Task<bool> AskAsync(Stage stage, Random random)
    {
        for (int i = random.Next(4); i > 0 && !stage.IsDisposed; i--)
        {
            // In the characters of ASCII, which are the module's set: others come as question marks, from the module.
            string text = string.Create(CultureInfo.InvariantCulture, $"menu {++stage.LastName}\n1 up\n2 {random.Next()}");
            stage.World.Mobile.SetService(Menu, new UssdMenu(text));
            TimeSpan? cancel = random.Next(6) == 0 ? TimeSpan.FromMilliseconds(random.Next(2000)) : null;
            Outcome<UssdReply> reply = await stage.Calls.TryAsync(
                "Ussd.Send", Limit, token => stage.Modem.Ussd.SendAsync(Menu, token), cancel, endsAtOnce: false);
            if (reply.Value is { Text: { } told } && told != text)
            {
                Wrong(stage, $"the network has said {text.ReplaceLineEndings("\\n")}, and the answer was {told.ReplaceLineEndings("\\n")}");
            }
        }

        return true;
    }

    private static async Task<bool> FileAsync(Stage stage, Random random)
    {
        for (int i = random.Next(3); i > 0 && !stage.IsDisposed; i--)
        {
            string name = string.Create(CultureInfo.InvariantCulture, $"N{++stage.LastName}");
            string number = string.Create(CultureInfo.InvariantCulture, $"+49{random.Next(1, 1_000_000)}");
            Outcome<bool> written = await stage.Calls.TryAsync(
                "Phonebook.Write", Limit, token => stage.Modem.Phonebook.WriteAsync(number, name, cancellationToken: token));
            Outcome<IReadOnlyList<PhonebookEntry>> found = await stage.Calls.TryAsync(
                "Phonebook.Find", Limit, token => stage.Modem.Phonebook.FindAsync(name, token));
            if (written.IsDone && found.Value is { } entries && !entries.Any(entry => (entry.Name, entry.Number) == (name, number)))
            {
                Wrong(stage, $"{name} was written into the phonebook, and is not found");
            }
        }

        return true;
    }

    private static async Task<bool> CallAsync(Stage stage, Random random)
    {
        for (int i = random.Next(2); i > 0 && !stage.IsDisposed && stage.Modem.Supports(ModemFeature.VoiceCalls); i--)
        {
            Outcome<bool> dialled = await stage.Calls.TryAsync(
                "Calls.Dial", Limit, token => stage.Modem.Calls.DialAsync("+4915550002", token));
            Outcome<IReadOnlyList<VoiceCall>> listed = await stage.Calls.TryAsync(
                "Calls.List", Limit, token => stage.Modem.Calls.ListAsync(token));
            if (dialled.IsDone && listed.Value is { Count: 0 } && stage.Plan.Faults.Count == 0 && !stage.IsDisposed)
            {
                stage.Ledger.Violated(Promise.Truth, "a number was dialled, and there is no call");
            }

            await stage.Calls.TryAsync("Calls.HangUp", Limit, token => stage.Modem.Calls.HangUpAsync(token));
        }

        return true;
    }

    private static void Wrong(Stage stage, string what)
    {
        if (stage.Noises > 0)
        {
            stage.Ledger.Count("excused: characters changed on the wire");
        }
        else
        {
            stage.Ledger.Violated(Promise.Answers, what);
        }
    }

    // Its first characters say which it is; the others are of the alphabet, beyond it, or outside of the basic plane.
    private static string NewText(Stage stage, Random random)
    {
        string[] pieces = random.Next(3) switch
        {
            0 => ["a", "Z", "@", "$", " ", "\n", "ß"],
            1 => ["x", "[", "€", "^", "~", "é"],
            _ => ["ж", "中", "😀", "1"],
        };
        int length = random.Next(4) == 0 ? random.Next(400) : random.Next(50);
        return string.Create(CultureInfo.InvariantCulture, $"m{++stage.LastName} ")
            + string.Concat(Enumerable.Range(0, length).Select(_ => pieces[random.Next(pieces.Length)]));
    }
}
