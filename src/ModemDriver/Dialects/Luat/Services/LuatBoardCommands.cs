using System.Globalization;
using System.Net;
using ModemDriver.Commands;
using ModemDriver.Framing;
using ModemDriver.Protocol;
using ModemDriver.Services;

namespace ModemDriver.Dialects.Luat.Services;

/// <summary>Network card, place, satellites, time and power. The vendor's AT manuals.</summary>
/// <param name="generation">The chip.</param>
internal sealed class LuatBoardCommands(LuatGeneration generation) : IBoardCommands
{
    private const int MinutesOfQuarter = 15;

    private static readonly TimeSpan SettingLimit = TimeSpan.FromSeconds(5);

    // The manual's maximum is 30 s.
    private static readonly TimeSpan LocateLimit = TimeSpan.FromSeconds(35);
    private static readonly TimeSpan TimeLimit = TimeSpan.FromSeconds(75);
    private static readonly TimeSpan PowerLimit = TimeSpan.FromSeconds(15);

    /// <inheritdoc/>
    public bool IsNetworkCardSetAtStart => generation != LuatGeneration.Unisoc8910;

    // +RNDISCALL:1
    /// <inheritdoc/>
    public QueryCommand<bool?> ReadNetworkCard() => new(
        CommandLineBuilder.Raw("AT+RNDISCALL?"), SettingLimit, null, static (ReadOnlySpan<byte> line, ref bool? answer) =>
        {
            if (!LuatFields.TryStrip(line, "+RNDISCALL"u8, out var fields))
            {
                return false;
            }

            answer = new FieldReader(fields).TryReadInt(out var value) ? value == 1 : null;
            return true;
        });

    // mode: 2      vid: 0x19d1      pid: 0x1
    /// <inheritdoc/>
    public QueryCommand<NetworkCardKind> ReadNetworkCardKind() => new(
        CommandLineBuilder.Raw("AT+SETUSB?"),
        SettingLimit,
        NetworkCardKind.Unknown,
        static (ReadOnlySpan<byte> line, ref NetworkCardKind answer) =>
        {
            if (LuatFields.TryStrip(line, "mode"u8, out var mode))
            {
                answer = mode.SequenceEqual("1"u8) ? NetworkCardKind.Rndis
                    : mode.SequenceEqual("2"u8) ? NetworkCardKind.Ecm
                    : NetworkCardKind.Unknown;
                return true;
            }

            return line.StartsWith("vid:"u8) || line.StartsWith("pid:"u8);
        });

    // A bare address.
    /// <inheritdoc/>
    public QueryCommand<IPAddress?> ReadGateway() => new(
        CommandLineBuilder.Raw("AT+ROUTEIP?"), SettingLimit, null, static (ReadOnlySpan<byte> line, ref IPAddress? answer) =>
        {
            var address = LuatFields.ToAddress(LuatFields.TryStrip(line, "+ROUTEIP"u8, out var fields) ? fields : line);
            answer ??= address;
            return address is not null;
        })
    {
        TakesBareLines = true,
    };

    // The older chips take a second number: whether it is for good.
    /// <inheritdoc/>
    public AtCommand SetNetworkCard(bool isOn)
    {
        var line = new CommandLineBuilder("AT+RNDISCALL=").Number(isOn ? 1 : 0);
        return new SimpleCommand(
            (generation == LuatGeneration.Unisoc8910 ? line.Number(1) : line).Build(), SettingLimit);
    }

    /// <inheritdoc/>
    public AtCommand SetNetworkCardKind(NetworkCardKind kind) => new SimpleCommand(
        new CommandLineBuilder("AT+SETUSB=").Number(kind == NetworkCardKind.Ecm ? 2 : 1).Build(), SettingLimit);

    /// <inheritdoc/>
    public LocateCommand Locate() => new LuatLocateCommand(CommandLineBuilder.Raw("AT+CIPGSMLOC=1,1"), LocateLimit);

    /// <inheritdoc/>
    public AtCommand SwitchGnss(bool isOn) => new SimpleCommand(isOn ? "AT+CGNSPWR=1" : "AT+CGNSPWR=0", SettingLimit);

    /// <inheritdoc/>
    public QueryCommand<GnssReading?> ReadGnss() =>
        new(CommandLineBuilder.Raw("AT+CGNSINF"), SettingLimit, null, LuatGnssLine.Take);

    /// <inheritdoc/>
    public IReadOnlyList<AtCommand> SetTimeServer(string host, TimeSpan utcOffset) =>
    [
        new SimpleCommand(new CommandLineBuilder("AT+CNTPCID=").Number(LuatBearerCommands.Number).Build(), SettingLimit),
        new SimpleCommand(
            new CommandLineBuilder("AT+CNTP=").Text(host, nameof(host)).Number((long)utcOffset.TotalMinutes / MinutesOfQuarter).Build(),
            SettingLimit),
    ];

    /// <inheritdoc/>
    public ServiceResultCommand FetchTime() => new LuatTimeCommand(CommandLineBuilder.Raw("AT+CNTP"), TimeLimit);

    /// <inheritdoc/>
    public AtCommand PowerDown() => new LuatPowerDownCommand(CommandLineBuilder.Raw("AT+CPOWD=1"), PowerLimit);
}

/// <summary><c>AT+CIPGSMLOC</c></summary>
internal sealed class LuatLocateCommand(CommandLine line, TimeSpan timeLimit) : LocateCommand(line, timeLimit)
{
    /// <inheritdoc/>
    public override bool HasWorked => Code == 0 && Location is not null;

