using System.Text;
using ModemDriver.Simulator;

namespace ModemDriver.EndToEnd.Tests.Cellular;

/// <summary>Two modules in one world that send each other short messages.</summary>
public sealed class ShortMessageExchangeTests
{
    private const int Each = 500;
    private const int LongestText = 1000;

    private static readonly string[] Numbers = ["+8613900001111", "+8613900002222"];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("air780", MessageRouting.Stored)]
    [InlineData("air820", MessageRouting.Direct)]
    public async Task A_thousand_texts_arrive_equal_and_none_twice(string personality, MessageRouting routing)
    {
        MobileWorld world = new() { Messages = new MessageCentre(3) { ShufflesParts = true } };
        world.AddOperator(new MobileOperator { Code = "46000", LongName = "CHINA MOBILE", ShortName = "CMCC" });
        world.AddCell(new MobileCell { Operator = "46000" });
        await using Rig one = await RegisteredAsync(personality, world, Numbers[0]);
        await using Rig other = await RegisteredAsync(personality, world, Numbers[1]);
        string[][] texts = [NewTexts(11), NewTexts(12)];

        Task<List<string>>[] received =
        [
            ReceiveAsync(one.Modem, routing, Numbers[1]),
            ReceiveAsync(other.Modem, routing, Numbers[0]),
        ];
        await Task.WhenAll(
            SendAsync(one.Modem, Numbers[1], texts[0]),
            SendAsync(other.Modem, Numbers[0], texts[1]));

        Assert.Equal(texts[1].Order(StringComparer.Ordinal), (await received[0]).Order(StringComparer.Ordinal));
        Assert.Equal(texts[0].Order(StringComparer.Ordinal), (await received[1]).Order(StringComparer.Ordinal));
    }

    private static async Task<Rig> RegisteredAsync(string personality, MobileWorld world, string number)
    {
        Rig rig = await Rig.OpenAsync(
            personality,
            simulate: options => options with
            {
                Unpaced = true,
                SimCard = new SimCard { Number = number },
                World = new SimulatedWorld { Mobile = world },
            },
            goOnline: false);
        await rig.Modem.Cellular.RegisterAsync(Token).Within(Token);
        return rig;
    }

    private static async Task SendAsync(Modem modem, string to, string[] texts)
    {
        foreach (string text in texts)
        {
            await modem.Messages.SendAsync(to, text, Token).Within(Token);
        }
    }

    // One more than were sent would be one that came twice: it is waited for as well, as long as the last copies can be on
    // their way.
    private static async Task<List<string>> ReceiveAsync(Modem modem, MessageRouting routing, string sender)
    {
        List<string> came = [];
        using var over = CancellationTokenSource.CreateLinkedTokenSource(Token);
        try
        {
            await foreach (ReceivedMessage message in modem.Messages.ReceiveAsync(routing, cancellationToken: over.Token))
            {
                Assert.Equal((sender, 0), (message.Sender, message.MissingParts));
                came.Add(message.Text ?? "none");
                if (came.Count == Each)
                {
                    over.CancelAfter(TimeSpan.FromSeconds(1));
                }
            }
        }
        catch (OperationCanceledException) when (came.Count >= Each)
        {
            Token.ThrowIfCancellationRequested();
        }

        return came;
    }

    // Any Unicode text: letters of all scripts, signs of the extension table, emoji that take two UTF-16 units.
    private static string[] NewTexts(int seed)
    {
        Random random = new(seed);
        return [.. Enumerable.Range(0, Each).Select(i => NewText(random, i))];
    }

    private static string NewText(Random random, int number)
    {
        int length = random.Next(1, LongestText + 1);
        int kind = random.Next(4);
        StringBuilder text = new($"{number} ");
        while (text.Length < length)
        {
            text.Append(kind switch
            {
                0 => ((char)random.Next(' ', '~' + 1)).ToString(),
                1 => "€[]{}\\~^|aäÖß"[random.Next(13)].ToString(),
                2 => char.ConvertFromUtf32(random.Next(0x1F300, 0x1F600)),
                _ => NewLetter(random),
            });
        }

        return text.ToString();
    }

    private static string NewLetter(Random random)
    {
        while (true)
        {
            int code = random.Next(0x20, 0x110000);
            if (Rune.IsValid(code))
            {
                return char.ConvertFromUtf32(code);
            }
        }
    }
}
