using System.Security.Cryptography;
using System.Text;

namespace ModemDriver.Simulator.Tests;

/// <summary>Servers that no one here wrote judge the services on board.</summary>
public sealed class LuatServiceJudgeTests
{
    private const string Ok = "\r\nOK\r\n";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Mosquitto_takes_and_returns_every_byte_with_every_quality_of_service()
    {
        Mosquitto.SkipUnlessInstalled();
        await using Mosquitto broker = await Mosquitto.StartAsync(null, false, Token);
        await using var module = new ModemSimulator(new SimulatorOptions { Personality = "air780" });
        await using WireReader wire = new(module.OpenStream());
        await TellAsync(wire, "ATE0", "AT+MCONFIG=\"dev1\",\"user\",\"secret\"", "AT+MQTTMSGSET=0");
        await AskAsync(wire, $"AT+MIPSTART=\"127.0.0.1\",\"{broker.Port}\"", "CONNECT OK\r\n");
        await AskAsync(wire, "AT+MCONNECT=1,60", "CONNACK OK\r\n");
        await AskAsync(wire, "AT+MSUB=\"t/#\",2", "SUBACK\r\n");
        string data = new([.. Enumerable.Range(0, 256).Select(value => (char)value)]);
        for (int qos = 0; qos <= 2; qos++)
        {
            _ = await wire.ExchangeAsync($"AT+MPUBEX=\"t/{qos}\",{qos},0,{data.Length}\r\n", "\r\n>", Token);

            // The message may come back before the module has said that it is gone.
            string said = await wire.ExchangeAsync(data, Ok, Token);
            string message = $"+MSUB: \"t/{qos}\",256 byte,{data}\r\n";
            string[] wanted = qos == 0 ? [message] : [message, qos == 1 ? "\r\nPUBACK\r\n" : "\r\nPUBCOMP\r\n"];
            while (!wanted.All(text => said.Contains(text, StringComparison.Ordinal)))
            {
                said += await wire.ExpectAsync("\r\n", Token);
            }
        }

        await TellAsync(wire, "AT+MDISCONNECT", "AT+MIPCLOSE");
        Assert.Null(module.Failure);
    }

    [Fact]
    public async Task A_server_of_files_takes_them_and_gives_them_back()
    {
        FtpServer.SkipUnlessInstalled();
        await using FtpServer server = await FtpServer.StartAsync(Token);
        await using var module = new ModemSimulator(new SimulatorOptions { Personality = "air780" });
        await using WireReader wire = new(module.OpenStream());
        await TellAsync(
            wire, "ATE0", "AT+SAPBR=3,1,\"Contype\",\"GPRS\"", "AT+SAPBR=3,1,\"APN\",\"\"", "AT+SAPBR=1,1", "AT+FTPCID=1",
            "AT+FTPSERV=\"127.0.0.1\"", $"AT+FTPPORT={server.Port}", "AT+FTPUN=\"user\"", "AT+FTPPW=\"secret\"", "AT+FTPTYPE=\"I\"",
            "AT+FTPPUTNAME=\"a.bin\"", "AT+FTPPUTPATH=\"/\"", "AT+FTPGETNAME=\"a.bin\"", "AT+FTPGETPATH=\"/\"");
        byte[] file = RandomNumberGenerator.GetBytes(20_000);

        await AskAsync(wire, "AT+FTPPUT=1", "+FTPPUT: 1,1,1360\r\n");
        foreach (byte[] piece in file.Chunk(1360))
        {
            await AskAsync(wire, $"AT+FTPPUT=2,{piece.Length}", $"+FTPPUT: 2,{piece.Length}\r\n");
            _ = await wire.ExchangeAsync(Encoding.Latin1.GetString(piece), "+FTPPUT: 1,1,1360\r\n", Token);
        }

        await AskAsync(wire, "AT+FTPPUT=2,0", "+FTPPUT: 1,0\r\n");
        Assert.Equal(file, await File.ReadAllBytesAsync(Path.Combine(server.Folder, "a.bin"), Token));
        await AskAsync(wire, "AT+FTPSIZE", "+FTPSIZE: 1,0,20000\r\n");
        await AskAsync(wire, "AT+FTPGET=1", "+FTPGET: 1,1\r\n");
        Assert.Equal(file, await ReadFileAsync(wire, file.Length));
        _ = await wire.ExpectAsync("+FTPGET: 1,0\r\n", Token);
        await AskAsync(wire, "AT+FTPDELE", "+FTPDELE: 1,0\r\n");
        Assert.Empty(Directory.GetFiles(server.Folder));
        await AskAsync(wire, "AT+FTPGET=1", "+FTPGET: 1,79\r\n");
        Assert.Null(module.Failure);
    }

    private static async Task<byte[]> ReadFileAsync(WireReader wire, int length)
    {
        var read = new List<byte>();
        while (read.Count < length)
        {
            string head = await wire.ExchangeAsync("AT+FTPGET=2,1460\r\n", "+FTPGET: 2,", Token);
            int count = int.Parse(await wire.ExpectAsync("\r\n", Token), System.Globalization.CultureInfo.InvariantCulture);
            using var piece = new MemoryStream();
            await wire.CopyAsync(piece, count, new byte[512], Token);
            read.AddRange(piece.ToArray());
            _ = await wire.ExpectAsync(Ok, Token);
            Assert.DoesNotContain("ERROR", head, StringComparison.Ordinal);
        }

        return [.. read];
    }

    private static async Task TellAsync(WireReader wire, params string[] commands)
    {
        foreach (string command in commands)
        {
            await AskAsync(wire, command, Ok);
        }
    }

    private static async Task AskAsync(WireReader wire, string command, string ending) =>
        Assert.DoesNotContain("ERROR", await wire.ExchangeAsync(command + "\r\n", ending, Token), StringComparison.Ordinal);
}
