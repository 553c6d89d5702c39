using NativeVm.Platform;
using NativeVm.Tests.Platform;
using NativeVm.Tests.Platform.Posix;
using NativeVm.Tests.Soak;

namespace NativeVm.Tests.Limits;

/// <summary>Maps and allocators at the limits of a process. Each runs in a child process.</summary>
internal static unsafe class AllocatorLimitScenarios
{
    private const nuint MiB = 1 << 20;

    /// <summary>Under <c>ulimit -v</c>: all that there is can be had, what is too much is refused, and comes back.</summary>
    public static void FillAddressSpace(string[] arguments)
    {
        // What tells a refusal is compiled while there is room for its code.
        SystemReply tooMuch = VmPlatform.Current.Reserve((nuint)1 << 45, Placement.Anywhere, out _);
        Assert.True(tooMuch.IsRefused);
        Assert.NotEmpty(VmResult.Refused(tooMuch).ToString());

        // The records of an allocator are laid out for all that its map may ever span, so the limit counts them too.
        using (VmMap small = new(new VmMapOptions { ByteCount = MiB, IsGrowable = true, MaxByteCount = (nuint)8 << 30 }))
        using (PageAllocator pages = new(new PageAllocatorOptions { Map = small }))
        {
            nuint first = FillAndFree(pages);
            Assert.InRange(first, (nuint)1 << 30, (nuint)8 << 30);
            pages.Validate();
            nuint second = FillAndFree(pages);
            Assert.InRange(second, first - (first / 4), nuint.MaxValue);
        }

        using VmMap place = new(new VmMapOptions { ByteCount = MiB, IsGrowable = true, MaxByteCount = (nuint)1 << 30 });
        using VmHeap heap = new(new VmHeapOptions { Map = place });
        Assert.Throws<InsufficientMemoryException>(() => heap.Allocate((nuint)1 << 40));
        void* block = heap.Allocate(MiB);
        new Span<byte>(block, (int)MiB).Fill(1);
        heap.Free(block);
        heap.Validate();

        using VmMap map = new(new VmMapOptions { ByteCount = MiB, IsGrowable = true });
        VmResult result = map.Find((nuint)64 << 30, VmEntryAttributes.ReadWrite, out nuint address);
        Assert.Equal((RefusalReason.AddressSpaceLimit, (nuint)0), (result.Refusal.Reason, address));
        Assert.Contains("ulimit -v", result.ToString(), StringComparison.Ordinal);
        Assert.Equal((nuint)0, map.GetStatistics().EntryCount);
        map.Find(MiB, VmEntryAttributes.ReadWrite, out address).ThrowIfFailed();
        new Span<byte>((void*)address, (int)MiB).Fill(1);
        map.Validate();
    }

    /// <summary>Under <c>ulimit -l</c>: what cannot be wired is refused, and is as it was.</summary>
    public static void WireTooMuch(string[] arguments)
    {
        Capabilities.DropLocking();
        using VmMap map = new(new VmMapOptions { ByteCount = 64 * MiB });
        map.Find(16 * MiB, VmEntryAttributes.ReadWrite, out nuint address).ThrowIfFailed();
        VmResult result = map.Wire(address, 16 * MiB);
        Assert.Equal(RefusalReason.LockLimit, result.Refusal.Reason);
        Assert.Contains("ulimit -l", result.ToString(), StringComparison.Ordinal);
        using (map.EnterReadLock())
        {
            Assert.True(map.TryLookup(address, out VmEntry entry));
            Assert.Equal(0u, entry.Attributes.WiredCount);
        }

        map.Wire(address, map.PageSize).ThrowIfFailed();
        map.Unwire(address, map.PageSize).ThrowIfFailed();
        map.Validate();

        using FramePool pool = new(new FramePoolOptions { FrameByteCount = 1 << 20, FrameCount = 16, IsWired = true });
        Assert.Throws<SystemRefusedException>(() => AllocateAll(pool));
        Assert.InRange(pool.GetStatistics().AllocatedCount, (nuint)0, (nuint)4);
    }

