namespace ModemDriver.Cli;

/// <summary>What a verb has of the world outside: its streams, its environment, its clock.</summary>
internal sealed class ToolContext
{
    private readonly Func<Stream> _openInput = () => Stream.Null;

    /// <summary>The raw input; opened when a verb first reads it. Its reads end at once when they are cancelled.</summary>
    public required Func<Stream> OpenInput
    {
        get => () => new InterruptibleInput(_openInput());
        init => _openInput = value;
    }

    /// <summary>The raw output, for bytes. A verb uses either this or <see cref="Out"/>.</summary>
    public required Func<Stream> OpenOutput { get; init; }

    /// <summary>Data for people and programs.</summary>
    public required TextWriter Out { get; init; }

    /// <summary>All that is not data.</summary>
    public required TextWriter Error { get; init; }

    /// <summary>Whether a person watches <see cref="Error"/>, so that a progress bar makes sense.</summary>
    public required bool IsErrorTerminal { get; init; }

    /// <summary>Reads an environment variable.</summary>
    public required Func<string, string?> Variable { get; init; }

    public required TimeProvider Time { get; init; }

    /// <summary>The context of this process.</summary>
    public static ToolContext ForProcess() => new()
    {
        OpenInput = Console.OpenStandardInput,
        OpenOutput = Console.OpenStandardOutput,
        Out = Console.Out,
        Error = TextWriter.Synchronized(Console.Error),
        IsErrorTerminal = !Console.IsErrorRedirected,
        Variable = Environment.GetEnvironmentVariable,
        Time = TimeProvider.System,
    };
}
