using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using Xunit;

namespace ModemDriver.Cli.Tests;

/// <summary>The tool against a real FTP server, through links of a simulated module.</summary>
public sealed class FtpTests : IDisposable
{
    private const int Size = 5 * 1024 * 1024;

    private static readonly Dictionary<string, string> Password = new() { ["MODEM_FTP_PASSWORD"] = "secret" };

    private readonly string _here = Directory.CreateTempSubdirectory("modem-ftp-here-").FullName;

    public void Dispose() => Directory.Delete(_here, recursive: true);

    [Theory]
    [InlineData("esp-at")]
    [InlineData("air780")]
    [InlineData("air780", "--on-module")]
    [InlineData("air820", "--on-module")]
    public async Task Five_MiB_each_way_with_a_cut_in_the_middle_resumed(string personality, params string[] way)
    {
        FtpServer.SkipUnlessInstalled();
        await using FtpServer server = await FtpServer.StartAsync(TestContext.Current.CancellationToken);
        await using SimulatedPort simulated = await SimulatedPort.StartAsync("--personality", personality);
        byte[] content = RandomNumberGenerator.GetBytes(Size);
        string file = Path.Combine(_here, "big file.bin");
        string back = Path.Combine(_here, "back.bin");
        await File.WriteAllBytesAsync(file, content, TestContext.Current.CancellationToken);
        string there = Path.Combine(server.Folder, "big file.bin");

        // What a cut leaves behind: a part of the file.
        await File.WriteAllBytesAsync(there, content[..1_000_003], TestContext.Current.CancellationToken);
        ToolRun put = await RunAsync(simulated, server, "put", [file, "--resume", "--json", .. way]);
        put.ShouldEnd(ExitCode.Ok);
        Assert.Equal(1_000_003, JsonDocument.Parse(put.Out).RootElement.GetProperty("offset").GetInt64());
        Assert.Equal(SHA256.HashData(content), SHA256.HashData(await File.ReadAllBytesAsync(there, TestContext.Current.CancellationToken)));

        await File.WriteAllBytesAsync(back, content[..2_000_001], TestContext.Current.CancellationToken);
        ToolRun get = await RunAsync(simulated, server, "get", ["big file.bin", "--output", back, "--resume", "--json", .. way]);
        get.ShouldEnd(ExitCode.Ok);
        Assert.Equal(Size - 2_000_001, JsonDocument.Parse(get.Out).RootElement.GetProperty("bytes").GetInt64());
        Assert.Equal(SHA256.HashData(content), SHA256.HashData(await File.ReadAllBytesAsync(back, TestContext.Current.CancellationToken)));
    }

    [Fact]
    public async Task Folders_and_files_are_arranged_and_refusals_are_told()
    {
        FtpServer.SkipUnlessInstalled();
        await using FtpServer server = await FtpServer.StartAsync(TestContext.Current.CancellationToken);
        await using SimulatedPort simulated = await SimulatedPort.StartAsync("--personality", "esp-at");
        string file = Path.Combine(_here, "one.txt");
        await File.WriteAllTextAsync(file, "one\n", TestContext.Current.CancellationToken);

        (await RunAsync(simulated, server, "mkdir", "\u4f60 folder")).ShouldEnd(ExitCode.Ok);
        (await RunAsync(simulated, server, "put", file, "\u4f60 folder/a.txt")).ShouldEnd(ExitCode.Ok);
        (await RunAsync(simulated, server, "put", file, "\u4f60 folder/a.txt", "--append")).ShouldEnd(ExitCode.Ok);
        (await RunAsync(simulated, server, "mv", "\u4f60 folder/a.txt", "\u4f60 folder/b.txt")).ShouldEnd(ExitCode.Ok);
        ToolRun list = await RunAsync(simulated, server, "ls", "\u4f60 folder", "--json");
        ToolRun missing = await RunAsync(simulated, server, "get", "none.txt", "--output", Path.Combine(_here, "x"));
        ToolRun full = await RunAsync(simulated, server, "rmdir", "\u4f60 folder");
        (await RunAsync(simulated, server, "rm", "\u4f60 folder/b.txt")).ShouldEnd(ExitCode.Ok);
        (await RunAsync(simulated, server, "rmdir", "\u4f60 folder")).ShouldEnd(ExitCode.Ok);
        ToolRun stranger = await ToolRun.StartAsync(
            "ftp", "ls", Address(server), "--user", "user", "--port", simulated.Port);

        JsonElement entry = Assert.Single(JsonDocument.Parse(list.Out).RootElement.EnumerateArray());
        Assert.Equal(("b.txt", "File", 8), (
            entry.GetProperty("name").GetString(), entry.GetProperty("kind").GetString(), entry.GetProperty("size").GetInt64()));
        missing.ShouldEnd(ExitCode.Refused);
        missing.ShouldSay("550");
        full.ShouldEnd(ExitCode.Refused);
        Assert.Empty(Directory.GetFileSystemEntries(server.Folder));
        stranger.ShouldEnd(ExitCode.Refused);
        stranger.ShouldSay("530");
    }

