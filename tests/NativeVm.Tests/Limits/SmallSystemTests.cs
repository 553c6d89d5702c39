using NativeVm.Testing;

namespace NativeVm.Tests.Limits;

/// <summary>Systems with few addresses, or with large pages: simulated, so that nothing may touch the memory.</summary>
public sealed unsafe class SmallSystemTests
{
    public static TheoryData<string> Systems => ["32 bits", "pages of 64 KiB", "few addresses", "few commits"];

    [Theory]
    [MemberData(nameof(Systems))]
    public void A_page_allocator_fills_a_system_gives_it_back_and_overlaps_nothing(string system)
    {
        SimulatedPlatform platform = Make(system);
        using (PageAllocator pages = new(new PageAllocatorOptions { Platform = platform, TrimsInBackground = false }))
        {
            Run(
                (nuint byteCount, out nuint address) => pages.TryAllocate(byteCount, 1, PageAllocationFlags.Uninitialized, out address),
                pages.Free,
                platform.PageSize,
                64 * platform.PageSize);
            pages.Validate();
            Assert.Equal((nuint)0, pages.GetStatistics().AllocatedByteCount);

            // As much as there is, in pieces, and after that as much again.
            nuint first = Fill(pages);
            nuint second = Fill(pages);
            Assert.InRange(second, first / 10 * 9, nuint.MaxValue);
            pages.Validate();
        }

        Assert.Equal((nuint)0, platform.CommittedByteCount);
    }

    [Theory]
    [MemberData(nameof(Systems))]
    public void A_heap_overlaps_nothing(string system)
    {
        SimulatedPlatform platform = Make(system);
        using (VmHeap heap = new(new VmHeapOptions { Platform = platform }))
        {
            Run(
                (nuint byteCount, out nuint address) =>
                {
                    bool isDone = heap.TryAllocate(byteCount, out void* block);
                    address = (nuint)block;
                    return isDone;
                },
                address => heap.Free((void*)address),
                1,
                96 << 10);
            heap.Validate();
            Assert.Equal((nuint)0, heap.GetStatistics().BlockCount);
            Assert.False(heap.TryAllocate((nuint)1 << 40, out _));
            heap.Validate();
        }

        Assert.Equal((nuint)0, platform.CommittedByteCount);
    }

    [Theory]
    [MemberData(nameof(Systems))]
    public void A_map_fills_a_system_and_overlaps_nothing(string system)
    {
        SimulatedPlatform platform = Make(system);
        using (VmMap map = new(new VmMapOptions { ByteCount = platform.PageSize, IsGrowable = true, Platform = platform }))
        {
            Dictionary<nuint, nuint> lengths = [];
            Run(
                (nuint byteCount, out nuint address) =>
                {
                    bool isDone = map.Find(byteCount, VmEntryAttributes.ReadWrite, out address).IsSuccess;
                    lengths[address] = byteCount;
                    return isDone;
                },
                address => map.Remove(address, lengths[address]).ThrowIfFailed(),
                platform.PageSize,
                64 * platform.PageSize);
            map.Validate();
            Assert.Equal((nuint)0, map.GetStatistics().MappedByteCount);
            VmResult result = map.Find((nuint)1 << 46, VmEntryAttributes.ReadWrite, out _);
            Assert.False(result.IsSuccess);
            map.Validate();
        }

        Assert.Equal((nuint)0, platform.CommittedByteCount);
    }

    private delegate bool Allocate(nuint byteCount, out nuint address);

    private static void Run(Allocate allocate, Action<nuint> free, nuint least, nuint most)
    {
        Random random = new(11);
        SortedDictionary<nuint, nuint> live = [];
        List<nuint> order = [];
        for (int step = 0; step < 6000; step++)
        {
            if (order.Count < 200 && random.Next(5) < 3)
            {
                nuint byteCount = (nuint)random.NextInt64((long)least, (long)most);
                if (allocate(byteCount, out nuint address))
                {
                    Assert.DoesNotContain(order, other => address < other + live[other] && other < address + byteCount);
                    live.Add(address, byteCount);
                    order.Add(address);
                }
            }
            else if (order.Count > 0)
            {
                int index = random.Next(order.Count);
                nuint address = order[index];
                order[index] = order[^1];
                order.RemoveAt(order.Count - 1);
                live.Remove(address);
                free(address);
            }
        }

        order.ForEach(free);
    }

    private static nuint Fill(PageAllocator pages)
    {
        List<nuint> runs = [];
        for (nuint size = (nuint)256 << 20; size >= pages.Map.PageSize; size /= 4)
        {
            while (runs.Count < 20_000 && pages.TryAllocate(size, 1, PageAllocationFlags.Uninitialized, out nuint address))
            {
                runs.Add(address);
            }
        }

        nuint total = pages.GetStatistics().AllocatedByteCount;
        runs.ForEach(pages.Free);
        return total;
    }

    private static SimulatedPlatform Make(string system) => new(system switch
    {
        "32 bits" => SimulatedPlatformOptions.Posix32BitLike,
        "pages of 64 KiB" => SimulatedPlatformOptions.PosixLike with
        {
            PageSize = 64 << 10,
            HighestAddress = unchecked((nuint)0xffff_ffff_0000),
            HugePageSize = 512 << 20,
            CommitLimitByteCount = (nuint)8 << 30,
        },
        "few addresses" => SimulatedPlatformOptions.PosixLike with { HighestAddress = 512 << 20 },
        _ => SimulatedPlatformOptions.PosixLike with { CommitLimitByteCount = 48 << 20 },
    });
}
