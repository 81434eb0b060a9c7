using ModemDriver.Simulator.Network;
using ModemDriver.Simulator.Network.Ftp;
using ModemDriver.Simulator.Time;
using ModemDriver.Simulator.Wire;

namespace ModemDriver.Simulator.Personalities.Luat.Services;

/// <summary>The module's FTP client: one transfer, or one question, at a time, each with a sign-in of its own.</summary>
#pragma warning disable CA1001 // A token source without a timer holds nothing; Reset cancels it.
internal sealed class FtpClient(LuatModule module)
#pragma warning restore CA1001
{
    /// <summary>The most that one AT+FTPPUT=2 takes.</summary>
    internal const int LargestPut = 1360;

    /// <summary>What the module holds of a file that the host has not read; more waits with the server.</summary>
    private const int LargestHeld = 8192;

    /// <summary>How long a server may take for an answer.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(75);

    private readonly ByteQueue _held = new();
    private readonly LoopSignal _room = new(module.Host.Loop);
    private CancellationTokenSource _work = new();
    private FtpSession? _session;
    private NetworkConnection? _data;
    private bool _hasEnded;
    private bool _wasTold;
    private bool _takes;

    internal FtpSettings Settings { get; private set; } = new();

    /// <summary>The command of the transfer under way, without its sign; <see langword="null"/>: none.</summary>
    internal string? Transfer { get; private set; }

    internal bool IsBusy { get; private set; }

    private ModuleHost Host => module.Host;

    internal bool HasBearer => Settings.Bearer is >= 1 and <= 3 && module.Bearers[Settings.Bearer - 1].IsOpen;

    internal void Reset()
    {
        Stop();
        Settings = new FtpSettings { Type = module.Switches[LuatSwitches.FtpType] };
    }

    /// <summary>The bearer has gone.</summary>
    internal void Lose()
    {
        if (Transfer is string name)
        {
            Stop();
            Say(name, FtpResult.Network);
        }
    }

    /// <summary>AT+FTPQUIT: false when nothing is under way.</summary>
    internal bool Quit()
    {
        if (Transfer is not string name)
        {
            return false;
        }

        Stop();
        module.Input.WhenCommand(() => Say(name, FtpResult.Quit));
        return true;
    }

    /// <summary>Begins a transfer; what becomes of it is said.</summary>
    /// <param name="name">FTPGET, FTPLIST or FTPPUT.</param>
    /// <param name="command">For the server.</param>
    internal void Begin(string name, string command)
    {
        Transfer = name;
        CancellationToken work = Start();
        Host.Loop.StartHere(() => TransferAsync(name, command, work));
    }

    /// <summary>Asks something that needs no data connection.</summary>
    /// <param name="command">For the server.</param>
    /// <param name="answered">Told the result, and what the server said.</param>
    internal void Ask(string command, Action<int, FtpReply> answered)
    {
        CancellationToken work = Start();
        Host.Loop.StartHere(async () =>
        {
            FtpReply reply = default;
            int result = await GuardAsync(async limit =>
            {
                int failure = await SignInAsync(limit);
                if (failure == FtpResult.Finished && !(await _session!.AskAsync("TYPE " + Settings.Type, limit)).IsDone)
                {
                    failure = FtpResult.Type; // A size in lines is one that many servers do not tell.
                }

                if (failure == FtpResult.Finished)
                {
                    reply = await _session!.AskAsync(command, limit);
                    failure = reply.IsDone ? FtpResult.Finished : FtpResult.Operation;
                }

                return failure;
            }, work);
            await LeaveAsync(result, work);
            answered(result, reply);
        });
    }

    /// <summary>Takes up to so many bytes of a file.</summary>
    internal byte[] Read(int most)
    {
        byte[] bytes = _held.Span[..Math.Min(most, _held.Count)].ToArray();
        _held.Skip(bytes.Length);
        _wasTold = false;
        _room.Set();
        return bytes;
    }

    /// <summary>Says that there is something to read, or that all was read.</summary>
    internal void Advance()
    {
        if (Transfer is not ("FTPGET" or "FTPLIST") || _wasTold)
        {
            return;
        }

        if (_held.Count > 0)
        {
            _wasTold = true;
            Say(Transfer, FtpResult.Ready);
        }
        else if (_hasEnded)
        {
            string name = Transfer;
            Stop();
            Say(name, FtpResult.Finished);
        }
    }

    /// <summary>Whether the host may send a piece now.</summary>
    internal bool Takes => Transfer == "FTPPUT" && _takes;

    /// <summary>A piece of the file, from the host.</summary>
    internal void Write(byte[] piece)
    {
        _takes = false;
        CancellationToken work = _work.Token;
        Host.Loop.StartHere(async () =>
        {
            int result = await GuardAsync(async limit =>
            {
                await _data!.SendAsync(piece, limit);
                return FtpResult.Ready;
            }, work);
            Put(result == FtpResult.Ready ? result : FtpResult.Upload);
        });
    }

    /// <summary>The file is complete.</summary>
    internal void EndPut()
    {
        _takes = false;
        CancellationToken work = _work.Token;
        Host.Loop.StartHere(async () =>
        {
            int result = await GuardAsync(async limit =>
            {
                CloseData();
                FtpReply last = await _session!.ReadAsync(limit);
                return last.IsDone ? FtpResult.Finished : FtpResult.Upload;
            }, work);
            await LeaveAsync(result, work);
            Stop();
            Say("FTPPUT", result);
        });
    }

    private async Task TransferAsync(string name, string command, CancellationToken work)
    {
        int result = await GuardAsync(limit => OpenAsync(name, command, limit), work);
        if (result != FtpResult.Ready)
        {
            await LeaveAsync(result, work);
            Stop();
            Say(name, result);
        }
        else if (name == "FTPPUT")
        {
            Put(result);
        }
        else
        {
            await ReceiveAsync(name, work);
        }
    }

    private async Task<int> OpenAsync(string name, string command, CancellationToken limit)
    {
        int failure = await SignInAsync(limit);
        if (failure != FtpResult.Finished)
        {
            return failure;
        }

        if (!(await _session!.AskAsync("TYPE " + Settings.Type, limit)).IsDone)
        {
            return FtpResult.Type;
        }

        if (Settings.Offset > 0 && name != "FTPLIST"
            && !(await _session.AskAsync(WireText.Format($"REST {Settings.Offset}"), limit)).IsMore)
        {
            return FtpResult.Restart;
        }

        Settings.Offset = 0;
        (_data, FtpReply reply) = await _session.TransferAsync(command, limit);
        return _data is not null ? FtpResult.Ready
            : reply.Code is 227 or 425 or 421 ? FtpResult.Passive
            : name == "FTPPUT" ? FtpResult.Upload
            : FtpResult.Download;
    }

    private async Task<int> SignInAsync(CancellationToken limit)
    {
        (NetworkConnection? control, ServiceFailure failure) =
            await module.Services.ConnectAsync(Settings.Host, Settings.Port, tlsContext: null, limit);
        if (control is null)
        {
            return failure switch
            {
                ServiceFailure.Network => FtpResult.Network,
                ServiceFailure.Name => FtpResult.Name,
                _ => FtpResult.Connect,
            };
        }

        _session = new FtpSession(
            control,
            async (port, life) => (await module.Services.ConnectAsync(
                control.Remote.Address.ToString(), port, tlsContext: null, life)).Connection,
            Host.Trace);
        string user = Settings.User.Length > 0 ? Settings.User : "anonymous";
        FtpReply reply = await _session.SignInAsync(user, Settings.Password, limit);
        return reply.IsDone ? FtpResult.Finished
            : reply.Code == 530 && !_session.HasAskedPassword ? FtpResult.User
            : reply.Code == 530 ? FtpResult.Password
            : FtpResult.Server;
    }

    private async Task ReceiveAsync(string name, CancellationToken work)
    {
        var buffer = new byte[2048];
        int result = await GuardAsync(async _ =>
        {
            while (true)
            {
                while (_held.Count >= LargestHeld)
                {
                    await _room.WaitAsync(work);
                }

                int count = await _data!.ReceiveAsync(buffer, work);
                work.ThrowIfCancellationRequested();
                if (count == 0)
                {
                    break;
                }

                _held.Write(buffer.AsSpan(0, count));
                Host.Loop.Post(Advance);
            }

            CloseData();
            FtpReply last = await _session!.ReadAsync(work);
            return last.IsDone ? FtpResult.Finished : FtpResult.Download;
        }, work, TimeSpan.FromDays(1));
        await LeaveAsync(result, work);
        if (result == FtpResult.Finished)
        {
            _hasEnded = true;
            module.Input.WhenCommand(Advance);
        }
        else
        {
            Stop();
            Say(name, result);
        }
    }

    // +FTPPUT: 1,1,<most>    or    +FTPPUT: 1,<error>
    private void Put(int result)
    {
        _takes = result == FtpResult.Ready;
        if (_takes)
        {
            module.Input.WhenCommand(() => module.Respond.Urc($"+FTPPUT: 1,1,{LargestPut}"));
        }
        else
        {
            Stop();
            Say("FTPPUT", result);
        }
    }

    private CancellationToken Start()
    {
        _work.Cancel();
        _work = CancellationTokenSource.CreateLinkedTokenSource(module.Life);
        IsBusy = true;
        (_hasEnded, _wasTold, _takes) = (false, false, false);
        _held.Clear();
        return _work.Token;
    }

    private void Stop()
    {
        _work.Cancel();
        _data?.Abort();
        _session?.Abort();
        (_data, _session, Transfer, IsBusy) = (null, null, null, false);
        (_hasEnded, _wasTold, _takes) = (false, false, false);
        _held.Clear();
    }

    private void CloseData()
    {
        _data?.Close();
        _data = null;
    }

    /// <summary>A result; a server that does not answer, or goes, is one too.</summary>
    private async Task<int> GuardAsync(Func<CancellationToken, Task<int>> act, CancellationToken work, TimeSpan? limit = null)
    {
        using var deadline = new CancellationTokenSource(limit ?? Patience, Host.Clock.Provider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, work);
        try
        {
            int result = await act(either.Token);
            work.ThrowIfCancellationRequested();
            return result;
        }
        catch (NetworkException gone)
        {
            Host.Trace("! FTP: " + gone.Message);
            return FtpResult.Server;
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested && !work.IsCancellationRequested)
        {
            return FtpResult.Timeout;
        }
    }

    /// <summary>Says goodbye, if the server still listens.</summary>
    private async Task LeaveAsync(int result, CancellationToken work)
    {
        FtpSession? session = _session;
        _session = null;
        IsBusy = Transfer is not null;
        if (session is not null && result is not (FtpResult.Server or FtpResult.Timeout))
        {
            _ = await GuardAsync(async limit => (await session.AskAsync("QUIT", limit)).Code, work);
        }

        session?.Close();
    }

    // +FTPGET: 1,<result>
    private void Say(string name, int result) => module.Respond.Urc($"+{name}: 1,{result}");
}
