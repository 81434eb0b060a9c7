using System.Text;
using ModemDriver.Messaging;

namespace ModemDriver.Tests.Messaging;

/// <summary>What holds for every text, and for every row of octets.</summary>
public sealed class PduPropertyTests
{
    private const string Gsm = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCXYZÄÖÑÜ§¿abcxyzäöñüà\f^{}\\[~]|€";

    [Fact]
    public void EncodeThenDecodeIsTheIdentity()
    {
        var random = new Random(20260131);
        for (var i = 0; i < 10_000; i++)
        {
            var text = NewText(random, random.Next(1, i % 50 == 0 ? 1000 : 120));
            var isWide = random.Next(2) == 0;
            var parts = MessageSplitter.Split(text, null, null, random.Next(isWide ? 65536 : 256), isWide)!;
            var collector = new PartCollector(TimeProvider.System, TimeSpan.FromHours(1));
            IReadOnlyList<MessageParts> done = [];
            foreach (var part in parts.OrderBy(_ => random.Next()))
            {
                Assert.Empty(done);
                var octets = new SubmitPdu(null, "+491701234567", part).ToOctets(out var length);
                Assert.True(length <= 164, $"a TPDU of {length} octets");
                var read = Assert.IsType<SubmitPdu>(MessagePdu.Read(octets)).Data;
                AssertNoPairIsSplit(read);
                done = collector.Add(new(new DeliverPdu(null, "+1", null, 0, read), null), out _);
            }

            Assert.Equal(text, Assert.Single(done).Text);
        }
    }

    [Fact]
    public void AnyOctetsAreAMessageOrTheTypedException()
    {
        var random = new Random(4711);
        byte[][] seeds =
        [
            Convert.FromHexString("07912160130320F8040B912120550521F300006210133295038005C8329BFD06"),
            Convert.FromHexString("07912160130320F8440DD0CC7A98EE4ABF01000062101332950380090500032A0202DE6B"),
            Convert.FromHexString("07912160130320F806170B912120550521F3621013329503806210133295538000"),
            Convert.FromHexString("0011000B916407281553F80000AA0AE8329BFD4697D9EC37"),
            Convert.FromHexString("0059000B916407281553F80008210133295038800C0605040B8423F04F60597D0041"),
        ];
        var refused = 0;
        for (var i = 0; i < 50_000; i++)
        {
            byte[] octets;
            if (i % 4 == 0)
            {
                octets = new byte[random.Next(0, 200)];
                random.NextBytes(octets);
            }
            else
            {
                octets = [.. seeds[random.Next(seeds.Length)]];
                octets[random.Next(octets.Length)] = (byte)random.Next(256);
                octets = octets[..random.Next(octets.Length / 2, octets.Length + 1)];
            }

            try
            {
                var pdu = MessagePdu.Read(octets);
                if (pdu is DeliverPdu deliver)
                {
                    _ = new MessageParts([new(deliver, null)], 1, []).Text;
                }
            }
            catch (PduException)
            {
                refused++;
            }
        }

        Assert.InRange(refused, 5_000, 49_000);
    }

    [Fact]
    public void EveryCutOfAMessageIsRefused()
    {
        var whole = Convert.FromHexString("07912160130320F8040B912120550521F300006210133295038005C8329BFD06");
        for (var length = 0; length < whole.Length; length++)
        {
            Assert.Throws<PduException>(() => MessagePdu.Read(whole.AsSpan(0, length)));
        }
    }

    [Theory]
    [InlineData("0")]
    [InlineData("0G")]
    [InlineData("07 91")]
    [InlineData("é0")]
    public void WhatIsNotHexadecimalIsRefused(string digits) =>
        Assert.Throws<PduException>(() => PduReader.FromHex(Encoding.UTF8.GetBytes(digits)));

    [Fact]
    public void ARowOfDigitsWithoutEndIsRefused() =>
        Assert.Throws<PduException>(() => PduReader.FromHex(Encoding.ASCII.GetBytes(new string('0', 100_000))));

    private static string NewText(Random random, int length)
    {
        var text = new StringBuilder();
        var kind = random.Next(4);
        while (text.Length < length)
        {
            _ = kind switch
            {
                0 => text.Append(Gsm[random.Next(Gsm.Length)]),
                1 => text.Append((char)random.Next(0x10000)), // also half a pair
                2 => text.Append(char.ConvertFromUtf32(random.Next(0x10000, 0x110000))),
                _ => random.Next(3) == 0
                    ? text.Append(char.ConvertFromUtf32(random.Next(0x1F300, 0x1F700)))
                    : text.Append(Gsm[random.Next(Gsm.Length)]),
            };
        }

        return text.ToString();
    }

    private static void AssertNoPairIsSplit(UserData data)
    {
        if (data.Header.Part is not { } part || part.Number == part.Total)
        {
            return;
        }

        if (data.Coding.Alphabet == MessageAlphabet.Gsm)
        {
            Assert.NotEqual(GsmAlphabet.Escape, data.Units[^1]);
        }
        else
        {
            // The text of a test may hold half a pair of its own; a whole one is not cut between parts of one length.
            Assert.Equal(0, data.Units.Length % 2);
        }
    }
}
