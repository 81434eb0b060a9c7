using ModemDriver.Simulator.Network;
using ModemDriver.Simulator.Network.Http;
using ModemDriver.Simulator.Personalities.Cellular;
using ModemDriver.Simulator.Wire;

namespace ModemDriver.Simulator.Personalities.Luat.Services;

/// <summary>HTTP on board, over a bearer of AT+SAPBR: the plain form, a whole body at a time.</summary>
internal sealed class HttpCommands(LuatModule module) : CommandGroup(module)
{
    private const int LongestUrl = 500;
    private const int TlsContext = 153;
    private const int DefaultTimeout = 120;
    private const int NotHttp = 600;
    private const int NoNetwork = 601;
    private const int NoMemory = 602;
    private const int NoName = 603;
    private const int TlsFailed = 605;
    private const int Expired = 408;

    private static readonly string[] Names = ["CID", "URL", "UA", "TIMEOUT", "CONTENT", "USER_DEFINED"];
    private static readonly string[] Methods = ["GET", "POST", "HEAD"];

    private readonly LuatModule _module = module;
    private readonly Dictionary<string, string> _values = new(StringComparer.Ordinal);
    private readonly List<string> _headers = [];
    private bool _isOn;
    private bool _isSecure;
    private bool _isBusy;
    private byte[] _body = [];
    private HttpResponse? _response;
    private int _inputs;

    internal override IEnumerable<CommandEntry> Entries =>
    [
        new("+HTTPINIT") { Execute = At(Begin) },
        new("+HTTPTERM") { Execute = At(End) },
        new("+HTTPPARA") { Set = At(SetValue) },
        new("+HTTPSSL") { Read = Says(() => $"+HTTPSSL: {(_isSecure ? 1 : 0)}"), Set = WhenOn(Takes(0, 1, value => _isSecure = value == 1)) },
        new("+HTTPDATA") { Set = At(TakeBody) },
        new("+HTTPACTION") { Set = At(Act) },
        new("+HTTPREAD") { Execute = At(call => Read(call.Parameters, 0)), Set = At(call => Read(call.Parameters, 2)) },
        new("+HTTPHEAD") { Execute = At(ReadHead) },
    ];

    private int LargestBody => _module.Luat.Silicon == "8910" ? 319_488 : 3356;

    internal void Reset()
    {
        (_isOn, _isSecure, _isBusy, _response) = (false, false, false, null);
        _body = [];
        _values.Clear();
        _headers.Clear();
        _inputs++;
    }

    private CommandHandler WhenOn(CommandHandler handler) =>
        call => _isOn ? handler(call) : ValueTask.FromResult(WrongState);

    private Outcome Begin()
    {
        if (_isOn)
        {
            return WrongState;
        }

        Reset();
        _isOn = true;
        return Outcome.Ok;
    }

    private Outcome End()
    {
        if (!_isOn)
        {
            return WrongState;
        }

        Reset();
        return Outcome.Ok;
    }

    // AT+HTTPPARA="<name>",<value>
    private Outcome SetValue(CommandCall call)
    {
        AtParameters given = call.Parameters;
        string name = given.Text(0).ToUpperInvariant();
        string value = QuotedText.Unescape(given.Text(1));
        if (!_isOn)
        {
            return WrongState;
        }

        if (!given.Takes(2, 2) || !Names.Contains(name) || value.Length > LongestUrl || value.AsSpan().ContainsAny('\r', '\n')
            || (name == "URL" && Target(value) is null))
        {
            return WrongParameter;
        }

        if (name == "USER_DEFINED")
        {
            _headers.Add(value); // One header with each call.
        }
        else
        {
            _values[name] = value;
        }

        return Outcome.Ok;
    }

    private static Uri? Target(string url) =>
        Uri.TryCreate(url.Contains("://", StringComparison.Ordinal) ? url : "http://" + url, UriKind.Absolute, out Uri? target)
            && target.Scheme is "http" or "https"
            ? target
            : null;

    // AT+HTTPDATA=<length>,<milliseconds>
    private Outcome TakeBody(CommandCall call)
    {
        AtParameters given = call.Parameters;
        if (!_isOn || _isBusy)
        {
            return WrongState;
        }

        if (!given.Takes(2, 2) || !given.Number(0, 1, LargestBody, out int length) || !given.Number(1, 1, 120_000, out int limit))
        {
            return WrongParameter;
        }

        if (!Host.Faults.LosesPrompt())
        {
            Respond.Answer("\r\nDOWNLOAD\r\n");
        }

        var body = new byte[length];
        int input = ++_inputs;
        var phase = new SendPhase(body, length, _ =>
        {
            _inputs++;
            _body = body;
            _module.End(Outcome.Ok);
        });
        _module.Input.Collect(phase);
        Host.Loop.StartHere(() => ExpireAsync(body, phase, input, TimeSpan.FromMilliseconds(limit), call.Life));
        return Outcome.Said;
    }

