using System.Collections.Concurrent;
using System.Text;
using CsCheck;
using ModemDriver.Simulator;

namespace ModemDriver.EndToEnd.Tests.Fuzz;

/// <summary>
/// Any text through a parameter: the module, which reads lines with code of its own, has it as it was given; or it is refused
/// before a byte is sent. It never ends its command, and never begins another.
/// </summary>
public sealed class EncoderTests
{
    private const int Samples = 150;

    // What has a meaning somewhere between a string and a module, beside all that has none.
    private static readonly Gen<string> Piece = Gen.OneOf(
        Gen.OneOf(
            "\"", "\\", ",", "\r", "\n", "\r\nAT+RST\r\n", "\",\"", "\\\"", "\\,", "\\22", "\\r\\n", ";", ";+CFUN=1,1", "\u001a", "\u001b", "\0",
            "+++", "A/", "AT", " ", "\t", "\u007f", "\u0085", "\u00e9", "\u4e2d", "\ud83d\ude00", "\ud83d", "\ude00", "\u2028", "\ufeff", "%0d", "="),
        Gen.Char.AlphaNumeric.Array[1, 4].Select(text => new string(text)),
        Gen.Char.Array[1, 2].Select(text => new string(text)));

    private static readonly Gen<string> Text = Piece.Array[1, 5].Select(string.Concat);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("esp-at-1.7")]
    [InlineData("esp-at")]
    [InlineData("esp-at-esp32")]
    public async Task A_network_is_joined_whatever_its_name_and_password(string personality)
    {
        var heard = new ConcurrentQueue<string>();
        var world = new SimulatedWorld();
        await using Rig rig = await Rig.OpenAsync(
            personality, simulate: options => options with { World = world, Trace = heard.Enqueue }, goOnline: false);
        int arrived = 0, refused = 0;

        await Gen.Select(Text, Text).SampleAsync(
            async (name, secret) =>
            {
                // A number in front, so that no two networks have the same name.
                string ssid = $"{arrived + refused}{name}", password = "password" + secret;
                if (OnTheWire(ssid).Length <= 32)
                {
                    world.AddAccessPoint(new AccessPoint
                    {
                        Ssid = OnTheWire(ssid),
                        Password = OnTheWire(password),
                        Bssid = $"02:00:00:00:01:{arrived + refused:x2}",
                    });
                }

                if (!await TakesAsync(heard, () => rig.Modem.WiFi.JoinAsync(new WiFiOptions(ssid, password), Token)))
                {
                    refused++;
                    return;
                }

                Assert.Equal(ssid, (await rig.Modem.WiFi.ReadAccessPointAsync(Token).Within(Token))?.Ssid);
                arrived++;
            },
            iter: Samples,
            threads: 1);

        Assert.True(arrived > Samples / 10 && refused > Samples / 10, $"{arrived} arrived, {refused} were refused");
    }

    [Theory]
    [InlineData("esp-at-1.7")]
    [InlineData("esp-at")]
    [InlineData("air820")]
    [InlineData("air780")]
    public async Task A_link_leads_to_the_host_of_any_name(string personality)
    {
        var heard = new ConcurrentQueue<string>();
        await using Rig rig = await Rig.OpenAsync(
            personality, simulate: options => options with { Trace = heard.Enqueue });
        int arrived = 0, refused = 0;

        await Text.SampleAsync(
            async host =>
            {
                rig.Network.AddName(OnTheWire(host), Rig.Host);
                LinkStream? link = null;
                if (await TakesAsync(heard, async () => link = await rig.Modem.ConnectAsync(host, 7, Token)))
                {
                    await link!.DisposeAsync().Within(Token); // it was set by the call that went well
                    arrived++;
                    return;
                }

                refused++;
            },
            iter: Samples,
            threads: 1);

        Assert.True(arrived > Samples / 10 && refused > Samples / 10, $"{arrived} arrived, {refused} were refused");
    }

    [Theory]
    [InlineData("air820")]
    [InlineData("air780")]
    public async Task The_user_of_an_access_point_name_arrives(string personality)
    {
        int arrived = 0, refused = 0;

        await Gen.Select(Text, Text).Where(both => both.Item1.Length <= 10 && both.Item2.Length <= 10).SampleAsync(
            async (user, password) =>
            {
                var heard = new ConcurrentQueue<string>();
                var apn = new ApnOptions("internet") { UserName = user, Password = password };
                await using Rig rig = await Rig.OpenAsync(
                    personality,
                    drive: options => options with { Cellular = new CellularOptions { Apn = apn } },
                    simulate: options => options with { Trace = heard.Enqueue },
                    goOnline: false);
                try
                {
                    await rig.Modem.GoOnlineAsync(Token).Within(Token);
                    CommandResponse access = await rig.Modem.SendAsync("AT+CSTT?", cancellationToken: Token).Within(Token);
                    Assert.Equal([$"+CSTT: internet,{OnTheWire(user)},{OnTheWire(password)}"], access.Lines);
                    arrived++;
                }
                catch (ArgumentException)
                {
                    Assert.DoesNotContain(heard, line => line.Contains("AT+CSTT=", StringComparison.Ordinal));
                    refused++;
                }
            },
            iter: Samples / 5,
            threads: 1);

        Assert.True(arrived > 0 && refused > 0, $"{arrived} arrived, {refused} were refused");
    }

    // Whether a call went well; false: its argument was refused, and the module has heard nothing.
    private static async Task<bool> TakesAsync(ConcurrentQueue<string> heard, Func<Task> call)
    {
        int before = heard.Count(line => line.StartsWith('>'));
        try
        {
            await call().Within(Token);
            return true;
        }
        catch (ArgumentException)
        {
            // Refused in time.
            Assert.Equal(before, heard.Count(line => line.StartsWith('>')));
            return false;
        }
    }

    // What no encoder can write has no form on the wire: nothing has this name.
    private static string OnTheWire(string text) =>
        Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)) == text ? AccessPoint.ToSsid(text) : "not to be encoded";
}
