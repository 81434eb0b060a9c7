namespace ModemDriver.Docs.Tests.Snippets;

/// <summary>The code of docs/ftp.md.</summary>
internal static class FtpSnippet
{
    public static async Task RunAsync(Modem modem, string password)
    {
        #region Ftp
        await using var ftp = await modem.ConnectFtpAsync(
            new FtpOptions("ftp.example.com") { User = "gateway", Password = password, Security = FtpSecurity.ExplicitTls });

        await using (var file = await ftp.OpenReadAsync("config.json"))
        await using (var copy = File.Create("config.json"))
        {
            await file.CopyToAsync(copy);
        }

        await using (var log = await ftp.OpenAppendAsync("logs/today.txt"))
        {
            await log.WriteAsync("23.5\n"u8.ToArray());
        }
        #endregion
    }

    public static async Task RunOnModuleAsync(Modem modem, string password, FileStream copy)
    {
        long have = copy.Length;

        #region FtpOnModule
        await using var ftp = await modem.ConnectFtpAsync(
            new FtpOptions("ftp.example.com") { User = "gateway", Password = password, IsOnModule = true });

        await using (var file = await ftp.OpenReadAsync("firmware/2.bin", offset: have))
        {
            await file.CopyToAsync(copy);
        }
        #endregion
    }
}
