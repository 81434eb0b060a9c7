using ModemDriver.Benchmarks.Mqtt;
using MQTTnet.Protocol;

namespace ModemDriver.Benchmarks.Budgets;

/// <summary>Messages a second of the managed client with its outbox in memory, beside MQTTnet on the same Stream.</summary>
internal sealed class MqttBudget : IBudget
{
    public string Name => "mqtt";

    public async Task<IReadOnlyList<BudgetRow>> MeasureAsync(BenchmarkOptions options)
    {
        int messages = options.IsQuick ? 4000 : 20_000;
        List<BudgetRow> rows = [];
        foreach (MqttQualityOfServiceLevel level in Enum.GetValues<MqttQualityOfServiceLevel>())
        {
            Duel duel = await Duel.RunAsync(
                options.Runs,
                () => MqttBenchmark.TimeBareAsync(messages, level),
                () => MqttBenchmark.TimeManagedAsync(messages, level));
            rows.Add(BudgetRow.AtMost($"managed MQTT client, QoS {(int)level}, by MQTTnet", "µs", duel, 1.1, 1e6 / messages));
        }

        return rows;
    }
}