    /// <summary>What has come until then is the body.</summary>
    private async Task ExpireAsync(byte[] body, SendPhase phase, int input, TimeSpan limit, CancellationToken life)
    {
        await Host.Clock.WaitAsync(limit, life);
        life.ThrowIfCancellationRequested();
        if (input == _inputs)
        {
            _inputs++;
            _body = body[..phase.Count];
            _module.Input.Busy();
            _module.End(Outcome.Ok);
        }
    }

    // AT+HTTPACTION=<0 GET, 1 POST, 2 HEAD>, then +HTTPACTION: <which>,<status>,<length>
    private Outcome Act(CommandCall call)
    {
        if (!call.Parameters.Takes(1, 1) || !call.Parameters.Number(0, 0, Methods.Length - 1, out int method))
        {
            return WrongParameter;
        }

        bool hasBearer = int.TryParse(_values.GetValueOrDefault("CID"), out int bearer) && bearer is >= 1 and <= 3
            && _module.Bearers[bearer - 1].IsOpen;
        if (!_isOn || _isBusy || !hasBearer || Target(_values.GetValueOrDefault("URL", "")) is not Uri target)
        {
            return WrongState;
        }

        _isBusy = true;
        _response = null;
        return Outcome.OkThen(() => Host.Loop.StartHere(() => ActAsync(method, target, _module.Life)));
    }

    private async Task ActAsync(int method, Uri target, CancellationToken life)
    {
        int action = _inputs;
        (int status, HttpResponse? response) = await AskAsync(method, target, life);
        life.ThrowIfCancellationRequested();
        if (!_isOn || action != _inputs)
        {
            return; // HTTPTERM came meanwhile.
        }

        _isBusy = false;
        _response = response;
        _module.Input.WhenCommand(() => Respond.Urc($"+HTTPACTION: {method},{status},{response?.Body.Length ?? 0}"));
    }

    private async Task<(int Status, HttpResponse? Response)> AskAsync(int method, Uri target, CancellationToken life)
    {
        int seconds = int.TryParse(_values.GetValueOrDefault("TIMEOUT"), out int given) ? given : DefaultTimeout;
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(Math.Clamp(seconds, 1, 3600)), Host.Clock.Provider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, life);
        bool isSecure = _isSecure || target.Scheme == "https";
        int port = target.IsDefaultPort && isSecure ? 443 : target.Port;
        try
        {
            (NetworkConnection? connection, ServiceFailure failure) = await _module.Services.ConnectAsync(
                target.Host, port, isSecure ? TlsContext : null, either.Token);
            if (connection is null)
            {
                return (failure == ServiceFailure.Name ? NoName : isSecure && failure == ServiceFailure.Connect ? TlsFailed : NoNetwork, null);
            }

            HttpResponse? response = await HttpExchange.RunAsync(
                connection, Request(method, target), method == 2, LargestBody, either.Token);
            connection.Close();
            return response is null ? (NotHttp, null) : response.IsTooLong ? (NoMemory, null) : (response.Status, response);
        }
        catch (NetworkException gone)
        {
            Host.Trace("! HTTP: " + gone.Message);
            return (NoNetwork, null);
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested && !life.IsCancellationRequested)
        {
            return (Expired, null);
        }
    }

    private byte[] Request(int method, Uri target)
    {
        byte[] body = method == 1 ? _body : [];
        List<string> lines =
        [
            $"{Methods[method]} {target.PathAndQuery} HTTP/1.1",
            "Host: " + target.Authority,
            "User-Agent: " + _values.GetValueOrDefault("UA", "AM_MODULE"),
            "Connection: close",
            .. _headers,
        ];
        if (method == 1)
        {
            lines.Add("Content-Type: " + _values.GetValueOrDefault("CONTENT", "text/plain"));
            lines.Add(WireText.Format($"Content-Length: {body.Length}"));
        }

        return [.. WireText.Bytes(string.Join("\r\n", lines) + "\r\n\r\n"), .. body];
    }

    // AT+HTTPREAD[=<start>,<length>]: +HTTPREAD: <length> CR LF <body>
    private Outcome Read(AtParameters given, int count)
    {
        if (_response is not HttpResponse response)
        {
            return WrongState;
        }

        int start = 0;
        int length = response.Body.Length;
        if (count == 2 && (!given.Takes(2, 2) || !given.Number(0, 0, response.Body.Length, out start)
            || !given.Number(1, 1, LargestBody, out length)))
        {
            return WrongParameter;
        }

        length = Math.Min(length, response.Body.Length - start);
        Respond.Line(WireText.Format($"+HTTPREAD: {Host.Faults.AnnouncedLength(length)}"));
        Respond.Answer(response.Body.AsSpan(start, length));
        return Outcome.Ok;
    }

    private Outcome ReadHead()
    {
        if (_response is not HttpResponse response)
        {
            return WrongState;
        }

        Respond.Line(WireText.Format($"+HTTPHEAD: {response.Head.Length}"));
        Respond.Answer(response.Head);
        return Outcome.Ok;
    }
}
