using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using NativeVm.Diagnostics;
using NativeVm.Pages;

namespace NativeVm;

public sealed unsafe partial class PageAllocator
{
    // A length that no caller can name: 0 bytes are refused before.
    private const uint AnyCount = 0;

    /// <summary>Gives a run back.</summary>
    /// <param name="address">Its first byte.</param>
    /// <remarks>Any thread may, whichever has allocated it.</remarks>
    /// <exception cref="ArgumentException">No run in use starts there: it has been freed, or was never one.</exception>
    /// <exception cref="ObjectDisposedException">The allocator has been disposed of.</exception>
    public void Free(nuint address)
    {
        if (AllocationTracking.IsOn)
        {
            AllocationTracking.Freed(_ticket, address);
        }

        if (!TryFree(address, AnyCount))
        {
            ThrowNotInUse(address);
        }
    }

    /// <summary>Gives a run back whose length the caller knows, which is compared.</summary>
    /// <param name="address">Its first byte.</param>
    /// <param name="byteCount">Its length in bytes, rounded up to whole pages.</param>
    /// <exception cref="ArgumentException">No run in use of this length starts there; nothing is freed.</exception>
    /// <exception cref="ObjectDisposedException">The allocator has been disposed of.</exception>
    public void Free(nuint address, nuint byteCount)
    {
        // Before the run is free: another thread may allocate it at once.
        if (AllocationTracking.IsOn && IsInUse(address, PageCountOf(byteCount)))
        {
            AllocationTracking.Freed(_ticket, address);
        }

        if (byteCount == 0)
        {
            Enter().Exit();
            ThrowNotInUse(address, byteCount);
        }

        if (!TryFree(address, PageCountOf(byteCount)))
        {
            ThrowNotInUse(address, byteCount);
        }
    }

    /// <summary>Frees the run in use that starts at an address, if there is one, of so many pages.</summary>
    /// <param name="address">Where it starts.</param>
    /// <param name="count">Its pages, or <see cref="AnyCount"/>.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool TryFree(nuint address, uint count)
    {
        PageCache? cache = CurrentCache;
        if (cache is null || cache.Serial != _serial || !cache.TryEnter())
        {
            cache = Enter();
        }

        nuint offset = unchecked(address - _base);
        nuint start = offset >> _pageShift;
        uint id = cache.Expect(start);
        PageRun* run = _runs + id;

        // The run that the thread has just allocated, most often: its record proves it, without the page map.
        if (id != 0 && run->Start == start && Volatile.Read(ref run->State) == cache.AllocatedState
            && (offset & _pageMask) == 0 && (count == AnyCount || run->Count == count))
        {
            Volatile.Write(ref run->State, PageRunState.Cached);
            if (cache.TryKeepExpected(run->Count))
            {
                cache.Exit();
                GC.KeepAlive(this);
                return true;
            }
        }
        else
        {
            id = Find(address, out start);
            run = _runs + id;
            if (id == 0 || (count != AnyCount && run->Count != count) || !TryLetGo(run, address, cache.AllocatedState))
            {
                cache.Exit();
                return false;
            }
        }

        if (cache.TryKeep(_runs, id, start, run->Count))
        {
            cache.Exit();
        }
        else
        {
            FreeUncached(cache, id);
        }

        GC.KeepAlive(this);
        return true;
    }

    private bool IsInUse(nuint address, uint count)
    {
        PageCache cache = Enter();
        uint id = Find(address, out _);
        bool isInUse = id != 0 && _runs[id].Count == count
            && (Volatile.Read(ref _runs[id].State) & PageRunState.Mask) == PageRunState.Allocated;
        cache.Exit();
        return isInUse;
    }

    /// <summary>The number of the run that the page map names for an address, if it starts there; otherwise 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private uint Find(nuint address, out nuint page)
    {
        nuint offset = unchecked(address - _base);
        page = offset >> _pageShift;
        uint id = _pages.GetId(page);
        return (offset & _pageMask) == 0 && _runs[id].Start == page ? id : 0;
    }

