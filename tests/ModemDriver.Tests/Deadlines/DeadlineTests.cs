using System.Reflection;
using ModemDriver.Transport;

namespace ModemDriver.Tests.Deadlines;

/// <summary>Every public call ends by its limit, with the exception that it documents, though the module is mute.</summary>
public sealed class DeadlineTests
{
    private static readonly Dictionary<string, DeadlineRow> Own = new()
    {
        ["Modem.OpenAsync(TransportFactory, ModemOptions)"] = DeadlineRow.Fails<ModuleSilentException>(
            60, rig => Modem.OpenAsync(rig.Factory, rig.Options)),
        ["Modem.OpenAsync(Stream, ModemOptions)"] = DeadlineRow.Fails<ModuleSilentException>(
            60, rig => Modem.OpenAsync(new SilentStream(), rig.Options)),
        ["Modem.SendAsync(String, Nullable`1)"] = DeadlineRow.Fails<CommandTimeoutException>(
            12, rig => rig.Modem.SendAsync("AT+X", TimeSpan.FromSeconds(12))),
        ["Modem.ReadLinksAsync()"] = DeadlineRow.EndsWell(0, rig => rig.Modem.ReadLinksAsync()),
        ["Modem.ConnectAsync(String, Int32)"] = DeadlineRow.Fails<LinkException>(
            60, rig => rig.Modem.ConnectAsync("10.0.0.1", 80)),
        ["Modem.ConnectAsync(LinkRequest)"] = DeadlineRow.Fails<LinkException>(
            7, rig => rig.Modem.ConnectAsync(new LinkRequest("10.0.0.1", 80) { TimeLimit = TimeSpan.FromSeconds(7) })),
        ["Modem.ConnectFtpAsync(FtpOptions)"] = DeadlineRow.Fails<LinkException>(
            60, rig => rig.Modem.ConnectFtpAsync(new FtpOptions("10.0.0.1"))),
        ["Modem.ConnectModuleMqttAsync(ModuleMqttOptions)"] = DeadlineRow.Fails<CommandTimeoutException>(
            10, rig => rig.Modem.ConnectModuleMqttAsync(new ModuleMqttOptions("10.0.0.1", "client"))),
        ["Modem.OpenUdpAsync(UdpRequest)"] = DeadlineRow.Fails<LinkException>(
            2, rig => rig.Modem.OpenUdpAsync(new UdpRequest("10.0.0.1", 5000))) with { ReceiveMode = ReceiveMode.Push },
        ["Modem.ListenAsync(Int32)"] = DeadlineRow.Fails<CommandTimeoutException>(
            3, rig => rig.Modem.ListenAsync(80)),
        ["Modem.ListenAsync(ListenRequest)"] = DeadlineRow.Fails<CommandTimeoutException>(
            3, rig => rig.Modem.ListenAsync(new ListenRequest(80))),
        ["Modem.SetConnectionModeAsync(ConnectionMode)"] = DeadlineRow.Fails<CommandTimeoutException>(
            5, rig => rig.Modem.SetConnectionModeAsync(ConnectionMode.Single)),
        ["Modem.OpenTransparentAsync(String, Int32)"] = DeadlineRow.Fails<CommandTimeoutException>(
            30, rig => rig.Modem.OpenTransparentAsync("10.0.0.1", 80)),
        ["Modem.OpenTransparentAsync(TransparentRequest)"] = DeadlineRow.Fails<CommandTimeoutException>(
            30, rig => rig.Modem.OpenTransparentAsync(new TransparentRequest("10.0.0.1", 80))),
        ["Modem.SaveTransparentLinkAsync(TransparentRequest)"] = DeadlineRow.Fails<CommandTimeoutException>(
            10, rig => rig.Modem.SaveTransparentLinkAsync(new TransparentRequest("10.0.0.1", 80))),
        ["Modem.ClearSavedTransparentLinkAsync()"] = DeadlineRow.Fails<CommandTimeoutException>(
            10, rig => rig.Modem.ClearSavedTransparentLinkAsync()),
        ["Modem.GoOnlineAsync()"] = DeadlineRow.Fails<CommandTimeoutException>(
            30, rig => rig.Modem.GoOnlineAsync()) with { IsOnline = false },
        ["Modem.ResolveAsync(String)"] = DeadlineRow.Fails<CommandTimeoutException>(
            20, rig => rig.Modem.ResolveAsync("example.com")),
        ["Modem.ResetModuleAsync()"] = DeadlineRow.Fails<CommandTimeoutException>(
            5, rig => rig.Modem.ResetModuleAsync()),
        ["Modem.WaitForStateAsync(ModemState, Nullable`1)"] = DeadlineRow.Fails<TimeoutException>(
            8, rig => rig.Modem.WaitForStateAsync(ModemState.Faulted, TimeSpan.FromSeconds(8))),
        ["Modem.DisposeAsync()"] = DeadlineRow.EndsWell(15, rig => rig.Modem.DisposeAsync().AsTask()),
    };

