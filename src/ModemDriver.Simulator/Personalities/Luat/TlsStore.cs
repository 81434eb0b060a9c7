using System.Globalization;

namespace ModemDriver.Simulator.Personalities.Luat;

/// <summary>AT+SSLCFG of one context.</summary>
internal sealed class TlsContext
{
    private readonly Dictionary<string, string> _values = new(StringComparer.Ordinal);

    /// <summary>The value of a key; <see langword="null"/> when it was never set, or erased.</summary>
    internal string? this[string key] => _values.GetValueOrDefault(key);

    internal int Number(string key, int fallback) =>
        this[key] is string text ? int.Parse(text, NumberStyles.Integer, CultureInfo.InvariantCulture) : fallback;

    internal void Set(string key, string value) => _values[key] = value;

    internal void Erase(string key) => _values.Remove(key);
}

/// <summary>The contexts: one for each link, and those of the services.</summary>
internal sealed class TlsStore
{
    private static readonly int[] Services = [34, 88, 153];

    private readonly Dictionary<int, TlsContext> _contexts = [];

    /// <summary>The context of this number; <see langword="null"/> when there is none.</summary>
    internal TlsContext? Find(int number)
    {
        bool exists = number is >= 0 and < LinkTable.Size || Services.Contains(number);
        if (exists && !_contexts.ContainsKey(number))
        {
            _contexts[number] = new TlsContext();
        }

        return exists ? _contexts[number] : null;
    }
}
