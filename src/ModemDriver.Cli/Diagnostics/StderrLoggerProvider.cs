using System.Globalization;
using Microsoft.Extensions.Logging;

namespace ModemDriver.Cli.Diagnostics;

/// <summary>Writes log messages to standard error, one line each.</summary>
internal sealed class StderrLoggerProvider(TextWriter writer, TimeProvider time, LogLevel least) : ILoggerProvider
{
    private readonly LogLevel _least = least;

    public ILogger CreateLogger(string categoryName) => new LineLogger(this, categoryName);

    public void Dispose()
    {
        // The writer is the process's own.
    }

    private void Write(LogLevel level, string category, string message, Exception? exception)
    {
        string clock = time.GetLocalNow().ToString("HH:mm:ss.fff", CultureInfo.InvariantCulture);
        string trouble = exception is null ? "" : $" [{exception.GetType().Name}: {exception.Message}]";
        writer.WriteLine($"{clock} {Short(level)} {category}: {message}{trouble}");
    }

    private static string Short(LogLevel level) => level switch
    {
        LogLevel.Trace => "trc",
        LogLevel.Debug => "dbg",
        LogLevel.Information => "inf",
        LogLevel.Warning => "wrn",
        _ => "err",
    };

    private sealed class LineLogger(StderrLoggerProvider owner, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= owner._least && logLevel != LogLevel.None;

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
            {
                owner.Write(logLevel, category, formatter(state, exception), exception);
            }
        }
    }
}
