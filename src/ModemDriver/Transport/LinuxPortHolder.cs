using System.Globalization;

namespace ModemDriver.Transport;

/// <summary>Finds out which program has a port open, for the message that says so.</summary>
internal static class LinuxPortHolder
{
    /// <summary>
    /// Names the program, as far as this user may look; <see langword="null"/> where it cannot be seen.
    /// </summary>
    /// <param name="port">The path.</param>
    /// <param name="ownDescriptors">How many descriptors of this process are the asker's own.</param>
    public static string? Find(string port, int ownDescriptors = 0)
    {
        try
        {
            string path = new FileInfo(port).ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? port;
            string self = Environment.ProcessId.ToString(CultureInfo.InvariantCulture);
            foreach (string process in Directory.EnumerateDirectories("/proc"))
            {
                if (char.IsAsciiDigit(Path.GetFileName(process)[0]) && Holds(process, path, Path.GetFileName(process) == self ? ownDescriptors : 0))
                {
                    return $"{ReadName(process)} (process {Path.GetFileName(process)})";
                }
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The name is a courtesy: without /proc the message does without.
        }

        return null;
    }

    private static bool Holds(string process, string path, int notCounted)
    {
        try
        {
            return Directory.EnumerateFileSystemEntries(Path.Combine(process, "fd"))
                .Count(descriptor => new FileInfo(descriptor).LinkTarget == path) > notCounted;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Another user's process, or one that has just ended.
            return false;
        }
    }

    private static string ReadName(string process) => File.ReadAllText(Path.Combine(process, "comm")).Trim();
}