    /// <summary>Makes a run no longer in use, if it is.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool TryLetGo(PageRun* run, nuint address, int mine)
    {
        // An interlocked instruction would wait here for all that the user has just written to the run.
        if (Volatile.Read(ref run->State) == mine)
        {
            Volatile.Write(ref run->State, PageRunState.Cached);
            return true;
        }

        return TryLetGoOfOther(run, address);
    }

    /// <summary>Makes a run that another thread allocated no longer in use. Of several threads one succeeds.</summary>
    private bool TryLetGoOfOther(PageRun* run, nuint address)
    {
        int state = Volatile.Read(ref run->State);
        if ((state & PageRunState.Mask) != PageRunState.Allocated
            || Interlocked.CompareExchange(ref run->State, PageRunState.Cached, state) != state)
        {
            return false;
        }

        if (_base + ((nuint)run->Start << _pageShift) == address)
        {
            return true;
        }

        // Another run has taken the record over since it was found, which only a wrong address can have brought about.
        Volatile.Write(ref run->State, state);
        return false;
    }

    /// <summary>Finds room for a run in the cache, or returns it to its shard; and ends the work in the cache.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void FreeUncached(PageCache cache, uint id)
    {
        uint count = _runs[id].Count;
        try
        {
            uint* ends = stackalloc uint[MostShards * 2];
            new Span<uint>(ends, MostShards * 2).Clear();
            PageChains chains = new(ends, ends + MostShards, _source.Table.Shift);
            MakeRoomInCache(cache, count, chains);
            if (!cache.TryKeep(_runs, id, (nuint)_runs[id].Start, count))
            {
                chains.Add(_runs, id);
            }

            Return(chains, cache.ShardIndex);
        }
        finally
        {
            cache.Exit();
        }

        TrimAfterFree();
    }

    private void MakeRoomInCache(PageCache cache, uint count, in PageChains chains)
    {
        if (count > cache.Capacity)
        {
            return;
        }

        // Runs of the other kind go when those of this kind cannot make enough room.
        bool isSmall = count <= PageCache.MostSmall;
        Drop(cache, isSmall, chains, all: false);
        if (cache.PageCount + count > cache.Capacity)
        {
            Drop(cache, !isSmall, chains, all: false);
        }

        if (cache.PageCount + count > cache.Capacity)
        {
            cache.DropFront(_runs, chains);
            Drop(cache, isSmall, chains, all: true);
            Drop(cache, !isSmall, chains, all: true);
        }
    }

    private void Drop(PageCache cache, bool isSmall, in PageChains chains, bool all)
    {
        if (isSmall)
        {
            cache.DropSmall(_runs, chains, all);
        }
        else
        {
            cache.DropLarge(_runs, chains, all);
        }
    }

    /// <summary>
    /// Brings chains of runs to their shards: to the thread's own under its gate; to another by leaving them there,
    /// and seeing to them at once if nobody else is about to.
    /// </summary>
    private void Return(in PageChains chains, int home)
    {
        uint now = Now;
        for (int i = 0; i < _shards.Length; i++)
        {
            uint head = chains.Head(i);
            if (head == 0)
            {
                continue;
            }

            PageShard shard = _shards[i];
            if (i == home)
            {
                shard.Gate.Enter();
                shard.ReturnAll(head, now);
            }
            else
            {
                shard.Push(head, chains.Tail(i));
                if (!shard.Gate.TryEnter())
                {
                    continue;
                }
            }

            shard.Drain(now);
            shard.Gate.Exit();
        }
    }

    private uint PageCountOf(nuint byteCount)
    {
        ulong count = ((ulong)byteCount >> _pageShift) + ((byteCount & _pageMask) == 0 ? 0UL : 1);
        return (uint)Math.Min(count, uint.MaxValue);
    }

    [DoesNotReturn]
    private static void ThrowNotInUse(nuint address) => throw new ArgumentException(
        $"No run in use starts at 0x{address:x}: it has been freed already, or is not of this allocator.", nameof(address));

    [DoesNotReturn]
    private static void ThrowNotInUse(nuint address, nuint byteCount) => throw new ArgumentException(
        $"No run in use of {byteCount} bytes starts at 0x{address:x}: it has another length, has been freed already, or is not of this allocator.",
        nameof(address));
}