    /// <summary>With other mappings up to near the cap: what can be had is right, and nothing that is given back is refused.</summary>
    public static void WorkNearTheCapOnMappings(string[] arguments)
    {
        VmPlatform platform = VmPlatform.Current;
        nuint page = platform.PageSize;
        nuint limit = platform.MappingLimit;
        using PlatformRange filler = PlatformRange.Reserve(platform, 2 * limit * page);
        using VmHeap heap = new(new VmHeapOptions());
        using PageAllocator pages = new(new PageAllocatorOptions { RetainHighMark = MiB });
        using VmMap map = new(new VmMapOptions { ByteCount = 64 * MiB });
        SoakSubject[] subjects =
        [
            new HeapSubject(heap, new SoakExchange(8), 300),
            new PageSubject(pages, new SoakExchange(8), 100),
            new MapSubject(map, new SoakExchange(8), 200),
        ];

        // Once with room, so that what is needed is compiled.
        Random random = new(3);
        Work(random, subjects, 3000);
        platform.QueryProcess(out ProcessMemory memory).ThrowIfRefused();
        nuint count = (limit - memory.MappingCount - 300) / 2;
        for (nuint i = 0; i < count; i++)
        {
            platform.Commit(filler.Address + (2 * i * page), page, PageProtection.ReadWrite).ThrowIfRefused();
        }

        Work(random, subjects, 30_000);
        platform.QueryProcess(out memory).ThrowIfRefused();
        Assert.InRange(memory.MappingCount, limit * 9 / 10, limit);
        heap.Validate();
        pages.Validate();
        map.Validate();
        Array.ForEach(subjects, static subject => subject.Dispose());
        Assert.Equal((nuint)0, map.GetStatistics().MappedByteCount);
        Assert.Equal((nuint)0, heap.GetStatistics().BlockCount);
        Assert.Equal((nuint)0, pages.GetStatistics().AllocatedByteCount);
    }

    /// <summary>On a file system of a mebibyte: an arena that takes its space ahead says that it is full.</summary>
    public static void FillDevice(string[] arguments)
    {
        string path = Path.Combine(arguments[0], "arena");
        using (PersistentArena arena = PersistentArena.Open(new PersistentArenaOptions { Path = path, TakesSpaceAhead = true, MaxByteCount = 64 * MiB }))
        {
            List<nuint> blocks = [];
            while (arena.TryAllocate(32 << 10, 16, out nuint address))
            {
                new Span<byte>((void*)address, 32 << 10).Fill((byte)blocks.Count);
                blocks.Add(address);
                Assert.True(blocks.Count < 64, "A mebibyte does not hold two.");
            }

            Assert.InRange(blocks.Count, 1, 31);
            for (int i = 0; i < blocks.Count; i++)
            {
                Assert.False(new Span<byte>((void*)blocks[i], 32 << 10).ContainsAnyExcept((byte)i));
            }

            Assert.Equal(PersistentArenaError.None, arena.CheckLength().Error);
            arena.Root = blocks[0];
            arena.Flush();
        }

        using PersistentArena again = PersistentArena.Open(
            new PersistentArenaOptions { Path = path, Access = MemoryObjectAccess.Read, MaxByteCount = 64 * MiB });
        Assert.Equal(0, *(byte*)again.Root);
    }

    private static void AllocateAll(FramePool pool)
    {
        for (nuint i = 0; i < pool.FrameCount; i++)
        {
            pool.Allocate();
        }
    }

    private static nuint FillAndFree(PageAllocator pages)
    {
        List<nuint> runs = [];
        while (pages.TryAllocate(32 * MiB, 1, PageAllocationFlags.None, out nuint address))
        {
            *(byte*)address = 1;
            runs.Add(address);
            Assert.True(runs.Count < 10_000, "There is no limit.");
        }

        Assert.NotEmpty(runs);
        runs.ForEach(pages.Free);
        return (nuint)runs.Count * 32 * MiB;
    }

    private static void Work(Random random, SoakSubject[] subjects, int stepCount)
    {
        for (int step = 0; step < stepCount; step++)
        {
            subjects[random.Next(subjects.Length)].Step(random);
        }

        Array.ForEach(subjects, static subject => subject.Verify());
    }
}
