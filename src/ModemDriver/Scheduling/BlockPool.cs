using System.Buffers;

namespace ModemDriver.Scheduling;

/// <summary>Blocks of memory for bytes on their way between the loop and the rim, of one modem.</summary>
/// <remarks>
/// The shared pool keeps some for each processor: with hundreds of modems that move bytes at the same moment most of what
/// comes back is dropped, and allocated again. What a modem keeps is bounded, and ends with it.
/// </remarks>
internal sealed class BlockPool : MemoryPool<byte>
{
    /// <summary>The size of a block.</summary>
    public const int BlockBytes = 4096;

    // Enough for five links that send and receive at the same moment: 64 KiB, of modems that have had so much under way.
    private const int MostKept = 16;

    private readonly Lock _gate = new();
    private readonly Stack<Block> _kept = new();

    /// <inheritdoc/>
    public override int MaxBufferSize => Shared.MaxBufferSize;

    /// <summary>How many blocks are kept.</summary>
    public int Kept
    {
        get
        {
            lock (_gate)
            {
                return _kept.Count;
            }
        }
    }

    /// <summary>A block, or something larger from the shared pool.</summary>
    public override IMemoryOwner<byte> Rent(int minBufferSize = -1)
    {
        if (minBufferSize > BlockBytes)
        {
            return Shared.Rent(minBufferSize);
        }

        Block? block;
        lock (_gate)
        {
            if (!_kept.TryPop(out block))
            {
                block = new Block(this);
            }

            block.IsOut = true;
        }

        return block;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
    }

    private void Return(Block block)
    {
        lock (_gate)
        {
            // Given back twice it would be given out twice.
            if (!block.IsOut)
            {
                return;
            }

            block.IsOut = false;
            if (_kept.Count < MostKept)
            {
                _kept.Push(block);
            }
        }
    }

    private sealed class Block(BlockPool pool) : IMemoryOwner<byte>
    {
        private readonly byte[] _bytes = GC.AllocateUninitializedArray<byte>(BlockBytes);

        public bool IsOut { get; set; }

        public Memory<byte> Memory => _bytes;

        public void Dispose() => pool.Return(this);
    }
}
