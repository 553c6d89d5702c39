namespace NativeVm.Tests.Heaps;

/// <summary>
/// A heap beside a list of what is in use: every block holds a pattern of its own from its first byte to its last, so
/// that blocks which overlap, move or are handed out twice show up.
/// </summary>
internal sealed unsafe class HeapModel(VmHeap heap, int seed) : IDisposable
{
    private readonly Random _random = new(seed);
    private readonly List<Block> _blocks = [];
    private byte _lastPattern;

    public int Count => _blocks.Count;

    public nuint Step()
    {
        int choice = _random.Next(100);
        if (_blocks.Count == 0 || choice < 46)
        {
            return Allocate(Size(), 1 << _random.Next(choice < 6 ? 17 : 1), choice is > 6 and < 12);
        }

        int index = _random.Next(_blocks.Count);
        if (choice < 60)
        {
            Resize(index, Size());
        }
        else if (choice < 64)
        {
            ResizeInPlace(index, Size());
        }
        else
        {
            Free(index);
        }

        return 0;
    }

    public nuint Allocate(nuint byteCount, int alignment, bool isZeroed)
    {
        byte* address = (byte*)(isZeroed ? heap.AllocateZeroed(byteCount)
            : alignment > 1 ? heap.AllocateAligned(byteCount, (nuint)alignment)
            : heap.Allocate(byteCount));
        Assert.Equal((nuint)0, (nuint)address & (nuint)(Math.Max(alignment, VmHeap.BlockAlignment) - 1));
        Assert.True(heap.GetUsableByteCount(address) >= byteCount);
        if (isZeroed)
        {
            Assert.False(new ReadOnlySpan<byte>(address, (int)byteCount).ContainsAnyExcept((byte)0));
        }

        _blocks.Add(new Block(address, byteCount, ++_lastPattern));
        Fill(_blocks[^1], 0);
        return byteCount;
    }

    public void Free(int index)
    {
        Block block = _blocks[index];
        Verify(block, block.ByteCount);
        heap.Free(block.Address);
        _blocks[index] = _blocks[^1];
        _blocks.RemoveAt(_blocks.Count - 1);
    }

    public void Resize(int index, nuint byteCount)
    {
        Block block = _blocks[index];
        byte* moved = (byte*)heap.Reallocate(block.Address, byteCount);
        nuint kept = Math.Min(block.ByteCount, byteCount);
        _blocks[index] = block with { Address = moved, ByteCount = byteCount };
        Verify(_blocks[index], kept);
        Fill(_blocks[index], kept);
    }

    public void ResizeInPlace(int index, nuint byteCount)
    {
        Block block = _blocks[index];
        if (heap.TryResizeInPlace(block.Address, byteCount))
        {
            nuint kept = Math.Min(block.ByteCount, byteCount);
            _blocks[index] = block with { ByteCount = byteCount };
            Verify(_blocks[index], kept);
            Fill(_blocks[index], kept);
        }
    }

    public void VerifyAll()
    {
        heap.Validate();
        foreach (Block block in _blocks)
        {
            Verify(block, block.ByteCount);
            Assert.True(heap.Owns(block.Address));
            Assert.False(heap.Owns(block.Address + 1));
        }

        Assert.Equal((nuint)_blocks.Count, heap.GetStatistics().BlockCount);
        Assert.Equal(
            _blocks.Select(block => (nuint)block.Address).Order(),
            heap.GetLiveBlocks().Select(block => block.Address));
    }

    public void Dispose()
    {
        while (_blocks.Count > 0)
        {
            Free(_blocks.Count - 1);
        }
    }

    private nuint Size() => (nuint)(_random.Next(20) switch
    {
        < 12 => _random.Next(0, 600),
        < 16 => _random.Next(0, 5_000),
        < 19 => _random.Next(0, 40_000),
        _ => _random.Next(0, 400_000),
    });

    private static void Fill(Block block, nuint from) =>
        new Span<byte>(block.Address + from, (int)(block.ByteCount - from)).Fill(block.Pattern);

    private static void Verify(Block block, nuint byteCount) =>
        Assert.False(new ReadOnlySpan<byte>(block.Address, (int)byteCount).ContainsAnyExcept(block.Pattern));

    private readonly record struct Block(nint AddressNumber, nuint ByteCount, byte Pattern)
    {
        public Block(byte* address, nuint byteCount, byte pattern)
            : this((nint)address, byteCount, pattern)
        {
        }

        public byte* Address
        {
            get => (byte*)AddressNumber;
            init => AddressNumber = (nint)value;
        }
    }
}
