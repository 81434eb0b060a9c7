namespace ModemDriver;

/// <summary>A short message that came as bytes which are no message: cut short, or against its own lengths.</summary>
/// <remarks>The message names the field; it holds nothing of the text and no number.</remarks>
public sealed class PduException : ModemException
{
    internal PduException(string what)
        : base($"The message cannot be read: {what}.")
    {
    }
}
