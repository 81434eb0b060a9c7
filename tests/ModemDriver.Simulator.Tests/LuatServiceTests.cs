namespace ModemDriver.Simulator.Tests;

/// <summary>MQTT, HTTP and FTP on board, each server's end written down byte by byte.</summary>
public sealed class LuatServiceTests
{
    private const string Ok = LuatBench.Ok;
    private const string Server = "203.0.113.8";
    private const string Failed = "\r\n+CME ERROR: 767\r\n";

    private static (Bench Bench, InMemoryPeer Broker) Connected(params string[] switches)
    {
        Bench bench = LuatBench.Make("air780", switches).Given("AT+MCONFIG=dev1,user,secret");
        InMemoryListener listener = bench.Network.Listen(Server, 1883);
        Assert.Equal(Ok + "\r\nCONNECT OK\r\n", bench.Send($"AT+MIPSTART=\"{Server}\",\"1883\"\r"));
        InMemoryPeer peer = bench.Accept(listener);
        Assert.Equal($"\r\n+MQTTSTATU :2\r\n{Ok}", bench.Send("AT+MQTTSTATU\r"));
        Assert.Equal(Ok, bench.Send("AT+MCONNECT=1,60\r"));
        Assert.Equal(
            MqttBroker.Packet(0x10, "\0\u0004MQTT\u0004\u00c2\0\u003c" + MqttBroker.Text("dev1")
                + MqttBroker.Text("user") + MqttBroker.Text("secret")),
            bench.Read(peer));
        bench.Write(peer, MqttBroker.Accepted);
        Assert.Equal("\r\nCONNACK OK\r\n", bench.Take());
        return (bench, peer);
    }

    [Fact]
    public async Task A_message_goes_out_with_every_quality_of_service()
    {
        (Bench bench, InMemoryPeer broker) = Connected();
        await using Bench _ = bench;

        Assert.Equal(Ok, bench.Send("AT+MPUB=\"t\",0,1,\"a \\22quoted\\22 word\\0D\\0A\"\r"));
        Assert.Equal(MqttBroker.Publish(1, "t", 0, "a \"quoted\" word\r\n"), bench.Read(broker));
        Assert.Equal(Ok, bench.Send("AT+MPUB=\"t\",1,0,\"x, y\"\r"));
        Assert.Equal(MqttBroker.Publish(2, "t", 1, "x, y"), bench.Read(broker));
        bench.Write(broker, "\u0040\u0002\0\u0001");
        Assert.Equal("\r\nPUBACK\r\n", bench.Take());
        Assert.Equal("\r\n>", bench.Send("AT+MPUBEX=\"t\",2,0,5\r"));
        Assert.Equal(Ok, bench.Send("a\"b\r\n"));
        Assert.Equal(MqttBroker.Publish(4, "t", 2, "a\"b\r\n"), bench.Read(broker));
        bench.Write(broker, "\u0050\u0002\0\u0002");
        Assert.Equal("\u0062\u0002\0\u0002", bench.Read(broker));
        bench.Write(broker, "\u0070\u0002\0\u0002");
        Assert.Equal("\r\nPUBREC\r\n\r\nPUBCOMP\r\n", bench.Take());
    }

    [Fact]
    public async Task Input_without_a_length_ends_with_a_sign_or_a_pause()
    {
        (Bench bench, InMemoryPeer broker) = Connected();
        await using Bench _ = bench;

        bench.Send("AT+MPUBEX=\"t\",0,0\r");
        Assert.Equal(Ok, bench.Send("one\x1a"));
        Assert.Equal(MqttBroker.Publish(0, "t", 0, "one"), bench.Read(broker));
        bench.Send("AT+MPUBEX=\"t\",0,0\r");
        Assert.Equal("", bench.Send("two") + bench.After(TimeSpan.FromSeconds(4.9)));
        Assert.Equal(Ok, bench.After(TimeSpan.FromSeconds(5.2)));
        Assert.Equal(MqttBroker.Publish(0, "t", 0, "two"), bench.Read(broker));
    }

