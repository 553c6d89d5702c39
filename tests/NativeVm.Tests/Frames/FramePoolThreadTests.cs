using NativeVm.Tests.Arenas;

namespace NativeVm.Tests.Frames;

/// <summary>Frames that threads share, and a pool that is disposed of under them.</summary>
public sealed class FramePoolThreadTests
{
    private const nuint KiB = TestArenas.KiB;

    [Fact]
    public void More_threads_than_cores_share_a_pool()
    {
        FramePool pool = new(new FramePoolOptions { FrameByteCount = 4 * KiB, FrameCount = 40 });
        Thread[] threads = new Thread[8];
        Exception? failure = null;
        for (int i = 0; i < threads.Length; i++)
        {
            int number = i;
            threads[i] = new Thread(() =>
            {
                try
                {
                    Work(pool, number);
                }
                catch (Exception e) when (e is not OutOfMemoryException)
                {
                    failure = e;
                }
            });
            threads[i].Start();
        }

        foreach (Thread thread in threads)
        {
            thread.Join();
        }

        Assert.Null(failure);
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
            int disposedCount = 0;
            Thread[] threads = new Thread[4];
            for (int i = 0; i < threads.Length; i++)
            {
                threads[i] = new Thread(() =>
                {
                    try
                    {
                        while (true)
                        {
                            if (pool.TryAllocate(out uint frame))
                            {
                                pool.GiveBack(frame);
                                pool.TryFree(frame);
                            }
                        }
                    }
                    catch (ObjectDisposedException)
                    {
                        Interlocked.Increment(ref disposedCount);
                    }
                });
                threads[i].Start();
            }

            Thread.Yield();
            pool.Dispose();
            foreach (Thread thread in threads)
            {
                thread.Join();
            }

            Assert.Equal(4, disposedCount);
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
