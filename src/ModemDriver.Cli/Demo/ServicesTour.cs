using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ModemDriver.Cli.Output;

namespace ModemDriver.Cli.Demo;

/// <summary>The steps of <c>modem demo --tour services</c>: what a cellular module does by itself, beside links.</summary>
internal sealed class ServicesTour(ToolContext context, DemoTarget target, ModemOptions options, bool quiet)
    : ModuleTour(context, target, options, quiet)
{
    private const int FileBytes = 64 * 1024;

    // What the smaller modules hold of one answer.
    private const int PageBytes = 3000;
    private const string Text = "From the tour: 3.20 m";

    private static readonly TimeSpan MessageLimit = TimeSpan.FromSeconds(60);

    protected override IEnumerable<DemoStep> Steps() =>
    [
        new("Short message", SendToItselfAsync),
        new("USSD", AskNetworkAsync),
        new("FTP on the module", TransferAsync),
        new("HTTP on the module", GetAsync),
        new("MQTT on the module", token => ModuleMqttStep.RunAsync(Modem, token)),
        new("Network card", SwitchCardAsync),
        new("Place", LocateAsync),
        new("Supply and time", ReadSupplyAndTimeAsync),
    ];

    private async Task<DemoOutcome> SendToItselfAsync(CancellationToken cancellationToken)
    {
        using var clock = new CancellationTokenSource(MessageLimit, Context.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(clock.Token, cancellationToken);
        await Modem.Messages.SendAsync(Target.OwnNumber, Text, cancellationToken).ConfigureAwait(false);
        await foreach (ReceivedMessage message in Modem.Messages.ReceiveAsync(cancellationToken: either.Token).ConfigureAwait(false))
        {
            return message.Text == Text
                ? new DemoOutcome($"'{SafeText.Show(message.Text)}' went to the module's own number, and came back")
                : throw new DemoFailedException($"Another message came: '{SafeText.Show(message.Text ?? "")}'.");
        }

        throw new DemoFailedException("No message came.");
    }

    private async Task<DemoOutcome> AskNetworkAsync(CancellationToken cancellationToken)
    {
        UssdReply menu = await Modem.Ussd.SendAsync("*100#", cancellationToken).ConfigureAwait(false);
        if (!menu.IsAnswerExpected)
        {
            throw new DemoFailedException($"The network has no menu: {menu}.");
        }

        UssdReply balance = await Modem.Ussd.SendAsync("1", cancellationToken).ConfigureAwait(false);
        return new DemoOutcome($"*100#, then 1: {SafeText.Show(balance.Text ?? "")}");
    }

    private async Task<DemoOutcome> TransferAsync(CancellationToken cancellationToken)
    {
        var server = new DemoFtpServer(IPAddress.Loopback);
        await using (server.ConfigureAwait(false))
        {
            byte[] content = RandomNumberGenerator.GetBytes(FileBytes);
            IFtpClient ftp = await Modem.ConnectFtpAsync(
                new FtpOptions(IPAddress.Loopback.ToString()) { Port = server.Port, User = "tour", Password = "tour", IsOnModule = true },
                cancellationToken).ConfigureAwait(false);
            await using (ftp.ConfigureAwait(false))
            {
                Stream target = await ftp.OpenWriteAsync("tour.bin", 0, cancellationToken).ConfigureAwait(false);
                await using (target.ConfigureAwait(false))
                {
                    await target.WriteAsync(content, cancellationToken).ConfigureAwait(false);
                }

                using var back = new MemoryStream();
                Stream source = await ftp.OpenReadAsync("tour.bin", 0, cancellationToken).ConfigureAwait(false);
                await using (source.ConfigureAwait(false))
                {
                    await source.CopyToAsync(back, cancellationToken).ConfigureAwait(false);
                }

                return server.Files["tour.bin"].AsSpan().SequenceEqual(content) && back.ToArray().AsSpan().SequenceEqual(content)
                    ? new DemoOutcome("a file was put and got by the module's own client, and is the same", 2L * FileBytes)
                    : throw new DemoFailedException("The file that came back is another one.");
            }
        }
    }

    private async Task<DemoOutcome> GetAsync(CancellationToken cancellationToken)
    {
        using X509Certificate2 certificate = DemoCertificate.Create(IPAddress.Loopback, Context.Time);
        DemoWebServer web = await DemoWebServer.StartAsync(IPAddress.Loopback, certificate, PageBytes, cancellationToken)
            .ConfigureAwait(false);
        await using (web.ConfigureAwait(false))
        {
            ModuleHttpResponse response = await Modem.Board.SendHttpAsync(
                new ModuleHttpRequest(string.Create(CultureInfo.InvariantCulture, $"http://{IPAddress.Loopback}:{web.HttpPort}/")),
                cancellationToken).ConfigureAwait(false);
            return response.Status == 200 && Convert.ToHexStringLower(SHA256.HashData(response.Body.Span)) == web.BodyDigest
                ? new DemoOutcome("a page was fetched by the module's own client, and is the same", response.Body.Length)
                : throw new DemoFailedException($"The server's answer is another one: {response}.");
        }
    }

    private async Task<DemoOutcome> SwitchCardAsync(CancellationToken cancellationToken)
    {
        if (!Modem.Supports(ModemFeature.NetworkCard))
        {
            return new DemoOutcome("this firmware has none, and says so");
        }

        NetworkCardStatus before = await Modem.Board.ReadNetworkCardAsync(cancellationToken).ConfigureAwait(false);
        await Modem.Board.SetNetworkCardAsync(!before.IsOn, cancellationToken: cancellationToken).ConfigureAwait(false);
        NetworkCardStatus after = await Modem.Board.ReadNetworkCardAsync(cancellationToken).ConfigureAwait(false);
        await Modem.Board.SetNetworkCardAsync(before.IsOn, cancellationToken: cancellationToken).ConfigureAwait(false);
        return after.IsOn != before.IsOn
            ? new DemoOutcome($"was {Word(before.IsOn)}, then {Word(after.IsOn)}, and is {Word(before.IsOn)} again")
            : throw new DemoFailedException("It was switched, and did not change.");
    }

    private async Task<DemoOutcome> LocateAsync(CancellationToken cancellationToken)
    {
        CellLocation place = await Modem.Board.LocateByCellAsync(cancellationToken).ConfigureAwait(false);
        return new DemoOutcome(string.Create(
            CultureInfo.InvariantCulture, $"{place.Latitude:0.0000}, {place.Longitude:0.0000} by the cells that it hears"));
    }

    private async Task<DemoOutcome> ReadSupplyAndTimeAsync(CancellationToken cancellationToken)
    {
        BatteryStatus? supply = await Modem.Board.ReadBatteryAsync(cancellationToken).ConfigureAwait(false);
        ModuleTime? clock = await Modem.Board.FetchTimeAsync(
            IPAddress.Loopback.ToString(), cancellationToken: cancellationToken).ConfigureAwait(false);
        if (supply?.Volts is not { } volts || clock?.Time is not { } time)
        {
            throw new DemoFailedException($"The supply reads {supply}, the clock {clock}.");
        }

        TimeSpan off = (time - Context.Time.GetUtcNow()).Duration();
        return off < TimeSpan.FromMinutes(5)
            ? new DemoOutcome(string.Create(CultureInfo.InvariantCulture, $"{volts:0.000} V; {time:yyyy-MM-dd HH:mm:ss} UTC by NTP"))
            : throw new DemoFailedException($"The module's time is {time:u}, {off} off.");
    }

    private static string Word(bool isOn) => isOn ? "on" : "off";
}
