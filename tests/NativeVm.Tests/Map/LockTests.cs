using NativeVm.Testing;
using NativeVm.Tests.Support;

namespace NativeVm.Tests.Map;

public sealed class LockTests : IDisposable
{
    private const nuint Page = TestMaps.Page;

    private readonly VmMap _map = TestMaps.Simulated(new SimulatedPlatform(), 0x4000_0000, 4096);

    public void Dispose() => _map.Dispose();

    [Fact]
    public void The_timestamp_rises_with_each_exclusive_lock_from_outside_and_with_an_upgrade()
    {
        uint before = _map.Timestamp;
        using (_map.EnterReadLock())
        {
            Assert.False(_map.IsWriteLockHeld);
        }

        Assert.Equal(before, _map.Timestamp);
        using (_map.EnterWriteLock())
        using (_map.EnterWriteLock())
        using (_map.EnterReadLock())
        {
            Assert.True(_map.IsWriteLockHeld);
        }

        Assert.Equal(before + 1, _map.Timestamp);
        using (VmMapLockScope scope = _map.EnterReadLock())
        {
            VmMapLockScope upgraded = scope;
            Assert.True(upgraded.TryUpgrade());
            Assert.True(_map.IsWriteLockHeld);
            upgraded.Downgrade();
            Assert.False(_map.IsWriteLockHeld);
        }

        Assert.Equal(before + 2, _map.Timestamp);
    }

    [Fact]
    public void An_upgrade_fails_while_others_share_and_the_lock_is_then_still_shared()
    {
        using Barrier barrier = new(2);
        TestThreads other = TestThreads.Start(1, _ =>
        {
            using VmMapLockScope scope = _map.EnterReadLock();
            barrier.SignalAndWait();
            barrier.SignalAndWait();
        });
        barrier.SignalAndWait();
        uint before = _map.Timestamp;
        VmMapLockScope mine = _map.EnterReadLock();
        Assert.False(mine.TryUpgrade());
        Assert.False(mine.IsExclusive);
        Assert.Equal(before, _map.Timestamp);
        barrier.SignalAndWait();
        other.Join();
        Assert.True(mine.TryUpgrade());
        mine.Dispose();
        mine.Dispose();
        Assert.False(_map.IsWriteLockHeld);
    }

    [Fact]
    public void More_threads_than_cores_never_see_each_others_half_done_work()
    {
        int shared = 0;
        int wrong = 0;
        TestThreads.Run(8, number =>
        {
            for (int i = 0; i < 3000; i++)
            {
                if ((i + number) % 3 == 0)
                {
                    using VmMapLockScope scope = _map.EnterReadLock();
                    wrong += Volatile.Read(ref shared) % 2;
                }
                else
                {
                    using VmMapLockScope scope = _map.EnterWriteLock();
                    shared++;
                    Thread.SpinWait(20);
                    shared++;
                }
            }
        });

        Assert.Equal(0, wrong);
        Assert.Equal(8 * 2000 * 2, shared);
    }

    [Fact]
    public void Threads_that_find_and_remove_at_once_never_get_the_same_pages()
    {
        byte[] owners = new byte[4096];
        int clashes = 0;
        TestThreads.Run(6, index =>
        {
            int number = index + 1;
            Random random = new(number);
            for (int i = 0; i < 2000; i++)
            {
                nuint byteCount = (nuint)random.Next(1, 9) * Page;
                VmResult result = _map.Find(byteCount, TestMaps.Tagged((ulong)number), out nuint address);
                Assert.True(result.IsSuccess);
                Span<byte> mine = owners.AsSpan((int)((address - _map.MinAddress) / Page), (int)(byteCount / Page));
                Interlocked.Add(ref clashes, mine.IndexOfAnyExcept((byte)0) >= 0 ? 1 : 0);
                mine.Fill((byte)number);
                Thread.Yield();
                Interlocked.Add(ref clashes, mine.IndexOfAnyExcept((byte)number) >= 0 ? 1 : 0);
                mine.Clear();
                Assert.True(_map.Remove(address, byteCount).IsSuccess);
            }
        });

        Assert.Equal(0, clashes);
        Assert.Equal((nuint)0, _map.GetStatistics().EntryCount);
        _map.Validate();
    }

    [Fact]
    public void Leaving_a_lock_that_is_not_held_is_misuse()
    {
        Exception? seen = null;
        using (_map.EnterWriteLock())
        {
            TestThreads.Run(1, _ => seen = Record.Exception(() => _map.Insert(_map.MinAddress, Page, TestMaps.Tagged(1))));
        }

        Assert.IsType<SynchronizationLockException>(seen);
    }
}
