using System.Text;

namespace ModemDriver.Cli.Verbs.Mqtt;

/// <summary>Where outboxes are kept when the user does not say.</summary>
internal static class OutboxPlace
{
    private const string StateVariable = "XDG_STATE_HOME";

    /// <summary>The folder of this user's outboxes; it may not exist yet.</summary>
    public static string Folder(ToolContext context)
    {
        string? state = context.Variable(StateVariable);
        string root = string.IsNullOrEmpty(state)
            ? Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify)
            : state;
        return root.Length > 0
            ? Path.Combine(root, "modem", "mqtt")
            : throw new ToolException(ExitCode.Usage, "This user has no folder of its own: name an outbox with --outbox.");
    }

    /// <summary>The outbox of a client, in a folder that is made if need be.</summary>
    /// <param name="context">The environment.</param>
    /// <param name="given">What the user said; <see langword="null"/> for the usual place.</param>
    /// <param name="parts">
    /// The broker, and whatever else tells it from others: what waits for one broker must not go to another.
    /// </param>
    public static string Of(ToolContext context, string? given, params ReadOnlySpan<string?> parts)
    {
        if (given is not null)
        {
            return Path.GetFullPath(given);
        }

        string folder = Folder(context);
        try
        {
            Make(folder);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new ToolException(
                ExitCode.Refused, $"{folder} cannot be made: {exception.Message} Name an outbox with --outbox.", exception);
        }

        return Path.Combine(folder, FileName(parts));
    }

    // What waits is the user's own.
    private static void Make(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(folder);
        }
        else
        {
            Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    // Different parts give different names: what no file name holds is written as its number.
    private static string FileName(ReadOnlySpan<string?> parts)
    {
        var name = new StringBuilder();
        foreach (string? part in parts)
        {
            if (part is null)
            {
                continue;
            }

            name.Append(name.Length == 0 ? "" : "@");
            foreach (byte b in Encoding.UTF8.GetBytes(part))
            {
                _ = char.IsAsciiLetterOrDigit((char)b) || b is (byte)'.' or (byte)'-' or (byte)'_'
                    ? name.Append((char)b)
                    : name.Append('%').Append(b.ToString("x2", System.Globalization.CultureInfo.InvariantCulture));
            }
        }

        return name.Append(".db").ToString();
    }
}
