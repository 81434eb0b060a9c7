using System.Net;

namespace ModemDriver.Simulator;

/// <summary>The mobile networks around modules: operators, cells, and what the networks do to modules. Its members may be
/// called from any thread; what they cause happens to every module in the world.</summary>
public sealed class MobileWorld
{
    private readonly Lock _gate = new();
    private readonly List<MobileOperator> _operators = [];
    private readonly List<MobileCell> _cells = [];
    private bool _hasCoverage = true;
    private bool _acceptsContexts = true;
    private int? _denialCause;
    private readonly Dictionary<string, UssdMenu> _services = new(StringComparer.Ordinal);
    private SimulatedPlace? _place = new(34.7980542, 114.3204965, 76);
    private int _leases;

    /// <summary>The first address that a context gets; each further one gets the next. Default: 10.74.149.48.</summary>
    public IPAddress FirstAddress { get; init; } = new([10, 74, 149, 48]);

    /// <summary>The name servers that networks tell of. Default: 10.74.0.1 and 10.74.0.2.</summary>
    public IReadOnlyList<IPAddress> NameServers { get; init; } = [new([10, 74, 0, 1]), new([10, 74, 0, 2])];

    /// <summary>The short message service centre. Default: one that is empty.</summary>
    public MessageCentre Messages { get; init; } = new();

    /// <summary>The telephone exchange. Default: one where every number outside answers.</summary>
    public CallExchange Calls { get; init; } = new();

    /// <summary>Where modules are, as servers tell by cells and receivers by satellites; <see langword="null"/>: nobody can
    /// tell. Default: 34.7980542, 114.3204965, 76 m. May be changed at any time.</summary>
    public SimulatedPlace? Place
    {
        get => Volatile.Read(ref _place);
        set => Volatile.Write(ref _place, value);
    }

    /// <summary>The operators as they are now, heard or not.</summary>
    public IReadOnlyList<MobileOperator> Operators
    {
        get
        {
            lock (_gate)
            {
                return [.. _operators];
            }
        }
    }

    /// <summary>The cells as they are now, heard or not.</summary>
    public IReadOnlyList<MobileCell> Cells
    {
        get
        {
            lock (_gate)
            {
                return [.. _cells];
            }
        }
    }

    /// <summary>False after <see cref="LoseCoverage"/>.</summary>
    public bool HasCoverage
    {
        get
        {
            lock (_gate)
            {
                return _hasCoverage;
            }
        }
    }

    /// <summary>Whether networks bring contexts up that modules ask for. Default: true. May be changed at any time.
    /// </summary>
    public bool AcceptsContexts
    {
        get => Volatile.Read(ref _acceptsContexts);
        set => Volatile.Write(ref _acceptsContexts, value);
    }

    internal event Action? Changed;

    internal event Action<MobileAct>? Acted;

    internal event Action<UssdMenu>? Pushed;

    /// <summary>The cause of <see cref="DenyRegistration"/>; <see langword="null"/> while modules are let in.</summary>
    internal int? DenialCause
    {
        get
        {
            lock (_gate)
            {
                return _denialCause;
            }
        }
    }

    /// <summary>An operator appears; one with the same code is replaced.</summary>
    /// <param name="mobileOperator">What appears.</param>
    /// <exception cref="ArgumentException">Its code has not five or six digits.</exception>
    public void AddOperator(MobileOperator mobileOperator)
    {
        ArgumentNullException.ThrowIfNull(mobileOperator);
        if (mobileOperator.Code.Length is not (5 or 6) || !mobileOperator.Code.All(char.IsAsciiDigit))
        {
            throw new ArgumentException(
                $"The code '{mobileOperator.Code}' has not five or six digits.", nameof(mobileOperator));
        }

        Change(() =>
        {
            _operators.RemoveAll(known => known.Code == mobileOperator.Code);
            _operators.Add(mobileOperator);
        });
    }

    /// <summary>A cell appears; one with the same number of the same operator is replaced.</summary>
    /// <param name="cell">What appears.</param>
    public void AddCell(MobileCell cell)
    {
        ArgumentNullException.ThrowIfNull(cell);
        Change(() =>
        {
            _cells.RemoveAll(known => known.Operator == cell.Operator && known.Id == cell.Id);
            _cells.Add(cell);
        });
    }

    /// <summary>An operator and its cells disappear; nothing happens when there is none of this code.</summary>
    /// <param name="code">Its <see cref="MobileOperator.Code"/>.</param>
    public void RemoveOperator(string code) => Change(() =>
    {
        _operators.RemoveAll(known => known.Code == code);
        _cells.RemoveAll(known => known.Operator == code);
    });

    /// <summary>No cell is heard any more, as in a tunnel.</summary>
    public void LoseCoverage() => Change(() => _hasCoverage = false);

    /// <summary>The cells are heard again.</summary>
    public void RestoreCoverage() => Change(() => _hasCoverage = true);

    /// <summary>Networks turn modules away, those that are registered too.</summary>
    /// <param name="cause">The reject cause of the mobility management, 1 to 255. Default: 15, no suitable cell.</param>
    public void DenyRegistration(int cause = 15)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(cause, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(cause, 255);
        Change(() => _denialCause = cause);
    }

