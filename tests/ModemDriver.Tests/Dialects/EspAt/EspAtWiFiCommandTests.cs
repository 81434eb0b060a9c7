using System.Text;
using ModemDriver.Commands;
using ModemDriver.Dialects.EspAt;
using ModemDriver.Dialects.EspAt.Services;
using ModemDriver.Dialects.EspAt.WiFi;
using ModemDriver.WiFi;

namespace ModemDriver.Tests.Dialects.EspAt;

/// <summary>The station's commands byte for byte, with names and passwords that mean no good, and their answers.</summary>
public sealed class EspAtWiFiCommandTests
{
    private const string NonOs17 = "AT version:1.7.4.0(May 11 2020 19:13:04)";
    private const string EspAt22 = "AT version:2.2.1.0(46d6c26 - ESP8266 - Aug  6 2021 06:50:15)";

    [Theory]
    [InlineData("net", "password", "\"net\",\"password\"")]
    [InlineData("net", null, "\"net\",\"\"")]
    [InlineData("a\"b", "c\"d", "\"a\\\"b\",\"c\\\"d\"")]
    [InlineData("a,b", "c,d", "\"a\\,b\",\"c\\,d\"")]
    [InlineData("a\\b", "c\\", "\"a\\\\b\",\"c\\\\\"")]
    [InlineData("\",\"x", "\",,,1", "\"\\\"\\,\\\"x\",\"\\\"\\,\\,\\,1\"")]
    [InlineData("caf\u00e9", "\u6c34", "\"caf\u00c3\u00a9\",\"\u00e6\u00b0\u00b4\"")]
    [InlineData(" net ", "> +++", "\" net \",\"> +++\"")]
    public void Names_and_passwords_stay_within_their_quotes(string ssid, string? password, string sent)
    {
        var network = new WiFiOptions(ssid, password);

        Assert.Equal("AT+CWJAP=" + sent, Text(Commands(EspAt22).Join(network)));
        Assert.Equal("AT+CWJAP_CUR=" + sent, Text(Commands(NonOs17).Join(network)));
    }

    [Theory]
    [InlineData("a\rb", "x")]
    [InlineData("a\nb", "x")]
    [InlineData("a\0b", "x")]
    [InlineData("net", "topaz\r\nAT+RST")]
    [InlineData("net", "topaz\u001a")]
    [InlineData("net", "topaz\u001b")]
    [InlineData("net", "topaz\u0085")]
    public void What_could_end_the_line_is_refused_and_a_password_is_not_quoted(string ssid, string password)
    {
        ArgumentException refused = Assert.ThrowsAny<ArgumentException>(
            () => Commands(EspAt22).Join(new WiFiOptions(ssid, password)));

        Assert.DoesNotContain("topaz", refused.ToString(), StringComparison.Ordinal);
        Assert.ThrowsAny<ArgumentException>(new WiFiOptions(ssid, password).Validate);
    }

    [Fact]
    public void The_longest_name_and_password_fit_whatever_they_are_made_of()
    {
        var network = new WiFiOptions(new string('"', 32), new string('\\', 64)) { Bssid = "aa:bb:cc:dd:ee:ff" };
        network.Validate();

        Assert.InRange(Commands(NonOs17).Join(network).Line.Bytes.Length, 1, EspAtDialect.MaxCommandLine);
    }