    /// <inheritdoc/>
    public override BoardServiceFailure Failure => Code switch
    {
        1 or 404 => BoardServiceFailure.NotFound,
        408 => BoardServiceFailure.NoAnswer,
        601 => BoardServiceFailure.NoNetwork,
        603 => BoardServiceFailure.NameNotFound,
        604 => BoardServiceFailure.Busy,
        _ => BoardServiceFailure.Unknown,
    };

    // +CIPGSMLOC: 0,<latitude>,<longitude>,<yyyy/MM/dd>,<HH:mm:ss>          +CIPGSMLOC: <error>
    /// <inheritdoc/>
    public override bool OnLine(ReadOnlySpan<byte> line)
    {
        if (!LuatFields.TryStrip(line, "+CIPGSMLOC"u8, out var fields))
        {
            return false;
        }

        var parts = AtText.Latin1(fields).Split(',', StringSplitOptions.TrimEntries);
        Code = int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var code) ? code : null;
        if (Code == 0 && parts.Length >= 3
            && LuatGnssLine.Degrees(parts[1], 90) is { } latitude && LuatGnssLine.Degrees(parts[2], 180) is { } longitude)
        {
            DateTime? time = parts.Length >= 5 && DateTime.TryParseExact(
                $"{parts[3]},{parts[4]}", "yyyy'/'M'/'d','H':'mm':'ss", CultureInfo.InvariantCulture, DateTimeStyles.None, out var read)
                    ? read
                    : null;
            Location = new CellLocation(latitude, longitude, time);
        }

        return true;
    }
}

/// <summary><c>AT+CNTP</c>: its OK says that the module has begun, a line tells how it ended.</summary>
internal sealed class LuatTimeCommand(CommandLine line, TimeSpan timeLimit) : ServiceResultCommand(line, timeLimit)
{
    private static readonly ResultCode[] Ends =
        [new("+CNTP: ", ResultVerdict.Success, static line => LuatFields.TryStrip(line, "+CNTP"u8, out _))];

    /// <inheritdoc/>
    public override IReadOnlyList<ResultCode> OwnResults => Ends;

    /// <inheritdoc/>
    public override bool HasWorked => Code == 1;

    /// <inheritdoc/>
    public override BoardServiceFailure Failure => Code switch
    {
        61 => BoardServiceFailure.NoNetwork,
        62 => BoardServiceFailure.NameNotFound,
        63 => BoardServiceFailure.NotReached,
        64 or 65 => BoardServiceFailure.NoAnswer,
        _ => BoardServiceFailure.Unknown,
    };

    /// <inheritdoc/>
    public override bool IsFinal(ResultCode code, CommandStage stage) =>
        code.Verdict == ResultVerdict.Failure || ReferenceEquals(code, Ends[0]);

    // +CNTP: 1      +CNTP:1      +CNTP: <error>
    /// <inheritdoc/>
    public override void OnFinal(in FinalResult result)
    {
        var colon = result.Text.IndexOf(':', StringComparison.Ordinal);
        Code = result.IsSuccess
            && int.TryParse(result.Text.AsSpan(colon + 1).Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var code)
                ? code
                : null;
    }
}

/// <summary><c>AT+CPOWD=1</c>: its last words are in the place of an OK.</summary>
internal sealed class LuatPowerDownCommand(CommandLine line, TimeSpan timeLimit) : AtCommand(line, timeLimit)
{
    private static readonly ResultCode[] Words = [new("NORMAL POWER DOWN", ResultVerdict.Success)];

    /// <inheritdoc/>
    public override IReadOnlyList<ResultCode> OwnResults => Words;
}

/// <summary>Reads the answer to <c>AT+CGNSINF</c>.</summary>
internal static class LuatGnssLine
{
    private const double KmhOfKnot = 1.852;

    // +CGNSINF: <runs>,<fix>,<yyyyMMddHHmmss UTC>,<latitude>,<longitude>,<metres>,<knots>,<course>,<mode>,,<hdop>,<pdop>,<vdop>,,
    //           <in view>,<used>,<GLONASS used>,,<C/N0>,<hpa>,<vpa>
    /// <summary>Takes the line of the answer; a receiver that does not run says nothing.</summary>
    public static bool Take(ReadOnlySpan<byte> line, ref GnssReading? answer)
    {
        if (!LuatFields.TryStrip(line, "+CGNSINF"u8, out var fields))
        {
            return false;
        }

        var parts = AtText.Latin1(fields).Split(',', StringSplitOptions.TrimEntries);
        if (parts.Length < 2 || parts[0] != "1")
        {
            return true;
        }

        string At(int index) => index < parts.Length ? parts[index] : string.Empty;
        var (latitude, longitude) = (Degrees(At(3), 90), Degrees(At(4), 180));
        var inView = Count(At(14));
        answer = parts[1] != "1" || latitude is null || longitude is null
            ? new GnssReading { SatellitesInView = inView }
            : new GnssReading
            {
                HasFix = true,
                Latitude = latitude,
                Longitude = longitude,
                AltitudeMetres = Number(At(5)),
                SpeedKmh = Number(At(6)) * KmhOfKnot,
                CourseDegrees = Number(At(7)),
                HorizontalDilution = Number(At(10)),
                Time = DateTimeOffset.TryParseExact(
                    At(2).Split('.')[0], "yyyyMMddHHmmss", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
                        ? time
                        : null,
                SatellitesInView = inView,
                SatellitesUsed = Count(At(15)),
            };
        return true;
    }

    /// <summary>Degrees of at most so many; null for anything else.</summary>
    public static double? Degrees(string text, double most) =>
        Number(text) is { } value && Math.Abs(value) <= most ? value : null;

    private static double? Number(string text) => double.TryParse(
        text, NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value)
            ? value
            : null;

    private static int? Count(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : null;
}
