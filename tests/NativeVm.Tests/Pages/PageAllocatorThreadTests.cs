using System.Collections.Concurrent;
using NativeVm.Testing;
using NativeVm.Tests.Support;

namespace NativeVm.Tests.Pages;

/// <summary>More threads than processors.</summary>
public sealed unsafe class PageAllocatorThreadTests
{
    private const nuint MiB = 1 << 20;
    private const nuint Page = 4096;
    private const PageAllocationFlags Any = PageAllocationFlags.Uninitialized;

    [Fact]
    public void Threads_that_pass_runs_to_each_other_while_others_trim_never_share_one()
    {
        using PageAllocator allocator = new(new PageAllocatorOptions
        {
            RetainHighMark = 16 * MiB,
            RetainLowMark = 4 * MiB,
            RetainAge = TimeSpan.FromMilliseconds(1),
        });
        using BlockingCollection<(nuint Address, nuint ByteCount, byte Pattern)> passed = new(400);
        TestThreads workers = TestThreads.Start(6, seed => Work(allocator, passed, seed));
        TestThreads trimmer = TestThreads.Start(1, _ =>
        {
            for (int i = 0; i < 60; i++)
            {
                allocator.Trim(MiB);
                allocator.Validate();
                allocator.GetStatistics();
                Thread.Yield();
            }
        });
        workers.Join();
        trimmer.Join();
        while (passed.TryTake(out (nuint Address, nuint ByteCount, byte Pattern) run))
        {
            allocator.Free(run.Address);
        }

        allocator.Validate();
        Assert.Equal(0u, allocator.GetStatistics().AllocatedByteCount);
        _ = allocator.Trim();
        Assert.Equal(0u, allocator.GetStatistics().RetainedByteCount);
    }

    [Fact]
    public void Of_two_threads_that_free_the_run_of_a_third_one_succeeds()
    {
        using PageAllocator allocator = new(new PageAllocatorOptions { Platform = new SimulatedPlatform(), TrimsInBackground = false });
        int freed = 0;
        nuint run = 0;
        using Barrier barrier = new(3);
        TestThreads freeing = TestThreads.Start(2, _ =>
        {
            for (int i = 0; i < 2000; i++)
            {
                barrier.SignalAndWait();
                try
                {
                    allocator.Free(run);
                    Interlocked.Increment(ref freed);
                }
                catch (ArgumentException)
                {
                    // The other was first.
                }

                barrier.SignalAndWait();
            }
        });
        for (int i = 0; i < 2000; i++)
        {
            run = allocator.Allocate(3 * Page, flags: Any);
            barrier.SignalAndWait();
            barrier.SignalAndWait();
        }

        freeing.Join();
        Assert.Equal(2000, freed);
        allocator.Validate();
        Assert.Equal(0u, allocator.GetStatistics().AllocatedByteCount);
    }

    [Fact]
    public void The_cache_of_a_thread_that_has_ended_comes_back()
    {
        using PageAllocator allocator = new(new PageAllocatorOptions { Platform = new SimulatedPlatform(), TrimsInBackground = false });
        for (int i = 0; i < 4; i++)
        {
            TestThreads.Run(1, _ => allocator.Free(allocator.Allocate(16 * Page, flags: Any)));
        }

        Assert.True(SpinWait.SpinUntil(
            () =>
            {
                GC.Collect();
                GC.WaitForPendingFinalizers();
                return allocator.GetStatistics().CachedByteCount == 0;
            },
            TimeSpan.FromSeconds(30)));
        allocator.Validate();
    }

    [Fact]
    public void Disposal_waits_for_those_inside_and_the_others_are_told()
    {
        for (int round = 0; round < 20; round++)
        {
            PageAllocator allocator = new(new PageAllocatorOptions { TrimsInBackground = false });
            using CountdownEvent started = new(4);
            TestThreads users = TestThreads.Start(4, seed =>
            {
                started.Signal();
                Churn(allocator, seed);
            });
            started.Wait();
            allocator.Dispose();
            IReadOnlyCollection<Exception> errors = users.JoinForFailures();
            Assert.All(errors, static error => Assert.IsType<ObjectDisposedException>(error));
            Assert.Equal(4, errors.Count);
        }
    }

    private static void Churn(PageAllocator allocator, int seed)
    {
        Random random = new(seed);
        while (true)
        {
            nuint run = allocator.Allocate((nuint)random.Next(1, 200) * Page, flags: Any);
            if (random.Next(4) == 0)
            {
                _ = allocator.GetStatistics();
            }

            allocator.Free(run);
        }
    }

    private static void Work(
        PageAllocator allocator, BlockingCollection<(nuint Address, nuint ByteCount, byte Pattern)> passed, int seed)
    {
        Random random = new(seed);
        for (int i = 0; i < 4000; i++)
        {
            nuint byteCount = (nuint)(random.Next(20) == 0 ? random.Next(64, 400) : random.Next(1, 30)) * Page;
            bool isZeroed = random.Next(2) == 0;
            nuint address = allocator.Allocate(byteCount, 1, isZeroed ? PageAllocationFlags.None : Any);
            Span<byte> bytes = new((void*)address, (int)byteCount);
            if (isZeroed && bytes.IndexOfAnyExcept((byte)0) >= 0)
            {
                throw new InvalidOperationException("A run that should be zero is not.");
            }

            byte pattern = (byte)random.Next(1, 256);
            bytes.Fill(pattern);
            if (!passed.TryAdd((address, byteCount, pattern)))
            {
                Release(allocator, (address, byteCount, pattern));
            }

            if (random.Next(2) == 0 && passed.TryTake(out (nuint Address, nuint ByteCount, byte Pattern) other))
            {
                Release(allocator, other);
            }
        }
    }

    private static void Release(PageAllocator allocator, (nuint Address, nuint ByteCount, byte Pattern) run)
    {
        if (new Span<byte>((void*)run.Address, (int)run.ByteCount).IndexOfAnyExcept(run.Pattern) >= 0)
        {
            throw new InvalidOperationException("A run has been written to by another.");
        }

        allocator.Free(run.Address, run.ByteCount);
    }
}
