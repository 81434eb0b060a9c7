using System.Text;
using ModemDriver.Tests.Quirks;

namespace ModemDriver.Tests.ModuleMqtt;

/// <summary>What the tests of both kinds of module have in common.</summary>
internal static class MqttScenes
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>A command runs: after bytes were lost it is preceded by a look for the place in the dialogue.</summary>
    public static void Settle(Dialogue d)
    {
        Task<CommandResponse> asking = d.Do(() => d.Modem.SendAsync("AT+CSQ"));
        for (int i = 0; i < 5 && !asking.IsCompleted; i++)
        {
            if (d.Wire.TakeWrite() is { } line)
            {
                d.Say(line.StartsWith("AT", StringComparison.Ordinal) ? "\r\nOK\r\n" : string.Empty);
            }

            d.Do(() => d.Time.Advance(TimeSpan.FromSeconds(0.2)));
        }

        Assert.True(asking.IsCompletedSuccessfully, $"{asking.Status} {asking.Exception}");
    }

    /// <summary>The next message, which is there.</summary>
    public static string Read(Dialogue d, IModuleMqttClient mqtt) => Dialogue.ResultOf(d.Do(() => ReadAsync(mqtt)));

    /// <summary>The next message.</summary>
    public static async Task<string> ReadAsync(IModuleMqttClient mqtt)
    {
        await foreach (ModuleMqttMessage message in mqtt.ReadMessagesAsync(Token))
        {
            return message.Topic + (message.IsContinuation ? " ... " : " = ") + Encoding.Latin1.GetString(message.Payload.Span);
        }

        return "(closed)";
    }

    /// <summary>All payloads, until the session ends.</summary>
    public static async Task CollectAsync(IModuleMqttClient mqtt, List<string> payloads)
    {
        await foreach (ModuleMqttMessage message in mqtt.ReadMessagesAsync(Token))
        {
            payloads.Add(Encoding.Latin1.GetString(message.Payload.Span));
        }
    }
}
