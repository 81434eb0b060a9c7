namespace ModemDriver.Benchmarks.Budgets;

/// <summary>A terminal by plain write and read, which block: the floor of every round trip.</summary>
internal sealed class RawPort(string path) : IDisposable
{
    private readonly FileStream _stream =
        new(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite, bufferSize: 0);

    private readonly byte[] _answer = new byte[256];

    /// <summary>Writes a line, and reads until the result code is there.</summary>
    public void Ask(ReadOnlySpan<byte> line)
    {
        _stream.Write(line);
        int count = 0;
        while (!_answer.AsSpan(0, count).EndsWith("OK\r\n"u8))
        {
            count += _stream.Read(_answer, count, _answer.Length - count);
        }
    }

    public void Dispose() => _stream.Dispose();
}
