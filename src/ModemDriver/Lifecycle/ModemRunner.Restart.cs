using ModemDriver.Commands;
using ModemDriver.Diagnostics;
using ModemDriver.Protocol;

namespace ModemDriver.Lifecycle;

/// <summary>Starting the module anew on purpose, and its bit rate, which a start puts back.</summary>
internal sealed partial class ModemRunner
{
    private int? _wantedBitRate;

    /// <summary>Starts the module anew and waits until the modem is as it was.</summary>
    public async Task ResetModuleAsync(CancellationToken cancellationToken)
    {
        _status.ThrowIfUnusable();
        var before = State;
        var reset = Dialect!.NewReset()
            ?? throw new NotSupportedException($"{Dialect.Identity.Dialect} {Dialect.Identity.Firmware} has no reset command.");
        await RestartAsync(
            reset,
            before is ModemState.Online or ModemState.Registered ? before : ModemState.Ready,
            () => { },
            cancellationToken);
    }

    /// <summary>Sets the module back to how it left the factory, and waits until the modem is ready.</summary>
    public async Task RestoreFactoryAsync(CancellationToken cancellationToken)
    {
        var restore = Require(ModemFeature.FactoryRestore).NewFactoryRestore()!; // a dialect with the feature has it
        await _joining.EnterAsync(cancellationToken);
        try
        {
            await RestartAsync(
                restore,
                ModemState.Ready,
                () =>
                {
                    // What was set is gone on purpose, and so is the network.
                    Kept.Clear();
                    _wiFi.Forget();
                    _cellular.Forget();
                    _goal = null;
                    _wantedBitRate = _probe.LikelyBitRate = null;
                },
                cancellationToken);
        }
        finally
        {
            _joining.Leave();
        }
    }

    /// <summary>Changes the rate of module and port.</summary>
    public async Task SetBitRateAsync(int bitRate, CancellationToken cancellationToken)
    {
        var dialect = Require(ModemFeature.BitRateChange);
        if (_transport?.BitRate is not { } now)
        {
            throw new FeatureNotSupportedException(
                ModemFeature.BitRateChange,
                dialect.Identity,
                $"{PortName} has no bit rate of its own; set it where the serial port is");
        }

        if (now != bitRate)
        {
            await Links.RunWithoutLinksAsync(
                "another bit rate", () => ChangeBitRateAsync(bitRate, cancellationToken), cancellationToken);
        }

        _wantedBitRate = _probe.LikelyBitRate = bitRate;
    }

    private async Task RestartAsync(
        AtCommand restart, ModemState target, Action onAccepted, CancellationToken cancellationToken)
    {
        var starting = _notices.WaitAsync(NoticeKind.ModuleReady, ReadyLimit, cancellationToken);
        var result = await Channel.ExecuteAsync(restart, cancellationToken);
        if (!result.IsSuccess)
        {
            throw new CommandFailedException(restart.Line.Display, result, restart.Remarks) { Port = PortName };
        }

        onAccepted();
        if (!await starting)
        {
            // Some firmware says something else than that it is ready, or nothing; or it says so at another bit rate.
            OnModuleReset("it was started anew, and did not say that it is ready");
        }

        await WaitForStateAsync(target, 2 * _options.OpenTimeLimit, cancellationToken);
    }

    private async Task ChangeBitRateAsync(int bitRate, CancellationToken cancellationToken)
    {
        var transport = _transport!; // the port is open
        var commands = Dialect!.Line!; // a dialect with the feature has them
        var current = commands.Read();
        await ExecuteAsync(current, cancellationToken);
        try
        {
            await _rateChange.ChangeAsync(transport, commands, current.Answer, _options.Serial, bitRate);
        }
        catch (BitRateException lost) when (lost.Reason == BitRateFailure.ModuleLost)
        {
            lost.State = State;
            Channel.Break(lost);
            throw;
        }

        Log.BitRateChanged(_logger, PortName, bitRate);
    }

    // A module that has started anew is back at its own rate. That it cannot be changed now is no reason to stay down.
    private async Task RestoreBitRateAsync(CancellationToken cancellationToken)
    {
        if (_wantedBitRate is not { } wanted || _transport?.BitRate is not { } now || now == wanted
            || !Dialect!.Supports(ModemFeature.BitRateChange))
        {
            return;
        }

        try
        {
            var commands = Dialect.Line!; // a dialect with the feature has them
            var current = commands.Read();
            await Channel.ExecuteAsync(current, cancellationToken);
            await _rateChange.ChangeAsync(_transport, commands, current.Answer, _options.Serial, wanted);
            Log.BitRateChanged(_logger, PortName, wanted);
        }
        catch (BitRateException failed)
        {
            Log.BitRateNotRestored(_logger, PortName, wanted, failed);
            if (failed.Reason == BitRateFailure.ModuleLost)
            {
                // It is found once more, and not sent away a second time.
                _wantedBitRate = null;
                throw;
            }
        }
    }
}
