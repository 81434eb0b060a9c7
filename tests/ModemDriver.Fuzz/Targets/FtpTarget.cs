using System.Text;
using ModemDriver.Clients.Ftp;

namespace ModemDriver.Fuzz.Targets;

/// <summary>
/// What an FTP server says: any line of a folder is an entry of that line's own characters, or none; any reply has a port
/// that there can be, or none, and a reason.
/// </summary>
/// <remarks>Input: lines; the first is also the text of a reply.</remarks>
internal static class FtpTarget
{
    private static readonly int[] Codes = [227, 229, 150, 226, 331, 421, 425, 450, 500, 530, 550, 552, 553, 599, 100];

    public static void Run(ReadOnlySpan<byte> input)
    {
        string[] lines = Encoding.UTF8.GetString(input).Split('\n');
        foreach (string line in lines)
        {
            Check(FtpListing.ReadFacts(line), line);
            Check(FtpListing.ReadLine(line), line);
        }

        foreach (int code in Codes)
        {
            var reply = new FtpReply(code, lines[0]);
            Promise.Holds(reply.ReadPort() is null or (> 0 and <= 65535), $"the port {reply.ReadPort()}");
            FtpException exception = reply.ToException("RETR");
            Promise.Holds(exception.Code == code && exception.Message.Length > 0, $"no reason");
        }
    }

    private static void Check(FtpEntry? entry, string line)
    {
        if (entry is null)
        {
            return;
        }

        Promise.Holds(line.Contains(entry.Name, StringComparison.Ordinal), $"the name {entry.Name} is not in the line");
        Promise.Holds(entry.Size is null or >= 0, $"a size of {entry.Size}");
        Promise.Holds(Enum.IsDefined(entry.Kind), $"the kind {entry.Kind}");
    }
}