    [Fact]
    public void A_password_is_shown_by_no_text_of_the_command()
    {
        JoinCommand join = Commands(EspAt22).Join(new WiFiOptions("net", "topaz"));

        Assert.Equal("AT+CWJAP=\"net\",\"***\"", join.Line.Display);
        Assert.DoesNotContain("topaz", $"{join.Line} {new WiFiOptions("net", "topaz")}", StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("+CWJAP:1", NetworkJoinFailure.TimedOut)]
    [InlineData("+CWJAP:2", NetworkJoinFailure.WrongPassword)]
    [InlineData("+CWJAP_CUR:3", NetworkJoinFailure.AccessPointNotFound)]
    [InlineData("+CWJAP:4", NetworkJoinFailure.ConnectionFailed)]
    [InlineData("+CWJAP:5", NetworkJoinFailure.Unknown)]
    public void The_number_of_a_failed_join_is_its_reason(string line, NetworkJoinFailure reason)
    {
        JoinCommand join = Commands(EspAt22).Join(new WiFiOptions("net", null));

        Assert.True(join.OnLine(Encoding.ASCII.GetBytes(line)));
        Assert.Equal(reason, join.Failure);
        Assert.False(join.OnLine("+CWJAP:\"net\",\"aa:bb:cc:dd:ee:ff\",1,-50"u8));
        Assert.False(join.OnLine("WIFI CONNECTED"u8));
    }

    [Theory]
    [InlineData("+CWJAP:\"net\",\"aa:bb:cc:dd:ee:ff\",6,-48", "net", 6, -48)]
    [InlineData("+CWJAP_CUR:\"net\",\"aa:bb:cc:dd:ee:ff\",6,-48", "net", 6, -48)]
    [InlineData("+CWJAP:\"net\",\"aa:bb:cc:dd:ee:ff\",6,-48,0,1,3,0,1", "net", 6, -48)]
    [InlineData("+CWJAP:\"a\"b\",\"c\",\"aa:bb:cc:dd:ee:ff\",6,-48", "a\"b\",\"c", 6, -48)]
    [InlineData("+CWJAP:\"a:b,c\",\"aa:bb:cc:dd:ee:ff\",6,-48", "a:b,c", 6, -48)]
    [InlineData("+CWJAP:\"caf\u00c3\u00a9\",\"aa:bb:cc:dd:ee:ff\",6,-48", "caf\u00e9", 6, -48)]
    [InlineData("+CWJAP:\"\",\"aa:bb:cc:dd:ee:ff\",6,-48", "", 6, -48)]
    [InlineData("+CWJAP:\"net\",\"aa:bb:cc:dd:ee:ff\"", "net", null, null)]
    [InlineData("+CWJAP:\"net\",\"aa:bb:cc:dd:ee:ff\",x", "net", null, null)]
    public void The_joined_access_point_is_read_from_the_right(string line, string ssid, int? channel, int? rssi)
    {
        ReadAccessPointCommand read = Commands(EspAt22).ReadAccessPoint();

        Assert.True(read.OnLine(Encoding.Latin1.GetBytes(line)));
        Assert.Equal(("aa:bb:cc:dd:ee:ff", ssid, channel, rssi), (read.AccessPoint?.Bssid, read.AccessPoint?.Ssid, read.AccessPoint?.Channel, read.AccessPoint?.RssiDbm));
    }

    [Theory]
    [InlineData("No AP")]
    [InlineData("+CWJAP:")]
    [InlineData("+CWJAP:net")]
    [InlineData("+CWJAP:\"net\"")]
    [InlineData("+CWJAP:\"")]
    public void What_names_no_access_point_is_none(string line)
    {
        ReadAccessPointCommand read = Commands(EspAt22).ReadAccessPoint();

        Assert.True(read.OnLine(Encoding.ASCII.GetBytes(line)));
        Assert.Null(read.AccessPoint);
        Assert.False(read.OnLine("WIFI DISCONNECT"u8));
    }

    [Theory]
    [InlineData(NonOs17, "AT+CWJAP_CUR?")]
    [InlineData(EspAt22, "AT+CWJAP?")]
    public void The_question_for_it_is_that_of_the_family(string version, string line) =>
        Assert.Equal(line, Text(Commands(version).ReadAccessPoint()));

    [Theory]
    [InlineData("+CIFSR:STAIP,\"10.0.0.2\"|+CIFSR:STAMAC,\"1a:fe:34:9c:df:aa\"", "10.0.0.2", "1a:fe:34:9c:df:aa")]
    [InlineData("+CIFSR:APIP,\"192.168.4.1\"|+CIFSR:APMAC,\"1a:fe:34:9c:df:ab\"|+CIFSR:STAIP,\"10.0.0.2\"", "10.0.0.2", null)]
    [InlineData("+CIFSR:STAIP,\"0.0.0.0\"|+CIFSR:STAMAC,\"1a:fe:34:9c:df:aa\"", null, "1a:fe:34:9c:df:aa")]
    [InlineData("+CIFSR:STAIP,\"10.0.0\"", null, null)]
    [InlineData("+CIFSR:STAIP,10.0.0.2", "10.0.0.2", null)]
    [InlineData("+CIFSR:STAIP", null, null)]
    [InlineData("+CIFSR:STAIP6LL,\"fe80::1afe:34ff:fe9c:dfaa\"", null, null)]
    public void The_stations_addresses_are_read_and_no_others(string lines, string? address, string? hardware)
    {
        ReadAddressesCommand read = Commands(EspAt22).ReadAddresses();

        Assert.Equal("AT+CIFSR", Text(read));
        Assert.All(lines.Split('|'), line => Assert.True(read.OnLine(Encoding.ASCII.GetBytes(line))));
        Assert.False(read.OnLine("+CIPSTA:ip:\"10.0.0.9\""u8));
        Assert.Equal((address, hardware), (read.Addresses.Address?.ToString(), read.Addresses.HardwareAddress));
    }

    [Theory]
    [InlineData("+CIPDOMAIN:1.2.3.4", "1.2.3.4")]
    [InlineData("+CIPDOMAIN:\"1.2.3.4\"", "1.2.3.4")]
    [InlineData("+CIPDOMAIN:\"2001:db8::1\"", "2001:db8::1")]
    [InlineData("+CIPDOMAIN:", null)]
    [InlineData("+CIPDOMAIN:12", null)]
    [InlineData("+CIPDOMAIN:x", null)]
    [InlineData("DNS Fail", null)]
    public void A_resolved_name_is_an_address_or_nothing(string line, string? address)
    {
        var resolve = new EspAtServiceCommands(Firmware(EspAt22)).Resolve("exa\"mple,com");

        Assert.Equal("AT+CIPDOMAIN=\"exa\\\"mple\\,com\"", Text(resolve));
        Assert.True(resolve.OnLine(Encoding.ASCII.GetBytes(line)));
        Assert.Equal(address, resolve.Answer?.ToString());
    }

    private static EspAtWiFiCommands Commands(string version) => new(Firmware(version));

    private static EspAtFirmware Firmware(string version) => EspAtFirmware.Read([version])!; // all of these are

    private static string Text(AtCommand command) => Encoding.Latin1.GetString(command.Line.Text);
}
