using System.Security.Cryptography;
using ModemDriver.Simulator;
using ModemDriver.Simulator.Tests;

namespace ModemDriver.EndToEnd.Tests.Cellular;

/// <summary>The module's own FTP client, against a real server.</summary>
public sealed class LuatFtpTests
{
    // More than the buffers of the sockets between module and server hold.
    private const int Size = 16 * 1024 * 1024;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("air780")]
    [InlineData("air820")]
    public async Task A_server_that_goes_in_the_middle_of_a_get_cuts_it_and_another_one_goes_on(string firmware)
    {
        FtpServer.SkipUnlessInstalled();
        byte[] content = RandomNumberGenerator.GetBytes(Size);
        await using Rig rig = await OpenAsync(firmware);
        await using FtpServer first = await FtpServer.StartAsync(Token);
        await using FtpServer second = await FtpServer.StartAsync(Token);
        await File.WriteAllBytesAsync(Path.Combine(first.Folder, "a.bin"), content, Token);
        await File.WriteAllBytesAsync(Path.Combine(second.Folder, "a.bin"), content, Token);
        using var got = new MemoryStream();

        await using (IFtpClient ftp = await rig.Modem.ConnectFtpAsync(OptionsFor(first), Token).Within(Token))
        {
            Stream file = await ftp.OpenReadAsync("a.bin", 0, Token).Within(Token);
            byte[] buffer = new byte[4096];
            FtpException cut = await Assert.ThrowsAsync<FtpException>(async () =>
            {
                await using (file)
                {
                    while (await file.ReadAsync(buffer, Token).AsTask().Within(Token) is > 0 and var count)
                    {
                        got.Write(buffer, 0, count);
                        if (got.Length is > 100_000 and < 110_000)
                        {
                            await first.KillAsync();
                        }
                    }
                }
            });
            Assert.Equal(FtpFailure.TransferCut, cut.Reason);
            Assert.InRange(got.Length, 100_000, Size - 1);
        }

        await using IFtpClient again = await rig.Modem.ConnectFtpAsync(OptionsFor(second), Token).Within(Token);
        await using (Stream rest = await again.OpenReadAsync("a.bin", got.Length, Token).Within(Token))
        {
            await rest.CopyToAsync(got, Token).Within(Token);
        }

        Assert.Equal(SHA256.HashData(content), SHA256.HashData(got.ToArray()));
    }

    [Fact]
    public async Task A_server_that_goes_in_the_middle_of_a_put_is_told()
    {
        FtpServer.SkipUnlessInstalled();
        await using Rig rig = await OpenAsync("air780");
        await using FtpServer server = await FtpServer.StartAsync(Token);
        await using IFtpClient ftp = await rig.Modem.ConnectFtpAsync(OptionsFor(server), Token).Within(Token);
        byte[] piece = RandomNumberGenerator.GetBytes(10_000);

        FtpException cut = await Assert.ThrowsAsync<FtpException>(async () =>
        {
            await using Stream file = await ftp.OpenWriteAsync("a.bin", 0, Token).Within(Token);
            await file.WriteAsync(piece, Token).AsTask().Within(Token);
            await server.KillAsync();
            for (int i = 0; i < 100; i++)
            {
                await file.WriteAsync(piece, Token).AsTask().Within(Token);
            }
        });
        FtpException gone = await Assert.ThrowsAsync<FtpException>(() => ftp.ReadSizeAsync("a.bin", Token).Within(Token));

        Assert.Equal(FtpFailure.TransferCut, cut.Reason);
        Assert.Equal(FtpFailure.NotReached, gone.Reason);
    }

    [Fact]
    public async Task A_transfer_runs_beside_a_link_and_other_commands()
    {
        FtpServer.SkipUnlessInstalled();
        byte[] content = RandomNumberGenerator.GetBytes(256 * 1024);
        await using Rig rig = await OpenAsync("air780");
        await using FtpServer server = await FtpServer.StartAsync(Token);
        await File.WriteAllBytesAsync(Path.Combine(server.Folder, "a.bin"), content, Token);
        await using IFtpClient ftp = await rig.Modem.ConnectFtpAsync(OptionsFor(server), Token).Within(Token);
        await using Stream file = await ftp.OpenReadAsync("a.bin", 0, Token).Within(Token);
        using var got = new MemoryStream();

        Task copy = file.CopyToAsync(got, Token);
        while (!copy.IsCompleted)
        {
            SignalQuality signal = await rig.Modem.ReadSignalAsync(Token).Within(Token);
            Assert.NotNull(signal.RsrpDbm);
        }

        await copy.Within(Token);
        Assert.Equal(content, got.ToArray());
    }

    private static Task<Rig> OpenAsync(string firmware) =>
        Rig.OpenAsync(firmware, simulate: options => options with { Network = new HostNetwork() });

    private static FtpOptions OptionsFor(FtpServer server) =>
        new("127.0.0.1") { Port = server.Port, User = "user", Password = "secret", IsOnModule = true };
}