    [Fact]
    public async Task A_message_comes_at_once_or_waits_in_the_cache()
    {
        (Bench bench, InMemoryPeer broker) = Connected();
        await using Bench _ = bench;
        Assert.Equal(Ok, bench.Send("AT+MSUB=\"mqtt/pub\",0\r"));
        Assert.Equal(MqttBroker.Packet(0x82, "\0\u0001" + MqttBroker.Text("mqtt/pub") + "\0"), bench.Read(broker));
        bench.Write(broker, MqttBroker.Packet(0x90, "\0\u0001\0"));
        Assert.Equal("\r\nSUBACK\r\n", bench.Take());

        bench.Write(broker, MqttBroker.Publish(0, "mqtt/pub", 0, "data from tcp server"));
        Assert.Equal("\r\n+MSUB: \"mqtt/pub\",20 byte,data from tcp server\r\n", bench.Take());

        bench.Given("AT+MQTTMSGSET=1");
        for (int i = 0; i < 5; i++)
        {
            bench.Write(broker, MqttBroker.Publish(0, "t", 0, $"m{i}"));
        }

        Assert.Equal(
            "\r\n+MSUB: 0\r\n\r\n+MSUB: 1\r\n\r\n+MSUB: 2\r\n\r\n+MSUB: 3\r\n\r\n+MSUB: 0\r\n", bench.Take());
        Assert.Equal(
            "\r\n+MQTTMSGGET: 0,VALID\r\n+MQTTMSGGET: 1,VALID\r\n+MQTTMSGGET: 2,VALID\r\n+MQTTMSGGET: 3,VALID\r\n" + Ok,
            bench.Send("AT+MQTTMSGGET?\r"));
        string all = bench.Send("AT+MQTTMSGGET\r");
        Assert.DoesNotContain("m0", all, StringComparison.Ordinal); // The oldest was overwritten.
        Assert.Contains("\r\n+MSUB: \"t\",2 byte,m4\r\n", all, StringComparison.Ordinal);
        Assert.Equal(Ok, bench.Send("AT+MQTTMSGGET\r"));
    }

    [Fact]
    public async Task A_broker_that_goes_is_told_of()
    {
        (Bench bench, InMemoryPeer broker) = Connected();
        await using Bench _ = bench;

        broker.Dispose();

        Assert.Equal("\r\nCLOSED\r\n", bench.Take());
        Assert.Equal($"\r\n+MQTTSTATU :0\r\n{Ok}", bench.Send("AT+MQTTSTATU\r"));
        Assert.Equal(Failed, bench.Send("AT+MIPCLOSE\r"));
        Assert.Equal(Failed, bench.Send("AT+MPUB=\"t\",0,0,\"x\"\r"));
        Assert.Equal(Failed, bench.Send("AT+MDISCONNECT\r"));
    }

    [Fact]
    public async Task The_client_leaves_with_a_word()
    {
        (Bench bench, InMemoryPeer broker) = Connected();
        await using Bench _ = bench;

        Assert.Equal(Ok, bench.Send("AT+MDISCONNECT\r"));
        Assert.Equal(MqttBroker.Farewell, bench.Read(broker));
        Assert.Equal(Ok, bench.Send("AT+MIPCLOSE\r"));
    }

    [Fact]
    public async Task A_broker_that_is_not_there_or_refuses()
    {
        await using Bench bench = LuatBench.Make("air780").Given("AT+MCONFIG=dev1");
        Assert.Equal(Ok + "\r\nSTATE: IP INITIAL\r\n\r\nCONNECT FAIL\r\n", bench.Send($"AT+MIPSTART=\"{Server}\",\"1883\"\r"));
        InMemoryListener listener = bench.Network.Listen(Server, 1883);
        bench.Send($"AT+MIPSTART=\"{Server}\",\"1883\"\r");
        InMemoryPeer peer = bench.Accept(listener);
        Assert.Equal(Ok + "\r\nALREADY CONNECT\r\n", bench.Send($"AT+MIPSTART=\"{Server}\",\"1883\"\r"));
        bench.Send("AT+MCONNECT=1,60\r");
        bench.Write(peer, "\u0020\u0002\0\u0005");
        Assert.Equal("\r\nERROR\r\n", bench.Take());
    }

    private static Bench WithBearer() =>
        LuatBench.Make("air780").Given("AT+SAPBR=3,1,\"Contype\",\"GPRS\"", "AT+SAPBR=3,1,\"APN\",\"\"", "AT+SAPBR=1,1");

