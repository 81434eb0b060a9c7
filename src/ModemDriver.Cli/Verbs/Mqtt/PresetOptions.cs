using System.CommandLine;
using System.CommandLine.Parsing;
using ModemDriver.Mqtt;

namespace ModemDriver.Cli.Verbs.Mqtt;

/// <summary>The options of a sign-in to a cloud platform, whose password is made of a device's secret.</summary>
internal sealed class PresetOptions
{
    private const string Aliyun = "aliyun";
    private const string Tencent = "tencent";
    private const string OneNet = "onenet";
    private const string UsualRegion = "cn-shanghai";

    private readonly string _variable;
    private readonly Option<string?> _preset;
    private readonly Option<string?> _product;
    private readonly Option<string?> _device;
    private readonly Option<string?> _secret;
    private readonly Option<string?> _region;

    /// <summary>Makes the options.</summary>
    /// <param name="prefix">What their names begin with; empty or ending in a hyphen.</param>
    public PresetOptions(string prefix)
    {
        _variable = "MODEM_MQTT_" + prefix.ToUpperInvariant().Replace('-', '_') + "DEVICE_SECRET";
        _preset = new($"--{prefix}preset")
        {
            Description = "Signs in to a cloud platform as a device, instead of --client-id and --user.",
            HelpName = $"{Aliyun}|{Tencent}|{OneNet}",
        };
        _preset.AcceptOnlyFromAmong(Aliyun, Tencent, OneNet);
        _product = new($"--{prefix}product") { Description = "The product of that device.", HelpName = "NAME" };
        _device = new($"--{prefix}device") { Description = "The name of that device.", HelpName = "NAME" };
        _secret = new($"--{prefix}device-secret")
        {
            Description = $"Its secret; better in the environment variable {_variable}.",
            HelpName = "SECRET",
        };
        _region = new($"--{prefix}region")
        {
            Description = $"With {Aliyun}: the region of the public instance ({UsualRegion} unless given).",
            HelpName = "REGION",
        };
    }

    public void AddTo(Command command)
    {
        foreach (Option option in new Option[] { _preset, _product, _device, _secret, _region })
        {
            command.Options.Add(option);
        }
    }

    /// <summary>Whether a platform is named.</summary>
    public bool IsGiven(SymbolResult result) => result.GetResult(_preset) is not null;

    /// <summary>The same for a command line that was checked.</summary>
    public bool IsGiven(ParseResult parsed) => parsed.GetValue(_preset) is not null;

    /// <summary>What tells this device from others; <see langword="null"/> without a platform.</summary>
    public string? NameOf(ParseResult parsed) =>
        IsGiven(parsed) ? $"{parsed.GetValue(_product)}.{parsed.GetValue(_device)}" : null;

    /// <summary>The platform's broker.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="context">The environment, for the secret.</param>
    /// <param name="tls">Whether the connection has TLS; one platform has two brokers.</param>
    public string HostOf(ParseResult parsed, ToolContext context, bool tls) => ToSignIn(parsed, context, tls) switch
    {
        AliyunSignIn aliyun => aliyun.HostOf(parsed.GetValue(_region) ?? UsualRegion),
        TencentSignIn tencent => tencent.Host,
        _ => tls ? OneNetSignIn.TlsHost : OneNetSignIn.Host,
    };

    /// <summary>Finds what is missing, or does not go with another option.</summary>
    /// <param name="result">The command line.</param>
    /// <param name="others">Options that say the same in another way.</param>
    public void Check(CommandResult result, params ReadOnlySpan<Option> others)
    {
        if (!IsGiven(result))
        {
            foreach (Option option in new Option[] { _product, _device, _secret, _region })
            {
                if (result.GetResult(option) is not null)
                {
                    result.AddError($"{option.Name} goes with {_preset.Name}");
                }
            }

            return;
        }

        if (result.GetResult(_product) is null || result.GetResult(_device) is null)
        {
            result.AddError($"{_preset.Name} needs {_product.Name} and {_device.Name}");
        }

        if (result.GetResult(_region) is not null && result.GetValue(_preset) != Aliyun)
        {
            result.AddError($"{_region.Name} goes with {_preset.Name} {Aliyun}");
        }

        foreach (Option other in others)
        {
            if (result.GetResult(other) is not null)
            {
                result.AddError($"{_preset.Name} and {other.Name} exclude each other");
            }
        }
    }

    /// <summary>The sign-in.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="context">The environment, for the secret.</param>
    /// <param name="tls">Whether the connection has TLS, which one platform wants to be told.</param>
    public MqttSignIn ToSignIn(ParseResult parsed, ToolContext context, bool tls)
    {
        string product = parsed.GetValue(_product)!; // checked
        string device = parsed.GetValue(_device)!; // checked
        string secret = parsed.GetValue(_secret) ?? context.Variable(_variable)
            ?? throw new ToolException(ExitCode.Usage, $"The device's secret is missing: put it in {_variable}.");
        try
        {
            return parsed.GetValue(_preset) switch
            {
                Aliyun => new AliyunSignIn(product, device, secret) { IsOverTls = tls },
                Tencent => new TencentSignIn(product, device, secret),
                _ => new OneNetSignIn(product, device, secret),
            };
        }
        catch (ArgumentException exception)
        {
            // Its own message might quote what was given.
            throw new ToolException(
                ExitCode.Usage, $"{_product.Name}, {_device.Name} or the device's secret is not one of that platform.", exception);
        }
    }
}