    [Fact]
    public async Task The_modules_own_client_arranges_files_and_tells_refusals_by_its_number()
    {
        FtpServer.SkipUnlessInstalled();
        await using FtpServer server = await FtpServer.StartAsync(TestContext.Current.CancellationToken);
        await using SimulatedPort simulated = await SimulatedPort.StartAsync("--personality", "air780");
        string file = Path.Combine(_here, "one.txt");
        string back = Path.Combine(_here, "back.txt");
        await File.WriteAllTextAsync(file, "one\n", TestContext.Current.CancellationToken);

        (await RunAsync(simulated, server, "mkdir", "a folder", "--on-module")).ShouldEnd(ExitCode.Ok);
        (await RunAsync(simulated, server, "put", file, "/a folder/a.txt", "--on-module")).ShouldEnd(ExitCode.Ok);
        (await RunAsync(simulated, server, "put", file, "a folder/a.txt", "--append", "--on-module")).ShouldEnd(ExitCode.Ok);
        ToolRun list = await RunAsync(simulated, server, "ls", "a folder", "--json", "--on-module");
        (await RunAsync(simulated, server, "get", "a folder/a.txt", "--output", back, "--on-module")).ShouldEnd(ExitCode.Ok);
        ToolRun missing = await RunAsync(
            simulated, server, "get", "none.txt", "--output", Path.Combine(_here, "x"), "--on-module");
        ToolRun full = await RunAsync(simulated, server, "rmdir", "a folder", "--on-module");
        ToolRun renamed = await RunAsync(simulated, server, "mv", "a folder", "b", "--on-module");
        (await RunAsync(simulated, server, "rm", "a folder/a.txt", "--on-module")).ShouldEnd(ExitCode.Ok);
        (await RunAsync(simulated, server, "rmdir", "a folder", "--on-module")).ShouldEnd(ExitCode.Ok);
        ToolRun stranger = await ToolRun.StartAsync(
            "ftp", "ls", Address(server), "--user", "user", "--on-module", "--port", simulated.Port);
        ToolRun secret = await RunAsync(simulated, server, "ls", "--tls", "--on-module");

        JsonElement entry = Assert.Single(JsonDocument.Parse(list.Out).RootElement.EnumerateArray());
        Assert.Equal(("a.txt", "File", 8), (
            entry.GetProperty("name").GetString(), entry.GetProperty("kind").GetString(), entry.GetProperty("size").GetInt64()));
        Assert.Equal("one\none\n", await File.ReadAllTextAsync(back, TestContext.Current.CancellationToken));
        missing.ShouldEnd(ExitCode.Refused);
        missing.ShouldSay("77");
        full.ShouldEnd(ExitCode.Refused);
        renamed.ShouldEnd(ExitCode.Refused);
        Assert.Empty(Directory.GetFileSystemEntries(server.Folder));
        stranger.ShouldEnd(ExitCode.Refused);
        stranger.ShouldSay("72");
        secret.ShouldEnd(ExitCode.Usage);
    }

    [Theory]
    [InlineData("esp-at")]
    [InlineData("air780eq")]
    public async Task A_module_without_a_client_of_its_own_says_so(string personality)
    {
        await using SimulatedPort simulated = await SimulatedPort.StartAsync("--personality", personality);

        ToolRun run = await ToolRun.StartAsync("ftp", "ls", "127.0.0.1:21", "--on-module", "--port", simulated.Port);

        run.ShouldEnd(ExitCode.Refused);
        run.ShouldSay("OnBoardFtp");
    }

    private static string Address(FtpServer server) => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{server.Port}");

    private static Task<ToolRun> RunAsync(SimulatedPort simulated, FtpServer server, string verb, params string[] arguments) =>
        ToolRun.StartAsync(
            Stream.Null,
            Password,
            ["ftp", verb, Address(server), .. arguments, "--user", "user", "--port", simulated.Port]);
}
