using System.Text;
using ModemDriver.Dialects.Standard;

namespace ModemDriver.Tests.Dialects.Standard;

/// <summary>The registration lines of modules, as public tests and logs have them.</summary>
public sealed class RegistrationLineTests
{
    [Theory]
    [InlineData("+CREG: 1,3", "Answer Denied CircuitSwitched")]
    [InlineData("+CREG: 3", "Urc Denied CircuitSwitched")]
    [InlineData("+CREG:0", "Urc NotRegistered CircuitSwitched")]
    [InlineData("+CREG :  5", "Urc Roaming CircuitSwitched")]
    [InlineData("+CREG: 1,\"CE00\",\"00005449\"", "Urc Home CircuitSwitched CE00 5449")]
    [InlineData("+CREG: 1,1,84CD,00D30173", "Answer Home CircuitSwitched 84CD D30173")]
    [InlineData("+CREG: 2,1,\"CE00\",\"01CEAD8F\"", "Answer Home CircuitSwitched CE00 1CEAD8F")]
    [InlineData("+CREG: 2,1,\"1863\",\"0183db22\",7", "Answer Home CircuitSwitched 1863 183DB22 Lte")]
    [InlineData("+CREG: 2,0,00,0", "Answer NotRegistered CircuitSwitched")]
    [InlineData("+CREG: 2,,", "Urc Searching CircuitSwitched")]
    [InlineData("+CREG:002,001,\"18d8\",\"ffff\"", "Answer Home CircuitSwitched 18D8")]
    [InlineData("+CREG: 2,6,\"8B37\",\"0A265185\",7", "Answer SmsOnly CircuitSwitched 8B37 A265185 Lte")]
    [InlineData("+CREG: 2,5,\"0502\",\"0404736D\"", "Answer Roaming CircuitSwitched 502 404736D")]
    [InlineData("+CREG: 2,1,000B,2816, B, C2816", "Answer Home CircuitSwitched B 2816")]
    [InlineData("+CREG: 2,1,  0 5, 2715", "Answer Home CircuitSwitched 5 2715")]
    [InlineData("+CREG: 1,5,0,000b1d, 0", "Answer Roaming CircuitSwitched - B1D Gsm")]
    [InlineData("+CREG: 2,1,\"FFFE\",\"FFFFFFF\",7", "Answer Home CircuitSwitched - - Lte")]
    [InlineData("+CGREG: 1,\"1422\",\"00000142\",3,\"00\"", "Urc Home Packet 1422 142 Edge")]
    [InlineData("+CEREG: 2,1,\"1F00\",\"79D903\",7", "Answer Home Evolved 1F00 79D903 Lte")]
    [InlineData("+CEREG: 2,1, 1F00, 20 ,79D903 ,7", "Answer Home Evolved 1F00 79D903 Lte")]
    [InlineData("+CEREG: 3,1,\"1F00\",\"79D903\",7", "Answer Home Evolved 1F00 79D903 Lte")]
    [InlineData("+CEREG: 1,\"1F00\",\"79D903\",7,,,\"00000001\",\"10100011\"", "Urc Home Evolved 1F00 79D903 Lte")]
    [InlineData("+CEREG: 5,1,\"1F00\",\"79D903\",7,,,\"00000001\",\"10100011\"", "Answer Home Evolved 1F00 79D903 Lte")]
    [InlineData("+CEREG: 3,\"1F00\",\"79D903\",7,0,15", "Urc Denied Evolved 1F00 79D903 Lte cause 15")]
    [InlineData("+CEREG: 0,1", "Answer Home Evolved")]
    [InlineData("+C5GREG: 1,1F00,79D903,11,6,ABCDEF", "Urc Home FifthGeneration 1F00 79D903 NewRadio")]
    [InlineData("+C5GREG: 2,1,1F00,79D903,11,6,ABCDEF", "Answer Home FifthGeneration 1F00 79D903 NewRadio")]
    public void A_line_is_told_by_its_shape(string line, string expected) => Assert.Equal(expected, Read(line));

    [Theory]
    [InlineData("+CREG")]
    [InlineData("+CREG:")]
    [InlineData("+CREG: x")]
    [InlineData("+CREGX: 1")]
    [InlineData("+CREG: \"1\",")]
    [InlineData("CREG: 1")]
    [InlineData("")]
    public void What_is_no_registration_is_none(string line) => Assert.Equal("None", Read(line));

    private static string Read(string line)
    {
        RegistrationShape shape = RegistrationLine.Read(Encoding.Latin1.GetBytes(line), out CellularRegistration? read);
        if (read is null)
        {
            return shape.ToString();
        }

        string text = $"{shape} {read.Status} {read.Domain} {read.AreaCode?.ToString("X") ?? "-"} {read.CellId?.ToString("X") ?? "-"} {read.Technology?.ToString() ?? "-"}";
        return text.TrimEnd(' ', '-') + (read.RejectCause is { } cause ? $" cause {cause}" : string.Empty);
    }
}
