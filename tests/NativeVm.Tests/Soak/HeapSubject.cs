namespace NativeVm.Tests.Soak;

/// <summary>A heap, plain or hardened, that all lanes share.</summary>
internal sealed unsafe class HeapSubject(VmHeap heap, SoakExchange exchange, int capacity) : BlockListSubject(exchange, capacity)
{
    protected override string What => heap.Name;

    protected override bool TryAllocate(Random random, out SoakBlock block)
    {
        nuint byteCount = SizeOf(random);
        void* address;
        bool isZeroed = random.Next(4) == 0;
        bool isDone = isZeroed
            ? heap.TryAllocateZeroed(byteCount, out address)
            : random.Next(8) == 0
                ? heap.TryAllocateAligned(byteCount, (nuint)1 << random.Next(4, 14), out address)
                : heap.TryAllocate(byteCount, out address);
        if (isDone && isZeroed)
        {
            SoakPattern.VerifyZero((nuint)address, byteCount, What);
        }

        block = new((nuint)address, byteCount, NextPattern());
        return isDone;
    }

    protected override SoakBlock Change(Random random, SoakBlock block)
    {
        nuint byteCount = random.Next(2) == 0 ? SizeOf(random) : block.ByteCount + (nuint)random.Next(1000);
        if (random.Next(3) == 0)
        {
            return heap.TryResizeInPlace((void*)block.Address, byteCount) ? (block with { ByteCount = byteCount }).Filled() : block;
        }

        if (!heap.TryReallocate((void*)block.Address, byteCount, out void* moved))
        {
            return block;
        }

        SoakPattern.Verify((nuint)moved, nuint.Min(byteCount, block.ByteCount) & ~(nuint)7, block.Pattern, What);
        return new SoakBlock((nuint)moved, byteCount, block.Pattern).Filled();
    }

    protected override void Free(SoakBlock block) => heap.Free((void*)block.Address);

    private static nuint SizeOf(Random random) => (nuint)random.Next(100) switch
    {
        < 90 => (nuint)random.Next(1, 1 << random.Next(4, 12)),
        < 99 => (nuint)random.Next(1, 64 << 10),
        _ => (nuint)random.Next(1, 512 << 10),
    };
}
