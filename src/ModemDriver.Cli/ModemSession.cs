using System.CommandLine;
using Microsoft.Extensions.Logging;

namespace ModemDriver.Cli;

/// <summary>An open modem for the length of one verb.</summary>
internal sealed class ModemSession : IAsyncDisposable
{
    private readonly ILoggerFactory _loggers;

    private ModemSession(Modem modem, ILoggerFactory loggers)
    {
        Modem = modem;
        _loggers = loggers;
    }

    public Modem Modem { get; }

    /// <summary>Opens the module's port and brings the modem up; does not join a network.</summary>
    public static async Task<ModemSession> OpenAsync(
        SessionOptions options,
        ParseResult parsed,
        ToolContext context,
        CancellationToken cancellationToken,
        Func<ModemOptions, ModemOptions>? adjust = null)
    {
        ILoggerFactory loggers = options.CreateLoggerFactory(parsed, context);
        try
        {
            ModemOptions made = options.ToModemOptions(parsed, context, loggers);

            // The parser has seen to it that the port is there.
            Modem modem = await Modem.OpenAsync(
                options.PortName(parsed)!,
                adjust?.Invoke(made) ?? made,
                cancellationToken).ConfigureAwait(false);
            return new ModemSession(modem, loggers);
        }
        catch
        {
            loggers.Dispose();
            throw;
        }
    }

    /// <summary>Opens the modem and has it online: joined to the network named, or to the one it is already in.</summary>
    public static async Task<ModemSession> OpenOnlineAsync(
        SessionOptions options,
        ParseResult parsed,
        ToolContext context,
        CancellationToken cancellationToken,
        Func<ModemOptions, ModemOptions>? adjust = null)
    {
        ModemSession session = await OpenAsync(options, parsed, context, cancellationToken, adjust).ConfigureAwait(false);
        try
        {
            await session.Modem.GoOnlineAsync(cancellationToken).ConfigureAwait(false);
            return session;
        }
        catch
        {
            await session.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        // 1. The modem, whose last words are logged. 2. The log.
        await Modem.DisposeAsync().ConfigureAwait(false);
        _loggers.Dispose();
    }
}
