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
    [InlineData("AT+CLCK=\"SC\",1,\"1234\"", "AT+CLCK=***")]
    [InlineData("AT+CPWD=\"SC\",\"1234\",\"4321\"", "AT+CPWD=***")]
    [InlineData("AT+CGAUTH=1,2,\"user\",\"secret\"", "AT+CGAUTH=***")]
    [InlineData("AT+CWJAP_DEF=\"home\",\"secret\"", "AT+CWJAP_DEF=***")]
    [InlineData("AT+CWSAP_CUR=\"home\",\"secret\",1,3", "AT+CWSAP_CUR=***")]
    [InlineData("+CWSAP_DEF:\"home\",\"secret\",1,3", "+CWSAP_DEF:***")]
    [InlineData("AT+CWJEAP=\"home\",0,\"id\",\"user\",\"secret\",0", "AT+CWJEAP=***")]
    [InlineData("AT+CIPSSLCPSK=0,\"secret\",\"hint\"", "AT+CIPSSLCPSK=***")]
    [InlineData("AT+CIPSSLCPSKHEX=0,\"5ec2e7\",\"hint\"", "AT+CIPSSLCPSKHEX=***")]
    [InlineData("AT+MQTTPASSWORD=0,\"secret\"", "AT+MQTTPASSWORD=***")]
    [InlineData("+MQTTUSERCFG:0,1,\"id\",\"user\",\"secret\"", "+MQTTUSERCFG:***")]
    [InlineData("busy\r\nAT+CPIN=1234", "busy\\r\\nAT+CPIN=***")]
    [InlineData("\u00ff\u0000OK ", "\\xff\\x00OK\\x20")]
    [InlineData("", "")]
    [InlineData("AT+CPIN?", "AT+CPIN?")]
    [InlineData("AT+CWJAP?", "AT+CWJAP?")]
    [InlineData("AT+CPIN=", "AT+CPIN=")]
    [InlineData("OK", "OK")]
    public void What_follows_the_start_of_a_secret_is_masked(string line, string shown) =>
        Assert.Equal(shown, Masking.Display(Encoding.Latin1.GetBytes(line)));
}
