using System.Text;
using ModemDriver.Dialects.Luat;
using ModemDriver.Links;
using ModemDriver.Protocol;

namespace ModemDriver.Tests.Dialects.Luat;

/// <summary>What goes before a link with TLS of the module, and before one without.</summary>
public sealed class LuatTlsCommandTests
{
    private const string Pem = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";

    private readonly LuatTlsCommands _tls = new(hasServerName: true);

    [Fact]
    public void A_verified_server_needs_its_level_its_root_and_its_name() => Assert.Equal(
        [
            "AT+SSLCFG=\"sslversion\",2,3",
            "AT+SSLCFG=\"seclevel\",2,1",
            "AT+SSLCFG=\"cacert\",2,\"ca0.crt\"",
            "AT+SSLCFG=\"ignorelocaltime\",2,0",
            "AT+SSLCFG=\"hostname\",2,\"example.com\"",
            "AT+SSLCFG=\"negotiatetimeout\",2,60",
            "AT+CIPSSL=1",
        ],
        Lines(_tls.Prepare(2, "example.com", new ModuleTlsOptions())));

    [Fact]
    public void What_was_told_is_not_repeated_and_not_inherited()
    {
        Succeed(_tls.Prepare(2, "example.com", new ModuleTlsOptions()));

        Assert.Equal(["AT+CIPSSL=1"], Lines(_tls.Prepare(2, "example.com", new ModuleTlsOptions())));
        Assert.Equal(
            ["AT+SSLCFG=\"seclevel\",2,0", "AT+SSLCFG=\"hostname\",2,", "AT+CIPSSL=1"],
            Lines(_tls.Prepare(2, "10.0.0.2", new ModuleTlsOptions { VerifyServer = false })));
        Assert.Contains(
            "AT+SSLCFG=\"seclevel\",3,1", Lines(_tls.Prepare(3, "example.com", new ModuleTlsOptions())));
    }

    [Fact]
    public void What_was_refused_is_told_again()
    {
        _tls.Prepare(2, "example.com", new ModuleTlsOptions())[1].Command.OnFinal(new FinalResult(false, "ERROR"));

        Assert.Contains("AT+SSLCFG=\"seclevel\",2,1", Lines(_tls.Prepare(2, "example.com", new ModuleTlsOptions())));
    }

    [Fact]
    public void A_link_without_TLS_switches_it_off_where_it_was_on()
    {
        Assert.Empty(_tls.PrepareWithout());
        Succeed(_tls.Prepare(2, "example.com", new ModuleTlsOptions()));

        Assert.Equal(["AT+CIPSSL=0"], Lines(_tls.PrepareWithout()));
        Succeed(_tls.PrepareWithout());
        Assert.Empty(_tls.PrepareWithout());
    }

    [Fact]
    public void Certificates_are_written_once_with_the_line_ends_of_the_wire()
    {
        ModuleTlsOptions options = new()
        {
            AuthorityPem = Pem,
            AuthoritySlot = 3,
            ClientCertificate = new ModuleTlsCertificate(Pem, "-----BEGIN PRIVATE KEY-----\nSECRET\n"),
        };
        IReadOnlyList<SetupStep> steps = _tls.Prepare(0, "example.com", options);

        Assert.Equal(
            [
                "AT+FSDEL=\"ca3.crt\"", "AT+FSCREATE=\"ca3.crt\"", "AT+FSWRITE=\"ca3.crt\",0,62,15",
                "AT+FSDEL=\"client0.crt\"", "AT+FSCREATE=\"client0.crt\"", "AT+FSWRITE=\"client0.crt\",0,62,15",
                "AT+FSDEL=\"client0.key\"", "AT+FSCREATE=\"client0.key\"", "AT+FSWRITE=\"client0.key\",0,37,15",
                "AT+SSLCFG=\"sslversion\",0,3", "AT+SSLCFG=\"seclevel\",0,2", "AT+SSLCFG=\"cacert\",0,\"ca3.crt\"",
                "AT+SSLCFG=\"ignorelocaltime\",0,0",
                "AT+SSLCFG=\"clientcert\",0,\"client0.crt\"", "AT+SSLCFG=\"clientkey\",0,\"client0.key\"",
                "AT+SSLCFG=\"hostname\",0,\"example.com\"", "AT+SSLCFG=\"negotiatetimeout\",0,60", "AT+CIPSSL=1",
            ],
            Lines(steps));
        Assert.Equal(
            Pem.ReplaceLineEndings("\r\n"), Encoding.ASCII.GetString(steps[2].Command.Payload!.Bytes.FirstSpan)); // it has one
        Assert.False(steps[2].Command.Payload!.IsSecret);
        Assert.True(steps[8].Command.Payload!.IsSecret);
        Assert.False(steps[0].IsRequired);
        Succeed(steps);
        Assert.Equal(["AT+CIPSSL=1"], Lines(_tls.Prepare(0, "example.com", options)));
    }

    [Fact]
    public void What_this_firmware_cannot_do_is_refused_by_the_name_of_the_option()
    {
        Assert.Contains(
            nameof(ModuleTlsOptions.ClientCertificateSlot),
            Refusal("a", new ModuleTlsOptions { VerifyServer = false, ClientCertificateSlot = 1 }),
            StringComparison.Ordinal);
        Assert.Contains(
            nameof(ModuleTlsOptions.ExpectedName),
            Refusal("a.example", new ModuleTlsOptions { ExpectedName = "b.example" }),
            StringComparison.Ordinal);
        Assert.NotEmpty(_tls.Prepare(0, "a.example", new ModuleTlsOptions { ExpectedName = "a.example" }));
    }

    [Fact]
    public void Firmware_without_names_is_told_none()
    {
        LuatTlsCommands tls = new(hasServerName: false);

        Assert.DoesNotContain(
            Lines(tls.Prepare(0, "example.com", new ModuleTlsOptions())), line => line.Contains("hostname", StringComparison.Ordinal));
    }

    [Fact]
    public void A_key_is_in_no_text_of_the_options()
    {
        LinkRequest request = new("a", 1)
        {
            ModuleTls = new ModuleTlsOptions { ClientCertificate = new ModuleTlsCertificate(Pem, "SECRET") },
        };

        Assert.DoesNotContain("SECRET", request.ToString(), StringComparison.Ordinal);
    }

    private string Refusal(string host, ModuleTlsOptions options) =>
        Assert.Throws<ArgumentException>(() => _tls.Prepare(0, host, options)).Message;

    private static IEnumerable<string> Lines(IEnumerable<SetupStep> steps) =>
        steps.Select(step => Encoding.ASCII.GetString(step.Command.Line.Text));

    private static void Succeed(IEnumerable<SetupStep> steps)
    {
        foreach (SetupStep step in steps)
        {
            step.Command.OnFinal(new FinalResult(true, "OK"));
        }
    }
}