    [Fact]
    public async Task A_page_is_fetched()
    {
        await using Bench bench = WithBearer().Given(
            "AT+HTTPINIT", "AT+HTTPPARA=\"CID\",1", $"AT+HTTPPARA=\"URL\",\"http://{Server}/hello.txt\"",
            "AT+HTTPPARA=\"USER_DEFINED\",\"X-Key: \\22a\\22\"");
        InMemoryListener listener = bench.Network.Listen(Server, 80);

        Assert.Equal(Ok, bench.Send("AT+HTTPACTION=0\r"));
        InMemoryPeer peer = bench.Accept(listener);
        Assert.Equal(
            $"GET /hello.txt HTTP/1.1\r\nHost: {Server}\r\nUser-Agent: AM_MODULE\r\nConnection: close\r\nX-Key: \"a\"\r\n\r\n",
            bench.Read(peer));
        bench.Write(peer, "HTTP/1.1 200 OK\r\nContent-Length: 15\r\n\r\nHello LuatOS!!!");

        Assert.Equal("\r\n+HTTPACTION: 0,200,15\r\n", bench.Take());
        Assert.Equal("\r\n+HTTPREAD: 15\r\nHello LuatOS!!!\r\nOK\r\n", bench.Send("AT+HTTPREAD\r"));
        Assert.Equal("\r\n+HTTPREAD: 5\r\nLuatO\r\nOK\r\n", bench.Send("AT+HTTPREAD=6,5\r"));
        Assert.Equal(Ok, bench.Send("AT+HTTPTERM\r"));
        Assert.Equal("\r\n+CME ERROR: 3\r\n", bench.Send("AT+HTTPREAD\r"));
    }

