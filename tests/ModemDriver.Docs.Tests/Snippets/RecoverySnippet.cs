namespace ModemDriver.Docs.Tests.Snippets;

/// <summary>The snippet of docs/recovery.md.</summary>
internal static class RecoverySnippet
{
    /// <summary>Whatever switches the power of the module.</summary>
    public interface IRelay
    {
        /// <summary>Switches it.</summary>
        Task SetAsync(bool on, CancellationToken cancellationToken);
    }

    public static async Task RecoverAsync(IRelay relay, TimeSpan pause, CancellationToken cancellationToken)
    {
        #region RecoveryHook
        var options = new ModemOptions
        {
            Recovery = new RecoveryOptions
            {
                Hook = async (context, cancellationToken) =>
                {
                    await relay.SetAsync(on: false, cancellationToken);
                    await Task.Delay(pause, cancellationToken);
                    await relay.SetAsync(on: true, cancellationToken);
                },
            },
        };
        await using Modem modem = await Modem.OpenAsync("/dev/ttyUSB0", options, cancellationToken);
        modem.RecoveryReported += (_, report) => Console.WriteLine(
            $"{report.Cause}: {report.Rung}, attempt {report.Attempt}, {report.Duration}: {report.Failure?.Message ?? "helped"}");
        #endregion
    }
}
