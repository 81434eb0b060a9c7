namespace ModemDriver;

/// <summary>A message of several parts was not sent whole: the first parts have gone, and one was not taken.</summary>
/// <remarks>
/// The inner exception says why. If it is a <see cref="CommandTimeoutException"/>, that part may have gone too.
/// </remarks>
public sealed class MessageSendException : ModemException
{
    internal MessageSendException(IReadOnlyList<int> references, int partCount, Exception innerException)
        : base($"Part {references.Count + 1} of {partCount} of a message was not sent: {innerException.Message}", innerException)
    {
        References = references;
        PartCount = partCount;
    }

    /// <summary>The numbers of the parts that have gone.</summary>
    public IReadOnlyList<int> References { get; }

    /// <summary>How many parts the message has.</summary>
    public int PartCount { get; }
}
