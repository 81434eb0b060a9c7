using System.Globalization;
using ModemDriver.Messaging;

namespace ModemDriver.Tests.Messaging;

/// <summary>Messages as octets, by published and computed examples.</summary>
public sealed class PduTests
{
    [Theory]
    [InlineData("hello", "E8329BFD06")]
    [InlineData("hellohello", "E8329BFD4697D9EC37")]
    [InlineData("ABCDEFGH", "41E19058341E91")]
    [InlineData("1234567", "31D98C56B3DD00")]
    [InlineData("[€]", "1BDEA6BCF101")]
    [InlineData("Hi {x}", "C8346883C26F52")]
    [InlineData("*100#", "AA180C3602")]
    public void SeptetsArePacked(string text, string expected)
    {
        Assert.True(GsmAlphabet.TryEncode(text, out var septets));
        var packed = new byte[Septets.OctetsOf(septets.Length)];
        Septets.Pack(septets, 0, packed);
        Assert.Equal(expected, Convert.ToHexString(packed));
        Assert.Equal(text, GsmAlphabet.Decode(Septets.Unpack(packed, 0, septets.Length)));
    }

    [Theory]
    [InlineData("+12025550123", "Hello", null, false, null, "0001000B912120550521F3000005C8329BFD06", 18)]
    [InlineData("+12025550123", "Hello", 1440, true, null, "0031000B912120550521F30000A705C8329BFD06", 19)]
    [InlineData("+12025550123", "Flash", null, false, MessageClass.Flash, "0001000B912120550521F30010054676788E06", 18)]
    [InlineData("+12025550123", "Привет", 1440, false, null, "0011000B912120550521F30008A70C041F04400438043204350442", 26)]
    [InlineData("+12025550123", "你好😀", null, false, null, "0001000B912120550521F30008084F60597DD83DDE00", 21)]
    [InlineData("+46708251358", "hellohello", 5760, false, null, "0011000B916407281553F80000AA0AE8329BFD4697D9EC37", 23)]
    public void SubmitsAreTheKnownOnes(
        string to, string text, int? minutes, bool report, MessageClass? messageClass, string expected, int length)
    {
        var pdu = new SubmitPdu(null, to, MessageSplitter.Split(text, messageClass, null, 0, false)![0])
        {
            Validity = minutes is { } some ? TimeSpan.FromMinutes(some) : null,
            WantsReport = report,
        };
        Assert.Equal(expected, Convert.ToHexString(pdu.ToOctets(out var tpdu)));
        Assert.Equal(length, tpdu);
        var read = Assert.IsType<SubmitPdu>(MessagePdu.Read(Convert.FromHexString(expected)));
        Assert.Equal((to, pdu.Validity, report), (read.Recipient, read.Validity, read.WantsReport));
        Assert.Equal(text, UserData.TextOf(read.Data.Coding.Alphabet, read.Data.Units));
        Assert.Equal(messageClass, read.Data.Coding.Class);
    }

    [Fact]
    public void OctetsAreSentAsTheyAre()
    {
        var data = MessageSplitter.Split([0xDE, 0xAD, 0xBE, 0xEF], null, null, 0, false)![0];
        var octets = new SubmitPdu(null, "10086", data).ToOctets(out var length);
        Assert.Equal("00010005810180F6000404DEADBEEF", Convert.ToHexString(octets));
        Assert.Equal(14, length);
    }

    [Fact]
    public void APartBeginsOnABorderOfSeptets()
    {
        var digits = string.Concat(Enumerable.Range(0, 200).Select(i => (i % 10).ToString(CultureInfo.InvariantCulture)));
        var parts = MessageSplitter.Split(digits, null, null, 0x2A, false)!;
        Assert.Equal(2, parts.Count);
        Assert.Equal((153, 47), (parts[0].Units.Length, parts[1].Units.Length));
        Assert.Equal(
            "0041000B912120550521F30000360500032A020266B49AED86CBC162B219AD66BBE172B0986C46ABD96EB81C2C269BD16AB61B2E078BC966B49AED86CB01",
            Convert.ToHexString(new SubmitPdu(null, "+12025550123", parts[1]).ToOctets(out var length)));
        Assert.Equal(61, length);

        // "ok" behind six octets of header: one bit of fill.
        var written = new List<byte>();
        new UserData(default, new UserDataHeader(new(0x2A, 2, 2, false), null), GsmEncode("ok")).Write(written);
        Assert.Equal("090500032A0202DE6B", Convert.ToHexString([.. written]));
    }

