using System.Runtime.CompilerServices;
using NativeVm.SqliteClient;
using NativeVm.Tests.Support;

namespace NativeVm.Tests.Callbacks;

/// <summary>SQLite, as a real client of a heap and of a pool of frames.</summary>
[Collection(nameof(BoundHeapTests))]
public sealed class SqliteTests
{
    private const int Size = 6000;

    [CapabilityFact(Needs.Sqlite)]
    public void A_mixed_workload_ends_sound_with_its_result_and_with_no_byte_lost()
    {
        long failures = VmHeapFunctions.FailureCount;
        using FramePool frames = new(new FramePoolOptions { FrameByteCount = 4096, FrameCount = 512, Name = "sqlite pages" });
        using VmHeap heap = new(new VmHeapOptions { Name = "sqlite" });
        string path = Path.Combine(Path.GetTempPath(), $"nativevm-{Guid.NewGuid():N}.db");
        long inFile;
        long inMemory;
        using (SqliteMemory memory = SqliteMemory.Use(heap, frames))
        {
            try
            {
                inFile = SqliteWorkload.Run(path, Size);
                Assert.True(heap.GetStatistics().ReservedByteCount > 0);
                inMemory = RunOnThreads();
                CollectConnections();
                Assert.Equal(0, SqliteMemory.PageCacheUsed);
            }
            finally
            {
                File.Delete(path);
            }

            memory.Dispose();
            Assert.Equal(0, SqliteMemory.MemoryUsed);
            Assert.Equal((nuint)0, heap.GetStatistics().BlockCount);
            Assert.Equal((nuint)0, heap.GetStatistics().AllocatedByteCount);
        }

        Assert.Equal(failures, VmHeapFunctions.FailureCount);

        // The same without us, on SQLite's own allocator.
        Assert.Equal(inFile, inMemory);
        Assert.Equal(inFile, SqliteWorkload.Run(":memory:", Size));
    }

    [CapabilityFact(Needs.Sqlite)]
    public void A_heap_that_is_full_is_an_error_of_SQLite_and_nothing_is_lost()
    {
        using VmHeap heap = new(new VmHeapOptions { Name = "small sqlite", MemoryLimit = 6 << 20 });
        using (SqliteMemory memory = SqliteMemory.Use(heap, frames: null))
        {
            InvalidOperationException exception = Assert.Throws<InvalidOperationException>(
                () => SqliteWorkload.Run(":memory:", 40_000));
            Assert.Contains("memory", exception.Message, StringComparison.OrdinalIgnoreCase);
            CollectConnections();
            memory.Dispose();
            Assert.Equal((nuint)0, heap.GetStatistics().BlockCount);
        }
    }

    private static long RunOnThreads()
    {
        long[] results = new long[3];
        TestThreads.Run(results.Length, index => results[index] = SqliteWorkload.Run(":memory:", Size));
        Assert.Single(results.Distinct());
        return results[0];
    }

    // A statement that an exception left undisposed is closed by its finalizer.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void CollectConnections()
    {
        for (int i = 0; i < 3; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
    }
}
