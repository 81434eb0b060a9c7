namespace ModemDriver.Simulator.Personalities.Luat;

/// <summary>The module's file system: a flat list of names, which resets leave alone.</summary>
/// <param name="room">In bytes.</param>
internal sealed class FileStore(int room)
{
    private readonly SortedDictionary<string, byte[]> _files = new(StringComparer.Ordinal);

    internal IEnumerable<string> Names => _files.Keys;

    internal int Free => room - _files.Values.Sum(file => file.Length);

    internal byte[]? Find(string name) => _files.GetValueOrDefault(name);

    /// <summary>False when there is one of this name.</summary>
    internal bool TryCreate(string name) => _files.TryAdd(name, []);

    internal bool Remove(string name) => _files.Remove(name);

    internal void Write(string name, ReadOnlySpan<byte> data, bool appends)
    {
        byte[] before = appends ? Find(name) ?? [] : [];
        _files[name] = [.. before, .. data];
    }
}
