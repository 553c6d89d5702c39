using NativeVm.Platform;
using NativeVm.Tests.Support;

namespace NativeVm.Tests.Heaps;

/// <summary>What a hardened heap finds.</summary>
public sealed unsafe class HardenedHeapTests
{
    private static readonly VmHeapHardening[] Kinds =
    [
        VmHeapHardening.All,
        VmHeapHardening.GuardPages,
        VmHeapHardening.RandomPlacement,
        VmHeapHardening.Quarantine,
        VmHeapHardening.Poison | VmHeapHardening.Quarantine,
        VmHeapHardening.Canaries,
        VmHeapHardening.All & ~VmHeapHardening.GuardPages,
    ];

    public static TheoryData<VmHeapHardening> Hardenings => [.. Kinds];

    [Theory]
    [MemberData(nameof(Hardenings))]
    public void Random_operations_keep_every_byte_of_every_block(VmHeapHardening hardening)
    {
        using VmHeap heap = new(new VmHeapOptions { Hardening = hardening, QuarantineByteCount = 100_000 });
        using (HeapModel model = new(heap, 7))
        {
            for (int i = 0; i < 6_000; i++)
            {
                model.Step();
                if (i % 2_000 == 0)
                {
                    model.VerifyAll();
                }
            }
        }

        heap.Validate();
        heap.Trim();
        Assert.Equal((nuint)0, heap.GetStatistics().BlockCount);
        Assert.Equal((nuint)0, heap.GetStatistics().QuarantinedByteCount);
        Assert.Equal((nuint)0, heap.GetStatistics().LargeByteCount);
    }

    [Theory]
    [InlineData(1u, 0u)]
    [InlineData(16u, 0u)]
    [InlineData(100u, 7u)]
    [InlineData(30_000u, 3u)]
    [InlineData(100_001u, 0u)]
    public void A_write_beyond_the_end_is_found_when_the_block_is_freed(uint byteCount, uint distance)
    {
        using VmHeap heap = new(new VmHeapOptions { Hardening = VmHeapHardening.All });
        byte* block = (byte*)heap.Allocate(byteCount);
        byte before = block[byteCount + distance];
        block[byteCount + distance] ^= 0x40;
        Assert.Equal(VmHeapFault.Overrun, Assert.Throws<VmHeapFaultException>(() => heap.Free(block)).Fault);
        Assert.Throws<VmHeapFaultException>(() => heap.TryResizeInPlace(block, byteCount));
        Assert.True(heap.Owns(block));
        block[byteCount + distance] = before;
        heap.Free(block);
        heap.Validate();
    }

    [Theory]
    [InlineData(VmHeapHardening.Poison)]
    [InlineData(VmHeapHardening.Poison | VmHeapHardening.Quarantine)]
    [InlineData(VmHeapHardening.All)]
    public void A_write_after_the_free_is_found_before_the_block_is_used_again(VmHeapHardening hardening)
    {
        using VmHeap heap = new(new VmHeapOptions { Hardening = hardening, QuarantineByteCount = 10_000 });
        byte* block = (byte*)heap.Allocate(200);
        heap.Free(block);
        Assert.Equal(VmHeap.FreedPattern, block[0]);
        block[150] = 1;
        Assert.Equal(VmHeapFault.UseAfterFree, Assert.Throws<VmHeapFaultException>(heap.Validate).Fault);
        VmHeapFaultException? found = null;
        List<nint> blocks = [];
        for (int i = 0; i < 1_000 && found is null; i++)
        {
            try
            {
                nint next = (nint)heap.Allocate(200);
                blocks.Add(next);
                if (i % 2 == 0)
                {
                    blocks.Remove(next);
                    heap.Free((void*)next);
                }
            }
            catch (VmHeapFaultException fault)
            {
                found = fault;
            }
        }

        Assert.Equal(VmHeapFault.UseAfterFree, found?.Fault);
        Assert.Equal((nuint)block, found?.Address);
        Assert.DoesNotContain((nint)block, blocks);
        for (int i = 0; i < 1_000; i++)
        {
            Assert.NotEqual((nint)block, (nint)heap.Allocate(200));
        }

        heap.Validate();
    }

    [Fact]
    public void A_second_free_is_found_while_the_block_is_held_back()
    {
        using VmHeap heap = new(new VmHeapOptions { Hardening = VmHeapHardening.All });
        foreach (uint byteCount in (uint[])[10, 1_000, 100_000])
        {
            void* block = heap.Allocate(byteCount);
            heap.Free(block);
            Assert.Equal(VmHeapFault.DoubleFree, Assert.Throws<VmHeapFaultException>(() => heap.Free(block)).Fault);
            Assert.False(heap.Owns(block));
            Assert.NotEqual((nint)block, (nint)heap.Allocate(byteCount));
        }
    }

    [Fact]
    public void A_large_block_ends_where_its_guard_begins()
    {
        using VmHeap heap = new(new VmHeapOptions { Hardening = VmHeapHardening.GuardPages });
        nuint page = heap.Map.PageSize;
        byte* block = (byte*)heap.Allocate(160_000);
        Assert.True((nuint)(block + 160_000) % page == 0);
        Assert.False(heap.Map.CheckProtection((nuint)(block + 160_000), page, PageProtection.Read));
        Assert.False(heap.Map.CheckProtection(((nuint)block & ~(page - 1)) - page, page, PageProtection.Read));
        new Span<byte>(block, 160_000).Fill(1);
        heap.Free(block);
        Assert.Equal((nuint)0, heap.GetStatistics().LargeByteCount);
        byte* aligned = (byte*)heap.AllocateAligned(100_000, 1 << 18);
        Assert.Equal((nuint)0, (nuint)aligned & ((1 << 18) - 1));
        heap.Free(aligned);
    }

    [Fact]
    public void A_large_block_that_is_held_back_cannot_be_touched()
    {
        using VmHeap heap = new(new VmHeapOptions { Hardening = VmHeapHardening.All, QuarantineByteCount = 10 << 20 });
        void* block = heap.Allocate(100_000);
        heap.Free(block);
        Assert.False(heap.Map.CheckProtection((nuint)block & ~(heap.Map.PageSize - 1), heap.Map.PageSize, PageProtection.Read));
        heap.Trim();
        heap.Validate();
        Assert.Equal((nuint)0, heap.GetStatistics().LargeByteCount);
    }

    [Fact]
    public void Placement_differs_from_heap_to_heap()
    {
        HashSet<string> orders = [];
        for (int i = 0; i < 8; i++)
        {
            using VmHeap heap = new(new VmHeapOptions { Hardening = VmHeapHardening.RandomPlacement });
            orders.Add(string.Join(' ', Enumerable.Range(0, 8).Select(_ => (nuint)heap.Allocate(500) & 0xFFFF)));
        }

        Assert.True(orders.Count > 1);
    }

    [Fact]
    public void Touching_beyond_a_large_block_kills() =>
        ChildProcess.Run(nameof(HeapScenarios.TouchBeyondLargeBlock)).AssertDiedOfMemoryFault();
}
