using System.Text;
using Microsoft.Extensions.Logging;

namespace ModemDriver.Simulation.Checks;

/// <summary>Reads every line of the log and of the tap, and every exception, and looks for the secrets of the run.</summary>
internal sealed class SecretWatch(Ledger ledger, IReadOnlyList<string> secrets) : TextWriter, ILoggerFactory, ILogger
{
    /// <inheritdoc/>
    public override Encoding Encoding => Encoding.UTF8;

    /// <summary>Looks for secrets.</summary>
    public void Look(string where, string text)
    {
        foreach (string secret in secrets)
        {
            if (text.Contains(secret, StringComparison.Ordinal))
            {
                ledger.Violated(Promise.Secrets, $"{where} has a secret: {text}");
            }
        }
    }

    /// <inheritdoc/>
    public override void WriteLine(string? value) => Look("the tap", value ?? "");

    /// <inheritdoc/>
    public ILogger CreateLogger(string categoryName) => this;

    /// <inheritdoc/>
    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

    /// <inheritdoc/>
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    /// <inheritdoc/>
    public bool IsEnabled(LogLevel logLevel) => true;

    /// <inheritdoc/>
    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        Look("the log", formatter(state, exception));
        if (exception is not null)
        {
            Look("an exception in the log", exception.ToString());
        }
    }
}