    [Theory]
    [InlineData("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n", "404,0")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2;x=y\r\nde\r\n0\r\n\r\n", "200,5")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 99999\r\n\r\n", "602,0")]
    [InlineData("SSH-2.0-OpenSSH\r\n\r\n", "600,0")]
    public async Task What_a_server_says_becomes_a_status(string response, string status)
    {
        await using Bench bench = WithBearer().Given(
            "AT+HTTPINIT", "AT+HTTPPARA=\"CID\",1", $"AT+HTTPPARA=\"URL\",\"{Server}\"");
        InMemoryListener listener = bench.Network.Listen(Server, 80);

        bench.Send("AT+HTTPACTION=0\r");
        bench.Write(bench.Accept(listener), response);

        Assert.Equal($"\r\n+HTTPACTION: 0,{status}\r\n", bench.Take());
    }

    [Fact]
    public async Task A_body_is_posted()
    {
        await using Bench bench = WithBearer().Given(
            "AT+HTTPINIT", "AT+HTTPPARA=\"CID\",1", $"AT+HTTPPARA=\"URL\",\"http://{Server}:8080/x\"");
        InMemoryListener listener = bench.Network.Listen(Server, 8080);

        Assert.Equal("\r\nDOWNLOAD\r\n", bench.Send("AT+HTTPDATA=4,1000\r"));
        Assert.Equal(Ok, bench.Send("a\r\nb"));
        bench.Send("AT+HTTPACTION=1\r");
        Assert.EndsWith("Content-Length: 4\r\n\r\na\r\nb", bench.Read(bench.Accept(listener)), StringComparison.Ordinal);
    }

    private static (Bench Bench, InMemoryPeer Control) SignedIn(Bench bench, string command)
    {
        bench.Given(
            "AT+FTPCID=1", $"AT+FTPSERV=\"{Server}\"", "AT+FTPUN=user", "AT+FTPPW=secret", "AT+FTPGETPATH=\"/\"",
            "AT+FTPGETNAME=\"test.txt\"", "AT+FTPPUTPATH=\"/\"", "AT+FTPPUTNAME=\"up.txt\"");
        InMemoryListener listener = bench.Network.Listen(Server, 21);
        Assert.Equal(Ok, bench.Send(command + "\r"));
        InMemoryPeer control = bench.Accept(listener);
        Talk(bench, control, "220 hello", "USER user");
        Talk(bench, control, "331 password", "PASS secret");
        return (bench, control);
    }

    private static void Talk(Bench bench, InMemoryPeer control, string said, string answered)
    {
        bench.Write(control, said + "\r\n");
        Assert.Equal(answered + "\r\n", bench.Read(control));
    }

    [Fact]
    public async Task A_file_is_read_in_pieces()
    {
        (Bench bench, InMemoryPeer control) = SignedIn(WithBearer(), "AT+FTPREST=5;+FTPGET=1");
        await using Bench _ = bench;
        InMemoryListener listener = bench.Network.Listen(Server, 2001);
        Talk(bench, control, "230-welcome\r\n230 in", "TYPE I");
        Talk(bench, control, "200 binary", "REST 5");
        Talk(bench, control, "350 there", "PASV");
        Talk(bench, control, "227 here (10,0,0,1,7,209)", "RETR /test.txt");
        InMemoryPeer data = bench.Accept(listener);
        bench.Write(control, "150 it comes\r\n");
        bench.Write(data, "67890asdfg");

        Assert.Equal("\r\n+FTPGET: 1,1\r\n", bench.Take());
        Assert.Equal("\r\n+FTPGET: 2,5\r\n67890\r\nOK\r\n\r\n+FTPGET: 1,1\r\n", bench.Send("AT+FTPGET=2,5\r"));
        Assert.Equal("\r\n+FTPGET: 2,5\r\nasdfg\r\nOK\r\n", bench.Send("AT+FTPGET=2,1460\r"));
        Assert.Equal("\r\n+FTPGET: 2,0\r\n\r\nOK\r\n", bench.Send("AT+FTPGET=2,1460\r"));
        data.Dispose();
        bench.Write(control, "226 done\r\n");
        Assert.Equal("QUIT\r\n", bench.Read(control));
        bench.Write(control, "221 bye\r\n");
        Assert.Equal("\r\n+FTPGET: 1,0\r\n", bench.Take());
        Assert.Equal("\r\nERROR\r\n", bench.Send("AT+FTPQUIT\r"));
        Assert.Equal($"\r\n+FTPSTATE: 0\r\n{Ok}", bench.Send("AT+FTPSTATE\r"));
    }

    [Fact]
    public async Task A_file_is_written_in_pieces()
    {
        (Bench bench, InMemoryPeer control) = SignedIn(WithBearer(), "AT+FTPPUT=1");
        await using Bench _ = bench;
        InMemoryListener listener = bench.Network.Listen(Server, 2001);
        Talk(bench, control, "230 in", "TYPE I");
        Talk(bench, control, "200 binary", "PASV");
        Talk(bench, control, "227 here (10,0,0,1,7,209)", "STOR /up.txt");
        InMemoryPeer data = bench.Accept(listener);
        bench.Write(control, "150 come\r\n");

        Assert.Equal("\r\n+FTPPUT: 1,1,1360\r\n", bench.Take());
        Assert.Equal("\r\n+FTPPUT: 2,10\r\n", bench.Send("AT+FTPPUT=2,10\r"));
        Assert.Equal(Ok + "\r\n+FTPPUT: 1,1,1360\r\n", bench.Send("1234567890"));
        Assert.Equal("1234567890", bench.Read(data));
        Assert.Equal(Ok, bench.Send("AT+FTPPUT=2,0\r"));
        bench.Write(control, "226 stored\r\n");
        Assert.Equal("QUIT\r\n", bench.Read(control));
        bench.Write(control, "221 bye\r\n");
        Assert.Equal("\r\n+FTPPUT: 1,0\r\n", bench.Take());
    }

    [Theory]
    [InlineData("530 no", "+FTPGET: 1,72")]
    [InlineData("421 busy", "+FTPGET: 1,65")]
    public async Task A_password_that_is_wrong_is_said(string answer, string result)
    {
        (Bench bench, InMemoryPeer control) = SignedIn(WithBearer(), "AT+FTPGET=1");
        await using Bench _ = bench;

        bench.Write(control, answer + "\r\n");
        control.Dispose();

        Assert.Equal($"\r\n{result}\r\n", bench.Take());
    }

    [Fact]
    public async Task The_user_stops_a_transfer()
    {
        (Bench bench, InMemoryPeer _) = SignedIn(WithBearer(), "AT+FTPGET=1");
        await using Bench __ = bench;

        Assert.Equal(Ok + "\r\n+FTPGET: 1,86\r\n", bench.Send("AT+FTPQUIT\r"));
        Assert.Equal("\r\nERROR\r\n", bench.Send("AT+FTPQUIT\r"));
    }

    [Fact]
    public async Task Without_a_bearer_nothing_begins()
    {
        await using Bench bench = LuatBench.Make("air780").Given("AT+FTPCID=1", $"AT+FTPSERV=\"{Server}\"", "AT+HTTPINIT",
            "AT+HTTPPARA=\"CID\",1", $"AT+HTTPPARA=\"URL\",\"{Server}\"");

        Assert.Equal("\r\n+CME ERROR: 3\r\n", bench.Send("AT+FTPGET=1\r"));
        Assert.Equal("\r\n+CME ERROR: 3\r\n", bench.Send("AT+HTTPACTION=0\r"));
    }
}
