namespace ModemDriver.Transport;

/// <summary>Finds out which program has a port open, for the message that says so.</summary>
internal static class LinuxPortHolder
{
    /// <summary>
    /// Names the program, as far as this user may look; <see langword="null"/> where it cannot be seen.
    /// </summary>
    public static string? Find(string port)
    {
        try
        {
            string path = new FileInfo(port).ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? port;
            foreach (string process in Directory.EnumerateDirectories("/proc"))
            {
                if (char.IsAsciiDigit(Path.GetFileName(process)[0]) && Holds(process, path))
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

    private static bool Holds(string process, string path)
    {
        try
        {
            return Directory.EnumerateFileSystemEntries(Path.Combine(process, "fd"))
                .Any(descriptor => new FileInfo(descriptor).LinkTarget == path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Another user's process, or one that has just ended.
            return false;
        }
    }

    private static string ReadName(string process) => File.ReadAllText(Path.Combine(process, "comm")).Trim();
}
