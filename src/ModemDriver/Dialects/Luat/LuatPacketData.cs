using System.Net;
using ModemDriver.Cellular;
using ModemDriver.Commands;
using ModemDriver.Framing;
using ModemDriver.Protocol;

namespace ModemDriver.Dialects.Luat;

/// <summary>
/// How the IP stack gets its address: <c>AT+CIPSHUT</c>, <c>AT+CSTT</c>, <c>AT+CIICR</c>, <c>AT+CIFSR</c>. The vendor's AT
/// manual, chapter TCP/IP.
/// </summary>
internal sealed class LuatPacketData(LuatIpStack stack) : IPacketDataCommands
{
    private static readonly TimeSpan QueryLimit = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan SettingLimit = TimeSpan.FromSeconds(5);

    // Other drivers wait for 2 to 15 s.
    private static readonly TimeSpan ShutLimit = TimeSpan.FromSeconds(20);

    // The manual's maximum is 90 s.
    private static readonly TimeSpan ActivateLimit = TimeSpan.FromSeconds(95);

    private static readonly ResultCode[] ShutCodes = [new("SHUT OK", ResultVerdict.Success)];
    private static readonly ResultCode[] AddressLines =
        [new("address", ResultVerdict.Success, static line => LuatFields.ToAddress(line) is not null)];

    private ApnOptions? _apn;

    /// <inheritdoc/>
    public void Choose(ApnOptions? apn) => _apn = apn;

    /// <inheritdoc/>
    public IReadOnlyList<AtCommand> Deactivate()
    {
        stack.IsWanted = false;
        return [Shut()];
    }

    // The address is asked for as a step of its own: links can be opened only after it was.
    /// <inheritdoc/>
    public IReadOnlyList<AtCommand> Activate() =>
    [
        new LuatStackCommand(NameLine(), SettingLimit, isSet => Apply(isSet, LuatIpEvent.NameSet)),
        new LuatStackCommand(
            CommandLineBuilder.Raw("AT+CIICR"),
            ActivateLimit,
            isActive =>
            {
                stack.Apply(LuatIpEvent.Activating);
                stack.Apply(isActive ? LuatIpEvent.Activated : LuatIpEvent.ActivationFailed);
            }),
        new LuatStackCommand(
            CommandLineBuilder.Raw("AT+CIFSR"),
            QueryLimit,
            isRead =>
            {
                Apply(isRead, LuatIpEvent.AddressRead);
                stack.IsWanted |= isRead;
            })
        {
            Codes = AddressLines,
        },
    ];

    // 10.74.100.63      010.083.172.111       no OK behind it; +CME ERROR: 3 or ERROR while nothing is active
    /// <inheritdoc/>
    public QueryCommand<IPAddress?> ReadAddress() =>
        new(CommandLineBuilder.Raw("AT+CIFSR"), QueryLimit, null, ReadAddress) { LastLines = AddressLines };

    /// <summary>Ends whatever is active, without a word about what is wanted.</summary>
    public AtCommand Shut() =>
        new LuatStackCommand(CommandLineBuilder.Raw("AT+CIPSHUT"), ShutLimit, isShut => Apply(isShut, LuatIpEvent.Shut))
        {
            Codes = ShutCodes,
        };

    private static bool ReadAddress(ReadOnlySpan<byte> line, ref IPAddress? answer)
    {
        answer = LuatFields.ToAddress(line);
        return answer is not null;
    }

    // AT+CSTT[="<apn>"[,"<user>","<password>"]]      without parameters the network chooses
    private CommandLine NameLine()
    {
        if (_apn is not { Name.Length: > 0 } apn)
        {
            return CommandLineBuilder.Raw("AT+CSTT");
        }

        var line = new CommandLineBuilder("AT+CSTT=").Text(apn.Name, nameof(ApnOptions.Name));
        if (apn.UserName is { } user)
        {
            line.Secret(user, nameof(ApnOptions.UserName)).Secret(apn.Password ?? string.Empty, nameof(ApnOptions.Password));
        }

        return line.Build();
    }

    private void Apply(bool hasSucceeded, LuatIpEvent happened)
    {
        if (hasSucceeded)
        {
            stack.Apply(happened);
        }
    }
}
