using ModemDriver.Diagnostics;

namespace ModemDriver.Tests.Review;

/// <summary>Secrets on a line with noise.</summary>
public sealed class RedactionTests
{
    [Theory]
    [InlineData("\u00ffAT+CWJAP=\"net\",\"hush\"")]
    [InlineData(" at+cwjap=\"net\",\"hush\"")]
    [InlineData("noise+CWSAP:\"net\",\"hush\",1,3")]
    public void A_secret_behind_noise_is_not_shown(string line)
    {
        Redaction redaction = new(["AT+CWJAP=", "+CWSAP:"]);

        string shown = redaction.Display(System.Text.Encoding.Latin1.GetBytes(line));

        Assert.DoesNotContain("hush", shown, StringComparison.Ordinal);
    }
}
