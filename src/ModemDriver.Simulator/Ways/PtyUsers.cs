using System.Globalization;

namespace ModemDriver.Simulator.Ways;

/// <summary>Counts who has a device open.</summary>
internal static class PtyUsers
{
    /// <summary>
    /// How many descriptors lead to the device, but for one of this process; <see langword="null"/> when that cannot be
    /// told: there is no /proc, or there are none in sight and some processes may not be looked into.
    /// </summary>
    internal static int? Count(string device, int butFor)
    {
        int count = 0;
        bool isComplete = true;
        try
        {
            foreach (string process in Directory.EnumerateDirectories("/proc"))
            {
                if (int.TryParse(Path.GetFileName(process), CultureInfo.InvariantCulture, out int id))
                {
                    isComplete &= Add(ref count, process, device, id == Environment.ProcessId ? butFor : -1);
                }
            }
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            isComplete = false;
        }

        return count > 0 || isComplete ? count : null;
    }

    private static bool Add(ref int count, string process, string device, int butFor)
    {
        try
        {
            foreach (string descriptor in Directory.EnumerateFileSystemEntries(Path.Combine(process, "fd")))
            {
                if (new FileInfo(descriptor).LinkTarget == device
                    && Path.GetFileName(descriptor) != butFor.ToString(CultureInfo.InvariantCulture))
                {
                    count++;
                }
            }

            return true;
        }
        catch (UnauthorizedAccessException)
        {
            return false;
        }
        catch (IOException)
        {
            return true; // It has just ended.
        }
    }
}
