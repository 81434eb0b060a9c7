using System.Buffers;
using ModemDriver.Framing;

namespace ModemDriver.Channel;

/// <summary>Bytes of which is not known yet whether they are a peer's. More than any module says are.</summary>
/// <param name="sink">Where a peer's bytes go.</param>
internal sealed class HeldData(IDataSink sink) : IDataSink
{
    private const int MoreThanAnyModuleSays = 16 * 1024;

    private readonly ArrayBufferWriter<byte> _bytes = new();
    private bool _isPeers;

    /// <summary>What is held.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes.WrittenSpan;

    /// <inheritdoc/>
    public void OnData(ReadOnlySpan<byte> bytes)
    {
        if (_isPeers)
        {
            sink.OnData(bytes);
            return;
        }

        _bytes.Write(bytes);
        if (_bytes.WrittenCount > MoreThanAnyModuleSays)
        {
            _isPeers = true;
            Give();
        }
    }

    /// <summary>They are a peer's.</summary>
    public void Give()
    {
        sink.OnData(_bytes.WrittenSpan);
        _bytes.ResetWrittenCount();
    }
}
