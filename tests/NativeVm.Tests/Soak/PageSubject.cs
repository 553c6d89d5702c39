namespace NativeVm.Tests.Soak;

/// <summary>A page allocator that all lanes share.</summary>
internal sealed class PageSubject(PageAllocator pages, SoakExchange exchange, int capacity) : BlockListSubject(exchange, capacity)
{
    private readonly nuint _pageSize = pages.Map.PageSize;

    protected override string What => pages.Name;

    protected override bool TryAllocate(Random random, out SoakBlock block)
    {
        nuint byteCount = SizeOf(random);
        PageAllocationFlags flags = random.Next(2) == 0 ? PageAllocationFlags.None : PageAllocationFlags.Uninitialized;
        nuint alignment = random.Next(8) == 0 ? (nuint)1 << random.Next(12, 20) : 1;
        bool isDone = pages.TryAllocate(byteCount, alignment, flags, out nuint address);
        if (isDone && flags == PageAllocationFlags.None)
        {
            SoakPattern.VerifyZero(address, byteCount, What);
        }

        block = new(address, byteCount, NextPattern());
        return isDone;
    }

    protected override SoakBlock Change(Random random, SoakBlock block)
    {
        nuint byteCount = SizeOf(random);
        if (!pages.TryResizeInPlace(block.Address, block.ByteCount, byteCount))
        {
            return block;
        }

        if (byteCount > block.ByteCount)
        {
            SoakPattern.VerifyZero(block.Address + block.ByteCount, byteCount - block.ByteCount, What);
        }

        block = block with { ByteCount = nuint.Min(byteCount, block.ByteCount) };
        block.Verify(What);
        return (block with { ByteCount = byteCount }).Filled();
    }

    protected override void Free(SoakBlock block)
    {
        if ((block.Pattern & 2) == 0)
        {
            pages.Free(block.Address);
        }
        else
        {
            pages.Free(block.Address, block.ByteCount);
        }
    }

    private nuint SizeOf(Random random) => _pageSize * (nuint)(random.Next(20) switch
    {
        < 15 => random.Next(1, 5),
        < 19 => random.Next(1, 33),
        _ => random.Next(1, 257),
    });
}