    [Theory]
    [InlineData("07912160130320F8040B912120550521F300006210133295038005C8329BFD06",
        "+12063130028", "+12025550123", "2026-01-31T23:59:30+02:00", "Hello")]
    [InlineData("07912160130320F8040DD0CC7A98EE4ABF0100006210133295030A05C8329BFD06",
        "+12063130028", "Luat.io", "2026-01-31T23:59:30-05:00", "Hello")]
    [InlineData("0891683108100005F0040D91683119325476F8000862701080005023044F60597D",
        "+8613800100500", "+8613912345678", "2026-07-01T08:00:05+08:00", "你好")]
    [InlineData("0891683108200105F0240D91683161320162F300002180800134402304D7A2930A",
        "+8613800210500", "+8613162310263", "2012-08-08T10:43:04+08:00", "WENT")]
    public void DeliveriesAreRead(string hex, string centre, string from, string sentAt, string text)
    {
        var pdu = Assert.IsType<DeliverPdu>(MessagePdu.Read(PduReader.FromHex(System.Text.Encoding.ASCII.GetBytes(hex))));
        Assert.Equal((centre, from), (pdu.ServiceCentre, pdu.Sender));
        Assert.Equal(DateTimeOffset.Parse(sentAt, CultureInfo.InvariantCulture), pdu.SentAt);
        Assert.Equal(pdu.SentAt!.Value.Offset, DateTimeOffset.Parse(sentAt, CultureInfo.InvariantCulture).Offset);
        Assert.Equal(text, UserData.TextOf(pdu.Data.Coding.Alphabet, pdu.Data.Units));
        Assert.Equal(pdu, MessagePdu.Read(pdu.ToOctets(out _)) as DeliverPdu, SameFields);
    }

    [Theory]
    [InlineData("07912160130320F806170B912120550521F3621013329503806210133295538000", 0x17, 0x00)]
    [InlineData("07912160130320F806180B912120550521F3621013329503806220103295038046", 0x18, 0x46)]
    public void ReportsAreRead(string hex, int reference, int status)
    {
        var pdu = Assert.IsType<StatusReportPdu>(MessagePdu.Read(Convert.FromHexString(hex)));
        Assert.Equal((reference, status, "+12025550123"), (pdu.Reference, pdu.Status, pdu.Recipient));
        Assert.Equal(new DateTimeOffset(2026, 1, 31, 23, 59, 30, TimeSpan.FromHours(2)), pdu.SentAt);
        Assert.True(pdu.DoneAt > pdu.SentAt);
        Assert.Equal(hex, Convert.ToHexString(pdu.ToOctets(out _)));
    }

    [Theory]
    [InlineData(1, 0)]
    [InlineData(5, 0)]
    [InlineData(6, 1)]
    [InlineData(720, 143)]
    [InlineData(721, 144)]
    [InlineData(1440, 167)]
    [InlineData(1441, 168)]
    [InlineData(30 * 1440, 196)]
    [InlineData((30 * 1440) + 1, 197)]
    [InlineData(63 * 7 * 1440, 255)]
    [InlineData(100 * 7 * 1440, 255)]
    public void AValidityIsRoundedUp(int minutes, int octet) =>
        Assert.Equal(octet, RelativeTime.Write(TimeSpan.FromMinutes(minutes)));

    [Fact]
    public void EveryStepOfAValidityIsItself()
    {
        for (var octet = 0; octet <= 255; octet++)
        {
            Assert.Equal(octet, RelativeTime.Write(RelativeTime.Read((byte)octet)));
        }
    }

    [Fact]
    public void AnAbsoluteValidityKeepsItsZone()
    {
        var until = new DateTimeOffset(2026, 2, 3, 4, 5, 6, TimeSpan.FromHours(-5));
        var pdu = new SubmitPdu("+491", "*100#", MessageSplitter.Split("x", null, null, 0, false)![0]) { ValidUntil = until };
        var read = Assert.IsType<SubmitPdu>(MessagePdu.Read(pdu.ToOctets(out _)));
        Assert.Equal((until, until.Offset), (read.ValidUntil, read.ValidUntil!.Value.Offset));
        Assert.Equal(("+491", "*100#"), (read.ServiceCentre, read.Recipient));
    }

    [Fact]
    public void PortsGoWithTheParts()
    {
        var parts = MessageSplitter.Split(new byte[200], null, new MessagePorts(2948, 9200), 0x1234, true)!;
        Assert.Equal(2, parts.Count);
        foreach (var part in parts)
        {
            var octets = new SubmitPdu(null, "1", part).ToOctets(out var length);
            Assert.True(length <= 164);
            var read = Assert.IsType<SubmitPdu>(MessagePdu.Read(octets)).Data;
            Assert.Equal(new MessagePorts(2948, 9200), read.Header.Ports);
            Assert.Equal((0x1234, 2, true), (read.Header.Part!.Value.Reference, read.Header.Part.Value.Total, read.Header.Part.Value.IsWide));
        }
    }

    [Fact]
    public void MoreThan255PartsAreNone()
    {
        Assert.Equal(255, MessageSplitter.Split(new string('a', 255 * 153), null, null, 0, false)!.Count);
        Assert.Null(MessageSplitter.Split(new string('a', (255 * 153) + 1), null, null, 0, false));
    }

    private static bool SameFields(DeliverPdu? one, DeliverPdu? other) =>
        one is not null && other is not null
        && one with { Data = other.Data } == other
        && one.Data.Units.AsSpan().SequenceEqual(other.Data.Units);

    private static byte[] GsmEncode(string text)
    {
        Assert.True(GsmAlphabet.TryEncode(text, out var septets));
        return septets;
    }
}
