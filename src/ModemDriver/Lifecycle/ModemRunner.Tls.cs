namespace ModemDriver.Lifecycle;

/// <summary>TLS of the module: what its firmware can do of what is asked.</summary>
internal sealed partial class ModemRunner
{
    /// <summary>Refuses what the module's own TLS cannot do of what is asked.</summary>
    public void RequireTls(ModuleTlsOptions options)
    {
        var dialect = Require(ModemFeature.ModuleTls);
        if (options.NeedsVerification && !dialect.Supports(ModemFeature.ModuleTlsVerification))
        {
            const string Way = "the server is not verified; allow that by ModuleTlsOptions.VerifyServer = false";
            throw new FeatureNotSupportedException(
                ModemFeature.ModuleTlsVerification,
                dialect.Identity,
                options.ClientSlot is null ? Way : "it shows no certificate of its own");
        }

        RequireIf(options.HasCertificates, ModemFeature.ModuleTlsCertificates);
        RequireIf(options.ServerName is not null, ModemFeature.ModuleTlsServerName);
        RequireIf(options.ApplicationProtocols.Count > 0, ModemFeature.ModuleTlsAlpn);
        RequireIf(options.PreSharedKey is not null, ModemFeature.ModuleTlsPreSharedKey);
    }

    private void RequireIf(bool isWanted, ModemFeature feature)
    {
        if (isWanted)
        {
            Require(feature);
        }
    }
}
