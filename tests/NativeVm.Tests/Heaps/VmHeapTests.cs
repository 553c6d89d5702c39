using NativeVm.Tests.Support;

namespace NativeVm.Tests.Heaps;

/// <summary>What a heap promises to one thread.</summary>
public sealed unsafe class VmHeapTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Random_operations_keep_every_byte_of_every_block(int seed)
    {
        using VmHeap heap = new(new VmHeapOptions());
        using (HeapModel model = new(heap, seed))
        {
            for (int i = 0; i < 30_000; i++)
            {
                model.Step();
                if (i % 5_000 == 0)
                {
                    model.VerifyAll();
                }

                if (i % 10_000 == 9_999)
                {
                    heap.Trim();
                    model.VerifyAll();
                }
            }
        }

        heap.Validate();
        heap.Trim();
        Assert.Equal((nuint)0, heap.GetStatistics().BlockCount);
        Assert.Equal((nuint)0, heap.GetStatistics().SlabByteCount);
        Assert.Equal((nuint)0, heap.GetStatistics().LargeByteCount);
        Assert.Empty(heap.GetLiveBlocks());
    }

    [Fact]
    public void Every_size_up_to_the_largest_of_a_slab_wastes_little()
    {
        using VmHeap heap = new(new VmHeapOptions());
        for (nuint byteCount = 0; byteCount <= VmHeap.MaxSlabBlockByteCount; byteCount++)
        {
            void* block = heap.Allocate(byteCount);
            nuint usable = heap.GetUsableByteCount(block);
            heap.Free(block);
            Assert.InRange(usable, Math.Max(byteCount, 1), byteCount + Math.Max(16, byteCount / (byteCount > 1024 ? 15u : 8u)));
        }
    }

    [Fact]
    public void Blocks_of_no_bytes_have_addresses_of_their_own()
    {
        using VmHeap heap = new(new VmHeapOptions());
        HashSet<nint> addresses = [];
        for (int i = 0; i < 10_000; i++)
        {
            Assert.True(addresses.Add((nint)heap.Allocate(0)));
        }

        Assert.Equal((nuint)10_000, heap.GetStatistics().BlockCount);
    }

    [Theory]
    [InlineData(16u)]
    [InlineData(48u)]
    [InlineData(1_000u)]
    [InlineData(30_000u)]
    [InlineData(100_000u)]
    public void A_second_free_is_found_and_harms_nothing(uint byteCount)
    {
        using VmHeap heap = new(new VmHeapOptions());
        nint[] blocks = [.. Enumerable.Range(0, 200).Select(_ => (nint)heap.Allocate(byteCount))];
        foreach (nint block in blocks.Where((_, i) => i % 3 != 0))
        {
            heap.Free((void*)block);
            VmHeapFaultException fault = Assert.Throws<VmHeapFaultException>(() => heap.Free((void*)block));
            Assert.Contains(fault.Fault, (VmHeapFault[])[VmHeapFault.DoubleFree, VmHeapFault.ForeignPointer]);
            Assert.Equal((nuint)block, fault.Address);
            Assert.False(heap.Owns((void*)block));
            Assert.Throws<VmHeapFaultException>(() => (nint)heap.Reallocate((void*)block, 5));
            Assert.Throws<VmHeapFaultException>(() => heap.GetUsableByteCount((void*)block));
        }

        // And by another thread, whether the owner keeps the block at hand or not.
        Thread thread = new(() =>
        {
            foreach (nint block in blocks.Where((_, i) => i % 3 != 0))
            {
                Assert.Throws<VmHeapFaultException>(() => heap.Free((void*)block));
            }
        });
        thread.Start();
        thread.Join();
        heap.Validate();
        HashSet<nint> live = [.. blocks.Where((_, i) => i % 3 == 0)];
        for (int i = 0; i < 300; i++)
        {
            Assert.True(live.Add((nint)heap.Allocate(byteCount)));
        }

        Assert.Equal((nuint)live.Count, heap.GetStatistics().BlockCount);
    }

    [Fact]
    public void Foreign_and_interior_pointers_are_found_and_harm_nothing()
    {
        using VmHeap heap = new(new VmHeapOptions());
        using VmHeap other = new(new VmHeapOptions());
        byte* small = (byte*)heap.Allocate(100);
        byte* large = (byte*)heap.Allocate(300_000);
        byte* foreign = (byte*)other.Allocate(100);
        int local = 0;
        (nint Address, VmHeapFault Fault)[] wrong =
        [
            ((nint)(small + 1), VmHeapFault.InteriorPointer),
            ((nint)(small + 16), VmHeapFault.InteriorPointer),
            (((nint)small & ~0xFFFF) + (65536 / 112 * 112), VmHeapFault.InteriorPointer),
            ((nint)(large + 8), VmHeapFault.InteriorPointer),
            ((nint)(large + 70_000), VmHeapFault.InteriorPointer),
            ((nint)foreign, VmHeapFault.ForeignPointer),
            ((nint)(&local), VmHeapFault.ForeignPointer),
            (1, VmHeapFault.ForeignPointer),
            (-1, VmHeapFault.ForeignPointer),
        ];
        foreach ((nint address, VmHeapFault expected) in wrong)
        {
            Assert.Equal(expected, Assert.Throws<VmHeapFaultException>(() => heap.Free((void*)address)).Fault);
            Assert.Equal(expected, Assert.Throws<VmHeapFaultException>(() => heap.TryResizeInPlace((void*)address, 1)).Fault);
            Assert.False(heap.Owns((void*)address));
        }

        heap.Free(null);
        Assert.False(heap.Owns(null));
        heap.Free(small);
        heap.Free(large);
        other.Free(foreign);
        Assert.Equal((nuint)0, heap.GetStatistics().BlockCount);
    }

    [Fact]
    public void Sizes_that_no_memory_has_are_refused()
    {
        using VmHeap heap = new(new VmHeapOptions());
        void* block = heap.Allocate(100);
        foreach (nuint byteCount in (nuint[])[nuint.MaxValue, nuint.MaxValue - 15, nuint.MaxValue / 2, nuint.MaxValue - 65_535, (nuint)1 << 47])
        {
            Assert.False(heap.TryAllocate(byteCount, out void* none));
            Assert.True(none == null);
            Assert.False(heap.TryAllocateZeroed(byteCount, out _));
            Assert.False(heap.TryAllocateAligned(byteCount, 4096, out _));
            Assert.False(heap.TryReallocate(block, byteCount, out _));
            Assert.False(heap.TryResizeInPlace(block, byteCount));
            Assert.Throws<InsufficientMemoryException>(() => (nint)heap.Allocate(byteCount));
        }

        Assert.Throws<ArgumentException>(() => (nint)heap.AllocateAligned(10, 0));
        Assert.Throws<ArgumentException>(() => (nint)heap.AllocateAligned(10, 48));
        heap.Free(block);
        heap.Validate();
    }

    [Fact]
    public void A_limit_is_kept_and_the_heap_stays_usable()
    {
        using VmHeap heap = new(new VmHeapOptions { MemoryLimit = 4 << 20 });
        List<nint> blocks = [];
        while (heap.TryAllocate(1_000, out void* block))
        {
            blocks.Add((nint)block);
        }

        Assert.InRange(blocks.Count, 2_000, (4 << 20) / 1_000);
        Assert.False(heap.TryAllocate(100_000, out _));
        Assert.Throws<InsufficientMemoryException>(() => (nint)heap.Allocate(1_000));
        blocks.ForEach(block => heap.Free((void*)block));
        heap.Validate();
        heap.Trim();
        heap.Free(heap.Allocate(1_000_000));
    }

    [Fact]
    public void Nothing_is_allocated_on_the_managed_heap()
    {
        using VmHeap heap = new(new VmHeapOptions());
        nint* blocks = stackalloc nint[3_000];
        Assert.Equal(0, ManagedAllocations.Of(Round));

        void Round()
        {
            for (int i = 0; i < 3_000; i++)
            {
                blocks[i] = (nint)heap.Allocate((nuint)(i * 13));
                blocks[i] = (nint)heap.Reallocate((void*)blocks[i], (nuint)(i * 7));
            }

            for (int i = 0; i < 3_000; i++)
            {
                heap.Free((void*)blocks[i]);
            }
        }
    }

    [Fact]
    public void A_heap_that_is_disposed_of_says_so_on_every_thread()
    {
        VmHeap heap = new(new VmHeapOptions());
        nint block = (nint)heap.Allocate(100);
        heap.Dispose();
        heap.Dispose();
        Check();
        Thread thread = new(Check);
        thread.Start();
        thread.Join();

        void Check()
        {
            Assert.Throws<ObjectDisposedException>(() => heap.Free((void*)block));
            Assert.Throws<ObjectDisposedException>(() => (nint)heap.Allocate(100));
            Assert.Throws<ObjectDisposedException>(() => (nint)heap.AllocateZeroed(100_000));
            Assert.Throws<ObjectDisposedException>(() => (nint)heap.Reallocate((void*)block, 1));
            Assert.Throws<ObjectDisposedException>(() => heap.Owns(null));
            Assert.Throws<ObjectDisposedException>(() => heap.GetStatistics());
            Assert.Throws<ObjectDisposedException>(() => heap.Trim());
        }
    }

    [Fact]
    public void A_large_block_grows_and_shrinks_where_it_is_and_pages_go_back()
    {
        using VmHeap heap = new(new VmHeapOptions());
        byte* block = (byte*)heap.Allocate(1 << 20);
        Assert.True(heap.TryResizeInPlace(block, 100_000));
        Assert.InRange(heap.GetUsableByteCount(block), (nuint)100_000, (nuint)110_000);
        Assert.True(heap.TryResizeInPlace(block, 1 << 20));
        Assert.Equal((nuint)(1 << 20), heap.GetStatistics().LargeByteCount);
        heap.Validate();
        heap.Free(block);
        Assert.True(heap.AllocateZeroed(1 << 20) != null);
    }
}