    internal static readonly Dictionary<string, DeadlineRow> Table =
        new(Own.Concat(WiFiDeadlines.Rows).Concat(CellularDeadlines.Rows).Concat(ServiceDeadlines.Rows));

    // Opens what it names, which here would be a device; below.
    private const string OpensADevice = "Modem.OpenAsync(String, ModemOptions)";

    public static TheoryData<string, bool> Members
    {
        get
        {
            var rows = new TheoryData<string, bool>();
            foreach (string member in Table.Keys)
            {
                rows.Add(member, false);
                rows.Add(member, true);
            }

            return rows;
        }
    }

    [Theory]
    [MemberData(nameof(Members))]
    public async Task A_call_to_a_mute_module_ends_by_its_limit(string member, bool isLuat)
    {
        DeadlineRow row = RowOf(member, isLuat);
        MuteRig rig = await MuteRig.ForAsync(row);
        rig.Mute();

        Task call = rig.Start(() => row.Call(rig));
        await rig.PassUntilAsync(call, row.Limit);

        Assert.True(call.IsCompleted, $"{member} goes on after {row.Limit}");
        Assert.Equal(row.Failure, call.Exception?.InnerException?.GetType());
    }

    [Theory]
    [MemberData(nameof(Members))]
    public async Task A_call_behind_one_that_is_not_answered_ends_too(string member, bool isLuat)
    {
        DeadlineRow row = RowOf(member, isLuat);
        MuteRig rig = await MuteRig.ForAsync(row);
        rig.Mute();
        Task first = rig.Start(() => rig.Modem.SendAsync("AT+FIRST", TimeSpan.FromSeconds(20)));

        // The first is given up after its limit, its late answer and the probes after it: then the channel is broken.
        Task call = rig.Start(() => row.Call(rig));
        await rig.PassUntilAsync(call, row.Limit + TimeSpan.FromMinutes(1));

        Assert.True(call.IsCompleted, $"{member} goes on");
        Assert.True(call.Exception?.InnerException is null or ModemException or TimeoutException or NotSupportedException, $"{call.Exception}");
        await rig.PassUntilAsync(first, TimeSpan.FromMinutes(1));
        Assert.True(first.IsFaulted);
    }

    [Fact]
    public void No_call_is_missing_in_the_table()
    {
        Type[] types =
        [
            typeof(Modem),
            .. typeof(Modem).GetProperties().Select(property => property.PropertyType)
                .Where(type => type.Assembly == typeof(Modem).Assembly && type.IsClass),
        ];
        IEnumerable<string> members = types
            .SelectMany(type => type.GetMethods(
                BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly))
            .Where(method => IsAwaitable(method.ReturnType))
            .Select(Name);

        Assert.Equal(members.Order(StringComparer.Ordinal), Table.Keys.Append(OpensADevice).Order(StringComparer.Ordinal));
    }

    private static DeadlineRow RowOf(string member, bool isLuat) =>
        isLuat ? LuatDeadlines.RowOf(member, Table[member]) : Table[member];

    [Fact]
    public async Task A_device_that_is_not_there_is_told_at_once() =>
        await Assert.ThrowsAsync<TransportException>(() => Modem
            .OpenAsync("/dev/modemdriver-none", cancellationToken: TestContext.Current.CancellationToken)
            .WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken));

    private static bool IsAwaitable(Type type) =>
        typeof(Task).IsAssignableFrom(type) || type == typeof(ValueTask)
        || (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(ValueTask<>));

    private static string Name(MethodInfo method)
    {
        IEnumerable<string> parameters = method.GetParameters()
            .Select(parameter => parameter.ParameterType)
            .Where(type => type != typeof(CancellationToken))
            .Select(type => type.Name);
        return $"{method.DeclaringType!.Name}.{method.Name}({string.Join(", ", parameters)})"; // a method has one
    }
}
