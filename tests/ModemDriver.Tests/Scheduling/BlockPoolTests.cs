using System.Buffers;
using ModemDriver.Scheduling;

namespace ModemDriver.Tests.Scheduling;

public sealed class BlockPoolTests : IDisposable
{
    private readonly BlockPool _pool = new();

    [Theory]
    [InlineData(-1)]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(BlockPool.BlockBytes)]
    public void What_fits_into_a_block_gets_one(int bytes)
    {
        using IMemoryOwner<byte> block = _pool.Rent(bytes);

        Assert.Equal(BlockPool.BlockBytes, block.Memory.Length);
    }

    [Fact]
    public void What_comes_back_is_given_out_again()
    {
        IMemoryOwner<byte> first = _pool.Rent();
        first.Dispose();

        using IMemoryOwner<byte> second = _pool.Rent();

        Assert.Same(first, second);
    }

    [Fact]
    public void Blocks_that_are_out_are_different_ones()
    {
        IMemoryOwner<byte>[] blocks = [.. Enumerable.Range(0, 40).Select(_ => _pool.Rent())];

        Assert.Equal(blocks.Length, blocks.Distinct().Count());
    }

    [Fact]
    public void A_block_that_comes_back_twice_is_given_out_once()
    {
        IMemoryOwner<byte> block = _pool.Rent();
        block.Dispose();
        block.Dispose();

        using IMemoryOwner<byte> first = _pool.Rent();
        using IMemoryOwner<byte> second = _pool.Rent();

        Assert.NotSame(first, second);
    }

    [Fact]
    public void What_is_kept_has_a_bound()
    {
        IMemoryOwner<byte>[] blocks = [.. Enumerable.Range(0, 40).Select(_ => _pool.Rent())];
        foreach (IMemoryOwner<byte> block in blocks)
        {
            block.Dispose();
        }

        Assert.Equal(16, _pool.Kept);
    }

    [Fact]
    public void More_than_a_block_comes_from_elsewhere_and_does_not_come_back_here()
    {
        IMemoryOwner<byte> large = _pool.Rent(BlockPool.BlockBytes + 1);
        Assert.True(large.Memory.Length > BlockPool.BlockBytes, "it is as large as asked for");

        large.Dispose();

        Assert.Equal(0, _pool.Kept);
    }

    public void Dispose() => _pool.Dispose();
}