    /// <summary>Networks let modules in again.</summary>
    public void AllowRegistration() => Change(() => _denialCause = null);

    /// <summary>The network takes the packet data contexts away that are up; modules may ask for them again.</summary>
    public void DeactivateContexts() => Acted?.Invoke(MobileAct.DeactivateContexts);

    /// <summary>The network detaches modules; they may attach again.</summary>
    public void Detach() => Acted?.Invoke(MobileAct.Detach);

    /// <summary>A service of the networks appears (USSD); one with the same code is replaced.</summary>
    /// <param name="code">What is dialled for it, such as <c>*100#</c>.</param>
    /// <param name="menu">What it says first.</param>
    public void SetService(string code, UssdMenu menu)
    {
        ArgumentException.ThrowIfNullOrEmpty(code);
        ArgumentNullException.ThrowIfNull(menu);
        lock (_gate)
        {
            _services[code] = menu;
        }
    }

    /// <summary>A network begins a dialogue with the modules that are registered (USSD).</summary>
    /// <param name="menu">What it says.</param>
    public void Push(UssdMenu menu)
    {
        ArgumentNullException.ThrowIfNull(menu);
        Pushed?.Invoke(menu);
    }

    /// <summary>Makes a world with a home network of two cells, 46000, and two networks that turn cards away, 46001 and
    /// 46011; and with a USSD service, *100#.</summary>
    public static MobileWorld CreateUsual()
    {
        var world = new MobileWorld();
        world.AddOperator(new MobileOperator { Code = "46000", LongName = "CHINA MOBILE", ShortName = "CMCC" });
        world.AddOperator(new MobileOperator
        {
            Code = "46001", LongName = "CHN-UNICOM", ShortName = "UNICOM", Admission = MobileAdmission.Forbidden,
        });
        world.AddOperator(new MobileOperator
        {
            Code = "46011", LongName = "CHN-CT", ShortName = "CT", Admission = MobileAdmission.Forbidden,
        });
        world.SetService("*100#", new UssdMenu("1 Balance\n2 Data left\n3 Language")
        {
            Choices = new Dictionary<string, UssdMenu>(StringComparer.Ordinal)
            {
                ["1"] = new("Balance 4.20"),
                ["2"] = new("312 MB until the end of the month"),
                ["3"] = new("1 English\n2 \u4e2d\u6587")
                {
                    Choices = new Dictionary<string, UssdMenu>(StringComparer.Ordinal)
                    {
                        ["1"] = new("From now on in English."),
                        ["2"] = new("\u4eca\u540e\u4f7f\u7528\u4e2d\u6587\u3002"),
                    },
                },
            },
        });
        world.AddCell(new MobileCell { Operator = "46000" });
        world.AddCell(new MobileCell { Operator = "46000", Id = 0x0183DB23, Signal = new(-101, -13, 3) });
        world.AddCell(new MobileCell { Operator = "46001", Id = 0x02A1F003, AreaCode = 0x25D1, Signal = new(-93, -10, 11) });
        world.AddCell(new MobileCell { Operator = "46011", Id = 0x07C2BB61, AreaCode = 0x7A03, Signal = new(-99, -12, 6) });
        return world;
    }

    internal UssdMenu? FindUssd(string code)
    {
        lock (_gate)
        {
            return _services.GetValueOrDefault(code);
        }
    }

    internal MobileOperator? FindOperator(string code) => Operators.FirstOrDefault(known => known.Code == code);

    /// <summary>The cells that are heard, the strongest first.</summary>
    /// <param name="elapsed">Since the module was made.</param>
    internal IReadOnlyList<(MobileCell Cell, CellSignal Signal)> Heard(TimeSpan elapsed)
    {
        lock (_gate)
        {
            return !_hasCoverage
                ? []
                : [.. _cells.Select(cell => (cell, signal: cell.SignalAt(elapsed)))
                    .Where(heard => heard.signal is not null)
                    .Select(heard => (heard.cell, heard.signal!))
                    .OrderByDescending(heard => heard.Item2.RsrpDbm)];
        }
    }

    /// <summary>The next moment at which a script changes something; <see langword="null"/> when none does.</summary>
    internal TimeSpan? NextStep(TimeSpan elapsed) => Cells
        .SelectMany(known => known.SignalScript)
        .Where(step => step.At > elapsed)
        .Min(step => (TimeSpan?)step.At);

    internal IPAddress LeaseAddress()
    {
        byte[] bytes = FirstAddress.GetAddressBytes();
        int last = (bytes[2] << 8) + bytes[3] + Interlocked.Increment(ref _leases) - 1;
        (bytes[2], bytes[3]) = ((byte)(last >> 8), (byte)last);
        return new IPAddress(bytes);
    }

    private void Change(Action change)
    {
        lock (_gate)
        {
            change();
        }

        Changed?.Invoke();
    }
}

/// <summary>What a mobile network does to modules at a moment.</summary>
internal enum MobileAct
{
    DeactivateContexts,
    Detach,
}
