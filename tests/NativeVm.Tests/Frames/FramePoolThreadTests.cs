using NativeVm.Tests.Arenas;
using NativeVm.Tests.Support;

namespace NativeVm.Tests.Frames;

/// <summary>Frames that threads share, and a pool that is disposed of under them.</summary>
public sealed class FramePoolThreadTests
{
    private const nuint KiB = TestArenas.KiB;

    [Fact]
    public void More_threads_than_cores_share_a_pool()
    {
        FramePool pool = new(new FramePoolOptions { FrameByteCount = 4 * KiB, FrameCount = 40 });
        TestThreads.Run(8, number => Work(pool, number));
        FramePoolStatistics statistics = pool.GetStatistics();
        Assert.Equal((nuint)0, statistics.AllocatedCount + statistics.PinnedCount);
        pool.Dispose();
    }

    [Fact]
    public void Disposal_in_the_midst_of_use_ends_every_thread_with_an_exception()
    {
        for (int round = 0; round < 30; round++)
        {
            FramePool pool = new(new FramePoolOptions { FrameByteCount = 4 * KiB, FrameCount = 16 });
            TestThreads users = TestThreads.Start(4, _ =>
            {
                while (true)
                {
                    if (pool.TryAllocate(out uint frame))
                    {
                        pool.GiveBack(frame);
                        pool.TryFree(frame);
                    }
                }
            });
            Thread.Yield();
            pool.Dispose();
            IReadOnlyCollection<Exception> failures = users.JoinForFailures();
            Assert.All(failures, static failure => Assert.IsType<ObjectDisposedException>(failure));
            Assert.Equal(4, failures.Count);
        }
    }

    private static void Work(FramePool pool, int number)
    {
        Random random = new(number);
        List<uint> mine = [];
        byte pattern = (byte)(number + 1);
        for (int step = 0; step < 6000; step++)
        {
            int choice = random.Next(10);
            if (choice < 5 && mine.Count < 8)
            {
                if (pool.TryAllocate(out uint frame))
                {
                    Assert.Equal(-1, pool.GetSpan(frame).IndexOfAnyExcept((byte)0));
                    pool.GetSpan(frame).Fill(pattern);
                    mine.Add(frame);
                }
            }
            else if (choice == 9 && step % 50 == 0)
            {
                pool.Trim();
            }
            else if (mine.Count > 0)
            {
                uint frame = mine[^1];
                Assert.Equal(-1, pool.GetSpan(frame).IndexOfAnyExcept(pattern));
                pool.Pin(frame);
                Assert.False(pool.TryFree(frame));
                pool.Unpin(frame);

                // Others pin what is not theirs for a moment, as a cache that looks a page up does.
                uint other = (uint)random.Next(40);
                if (pool.TryPin(other))
                {
                    pool.Unpin(other);
                }

                if (choice == 5 ? pool.TryFreeAndGiveBack(frame) : pool.TryFree(frame))
                {
                    mine.RemoveAt(mine.Count - 1);
                }
            }
        }

        foreach (uint frame in mine)
        {
            while (!pool.TryFree(frame))
            {
                Thread.Yield();
            }
        }
    }
}
