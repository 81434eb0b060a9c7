using System.Net;

namespace ModemDriver.Tests.Deadlines;

/// <summary>By when each call for names, echoes and time ends when the module does not answer.</summary>
internal static class ServiceDeadlines
{
    private static readonly TimeSpan WaitLimit = TimeSpan.FromSeconds(20);

    public static IReadOnlyDictionary<string, DeadlineRow> Rows { get; } = new Dictionary<string, DeadlineRow>
    {
        ["Modem.PingAsync(String)"] = DeadlineRow.Fails<CommandTimeoutException>(
            20, rig => rig.Modem.PingAsync("example.com")),
        ["Modem.ReadNameServersAsync()"] = Fails(rig => rig.Modem.ReadNameServersAsync()),
        ["Modem.SetNameServersAsync(IReadOnlyList`1)"] =
            Fails(rig => rig.Modem.SetNameServersAsync([IPAddress.Loopback])),
        ["Modem.ReadTimeSourceAsync()"] = Fails(rig => rig.Modem.ReadTimeSourceAsync()),
        ["Modem.SetTimeSourceAsync(NetworkTimeOptions)"] =
            Fails(rig => rig.Modem.SetTimeSourceAsync(new NetworkTimeOptions())),
        ["Modem.ReadTimeAsync()"] = Fails(rig => rig.Modem.ReadTimeAsync()),
        ["Modem.RestoreFactoryAsync()"] = DeadlineRow.Fails<CommandTimeoutException>(
            12, rig => rig.Modem.RestoreFactoryAsync()),
        ["Modem.SetBitRateAsync(Int32)"] = DeadlineRow.Fails<FeatureNotSupportedException>(
            0, rig => rig.Modem.SetBitRateAsync(9600)),
        ["Modem.WaitForTimeAsync(Nullable`1)"] = Fails(rig => rig.Modem.WaitForTimeAsync(WaitLimit)),
    };

    private static DeadlineRow Fails(Func<MuteRig, Task> call) => DeadlineRow.Fails<CommandTimeoutException>(5, call);
}
