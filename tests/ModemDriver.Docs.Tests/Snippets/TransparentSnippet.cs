namespace ModemDriver.Docs.Tests.Snippets;

/// <summary>docs/transparent.md.</summary>
internal static class TransparentSnippet
{
    public static async Task<CommandResponse> RunAsync(
        Modem modem, string host, int port, CancellationToken cancellationToken)
    {
        #region Transparent
        await using TransparentSession pipe = await modem.OpenTransparentAsync(host, port, cancellationToken);
        await pipe.WriteAsync("hello"u8.ToArray(), cancellationToken);

        await pipe.SuspendAsync(cancellationToken); // back to commands; the link is kept
        CommandResponse version = await modem.SendAsync("AT+GMR", cancellationToken: cancellationToken);
        await pipe.ResumeAsync(cancellationToken);
        #endregion
        return version;
    }
}
