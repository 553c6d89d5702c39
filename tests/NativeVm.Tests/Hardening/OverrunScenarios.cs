using NativeVm.Tests.Limits;

namespace NativeVm.Tests.Hardening;

/// <summary>
/// Overruns of live memory, upwards and downwards until memory ends that can be written, by a call that says so
/// instead of dying. Whatever was hit, the records were out of reach. Each runs in a child process.
/// </summary>
internal static unsafe class OverrunScenarios
{
    private const int ForReading = 0;

    public static void OverrunEverything(string[] arguments)
    {
        OverrunHeap();
        OverrunPages();
        OverrunPools();
    }

    private static void OverrunHeap()
    {
        using VmHeap heap = new(new VmHeapOptions());
        Random random = new(1);
        void*[] blocks = new void*[2000];
        for (int i = 0; i < blocks.Length; i++)
        {
            blocks[i] = heap.Allocate((nuint)random.Next(1, i % 50 == 0 ? 200_000 : 2000));
        }

        for (int i = 0; i < blocks.Length; i += 2)
        {
            heap.Free(blocks[i]);
        }

        Assert.True(Overrun(heap.Map, (nuint)blocks[1001]) > 1 << 20);
        heap.Validate();
        for (int i = 1; i < blocks.Length; i += 2)
        {
            heap.Free(blocks[i]);
        }

        heap.Validate();
        Assert.Equal((nuint)0, heap.GetStatistics().BlockCount);
        heap.Free(heap.Allocate(100));
    }

    private static void OverrunPages()
    {
        using PageAllocator pages = new(new PageAllocatorOptions());
        nuint[] runs = [.. Enumerable.Range(1, 100).Select(i => pages.Allocate((nuint)(i % 9 + 1) * pages.Map.PageSize))];
        for (int i = 0; i < runs.Length; i += 2)
        {
            pages.Free(runs[i]);
        }

        Assert.True(Overrun(pages.Map, runs[51]) > 100_000);
        pages.Validate();
        pages.Map.Validate();
        for (int i = 1; i < runs.Length; i += 2)
        {
            pages.Free(runs[i]);
        }

        pages.Validate();
        Assert.Equal((nuint)0, pages.GetStatistics().AllocatedByteCount);
    }

    private static void OverrunPools()
    {
        using BlockPool pool = new(new BlockPoolOptions { BlockByteCount = 48, Capacity = 100_000 });
        using FramePool frames = new(new FramePoolOptions { FrameByteCount = 8 << 10, FrameCount = 100 });
        using LinearArena arena = new(new LinearArenaOptions { ByteCount = 1 << 20 });
        BlockHandle[] handles = new BlockHandle[2000];
        uint[] numbers = new uint[50];
        for (int i = 0; i < handles.Length; i++)
        {
            _ = pool.Allocate(out handles[i]);
        }

        for (int i = 0; i < numbers.Length; i++)
        {
            numbers[i] = frames.Allocate();
        }

        nuint last = 0;
        for (int i = 0; i < 100; i++)
        {
            last = arena.Allocate(1000);
        }

        Assert.True(Overrun(pool.Map, pool.GetAddress(handles[1000])) >= 48 * 2000);
        Assert.True(Overrun(frames.Map, frames.GetAddress(numbers[25])) >= 50 * (8 << 10));
        Assert.True(Overrun(arena.Map, last) >= 100_000);
        foreach (BlockHandle handle in handles)
        {
            Assert.True(pool.IsLive(handle));
            pool.Free(handle);
            Assert.False(pool.TryFree(handle));
        }

        foreach (uint frame in numbers)
        {
            frames.Free(frame);
        }

        Assert.Equal(((nuint)0, (nuint)0), (pool.LiveCount, frames.GetStatistics().AllocatedCount));
        arena.Reset();
        Assert.False(new Span<byte>((void*)arena.Allocate(50_000), 50_000).ContainsAnyExcept((byte)0));
    }

    /// <summary>Writes random bytes over pages in both directions, and says how many bytes.</summary>
    private static nuint Overrun(VmMap map, nuint address)
    {
        nuint page = map.PageSize;
        nuint middle = address & ~(page - 1);
        int noise = ProcessCalls.Open("/dev/urandom", ForReading);
        nuint end = middle;
        while (end < map.MaxAddress && ProcessCalls.Read(noise, end, page) == (nint)page)
        {
            end += page;
        }

        nuint start = middle;
        while (start > map.MinAddress && ProcessCalls.Read(noise, start - page, page) == (nint)page)
        {
            start -= page;
        }

        return end - start;
    }
}
