using System.Text;
using ModemDriver.Diagnostics;
using ModemDriver.Dialects.EspAt;

namespace ModemDriver.Tests.Diagnostics;

public class RedactionTests
{
    private static readonly Redaction Masking = new(EspAtDialect.Secrets);

    [Theory]
    [InlineData("AT+CPIN=\"1234\"", "AT+CPIN=***")]
    [InlineData("at+cpin=1234", "at+cpin=***")]
    [InlineData("AT+CWJAP=\"home\",\"secret\"", "AT+CWJAP=***")]
    [InlineData("AT+CWJAP_CUR=\"home\",\"secret\"", "AT+CWJAP_CUR=***")]
    [InlineData("+CWSAP:\"a\"b\",\"secret\",6,3,4,0", "+CWSAP:***")]
    [InlineData("password:secret", "password:***")]
    [InlineData("AT+CWJAP?", "AT+CWJAP?")]
    [InlineData("AT+CPIN=", "AT+CPIN=")]
    [InlineData("OK", "OK")]
    public void What_follows_the_start_of_a_secret_is_masked(string line, string shown) =>
        Assert.Equal(shown, Masking.Display(Encoding.Latin1.GetBytes(line)));
}
