using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using NativeVm.Diagnostics;
using NativeVm.Pages;

namespace NativeVm;

public sealed unsafe partial class PageAllocator
{
    /// <summary>Takes a run of pages.</summary>
    /// <param name="byteCount">Bytes, rounded up to whole pages; not 0.</param>
    /// <param name="alignment">What the address is a multiple of: any number of bytes from 1 up; a page at least.</param>
    /// <param name="flags">Whether the run has to read as zeros; on a simulated platform it must not.</param>
    /// <param name="address">Its first byte; 0 when there is none.</param>
    /// <returns>
    /// Whether there is such a run: the limit, the map and the system allow it. If not, what was retained may have been
    /// given back, and nothing else has changed.
    /// </returns>
    /// <exception cref="ArgumentOutOfRangeException">The length or the alignment is 0, or a flag is unknown.</exception>
    /// <exception cref="ObjectDisposedException">The allocator has been disposed of.</exception>
    public bool TryAllocate(nuint byteCount, nuint alignment, PageAllocationFlags flags, out nuint address)
    {
        if (AllocationTracking.IsOn)
        {
            return TryAllocateTracked(byteCount, alignment, flags, out address);
        }

        // A length of 0 and one that wraps are 0 pages here; no cache has runs of these.
        nuint count = unchecked(byteCount + _pageMask) >> _pageShift;
        nuint alignmentMask = unchecked(alignment - 1) >> _pageShift;
        PageCache? cache = CurrentCache;
        if (cache is not null && cache.Serial == _serial && (uint)flags <= 1
            && (alignment & unchecked(alignment - 1)) == 0 && alignmentMask < 1u << PageMap.ChunkShift && cache.TryEnter())
        {
            uint id = cache.Take(_runs, count, alignmentMask, out nuint start);
            if (id != 0)
            {
                Volatile.Write(ref _runs[id].State, cache.AllocatedState);
                cache.Exit();
                address = _base + (start << _pageShift);
                if (flags == PageAllocationFlags.None)
                {
                    NativeMemory.Clear((void*)address, count << _pageShift);
                }

                GC.KeepAlive(this);
                return true;
            }

            cache.Exit();
        }

        return AllocateUncached(byteCount, alignment, flags, out address).IsSuccess;
    }

    /// <summary>As <see cref="TryAllocate"/>, but throws when there is no such run.</summary>
    /// <param name="byteCount">Bytes, rounded up to whole pages; not 0.</param>
    /// <param name="alignment">What the address is a multiple of, any number of bytes from 1 up.</param>
    /// <param name="flags">Whether the run has to read as zeros.</param>
    /// <returns>Its first byte.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The length or the alignment is 0, or a flag is unknown.</exception>
    /// <exception cref="InsufficientMemoryException">There is no such run; the message says what forbids it.</exception>
    /// <exception cref="ObjectDisposedException">The allocator has been disposed of.</exception>
    public nuint Allocate(nuint byteCount, nuint alignment = 1, PageAllocationFlags flags = PageAllocationFlags.None)
    {
        if (!TryAllocate(byteCount, alignment, flags, out nuint address))
        {
            ThrowNoMemory(byteCount, alignment);
        }

        return address;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private VmResult AllocateUncached(nuint byteCount, nuint alignment, PageAllocationFlags flags, out nuint address)
    {
        ArgumentOutOfRangeException.ThrowIfZero(byteCount);
        ArgumentOutOfRangeException.ThrowIfZero(alignment);
        RequireFlags(flags);
        address = 0;
        ulong pageCount = ((ulong)byteCount >> _pageShift) + ((byteCount & _pageMask) == 0 ? 0UL : 1);
        PageAlignment pageAlignment = new(alignment, _pageShift, _base >> _pageShift);
        if (pageCount > uint.MaxValue)
        {
            Enter().Exit();
            return VmResult.NoSpace;
        }

        VmResult result = AllocateFromShards((uint)pageCount, pageAlignment, out uint id);
        for (int attempt = 0; !result.IsSuccess && TryMakeRoom((uint)pageCount, attempt); attempt++)
        {
            result = AllocateFromShards((uint)pageCount, pageAlignment, out id);
        }

        if (!result.IsSuccess)
        {
            return result;
        }

        PageRun* run = _runs + id;
        address = _source.Address(run->Start);
        if (flags == PageAllocationFlags.None && run->DirtyCount != 0)
        {
            Clear(run->Start, run->Count);
        }

        GC.KeepAlive(this);
        return result;
    }

    private VmResult AllocateFromShards(uint count, in PageAlignment alignment, out uint id)
    {
        PageCache cache = Enter();
        try
        {
            PageShard home = _shards[cache.ShardIndex];
            VmResult result = AllocateFrom(home, count, alignment, isHome: true, out id);
            for (int i = 0; i < _shards.Length && !result.IsSuccess && _source.IsWithinLimit(count); i++)
            {
                if (i != home.Index && AllocateFrom(_shards[i], count, alignment, isHome: false, out id).IsSuccess)
                {
                    result = VmResult.Success;
                }
            }

            if (result.IsSuccess)
            {
                Volatile.Write(ref _runs[id].State, cache.AllocatedState);
            }

            return result;
        }
        finally
        {
            cache.Exit();
        }
    }

    /// <summary>Allocates from one shard, which grows if it is the thread's own, or the first, which can take odd pieces.</summary>
    private static VmResult AllocateFrom(PageShard shard, uint count, in PageAlignment alignment, bool isHome, out uint id)
    {
        shard.Gate.Enter();
        try
        {
            shard.Drain(Now);
            VmResult result = shard.Take(count, alignment, isExhaustive: !isHome, out id);
            if (result.Code != VmResultCode.NoSpace || !(isHome || shard.Index == 0))
            {
                return result;
            }

            result = shard.Grow(count, alignment);
            return result.IsSuccess || isHome ? TakeAfter(result, shard, count, alignment, out id) : result;
        }
        finally
        {
            shard.Gate.Exit();
        }
    }

    private static VmResult TakeAfter(VmResult growth, PageShard shard, uint count, in PageAlignment alignment, out uint id)
    {
        VmResult result = shard.Take(count, alignment, isExhaustive: true, out id);
        return result.IsSuccess || growth.IsSuccess ? result : growth;
    }

    /// <summary>Clears the pages of a run, just handed out, that are not known to be zero.</summary>
    private void Clear(ulong start, uint count)
    {
        ulong end = start + count;
        while (_pages.TryFindDirty(ref start, end, out ulong dirtyEnd))
        {
            NativeMemory.Clear((void*)_source.Address(start), (nuint)(dirtyEnd - start) << _pageShift);
            start = dirtyEnd;
        }
    }

    private static void RequireFlags(PageAllocationFlags flags)
    {
        if ((flags & ~PageAllocationFlags.Uninitialized) != 0)
        {
            throw new ArgumentOutOfRangeException(nameof(flags), flags, "Not a flag.");
        }
    }

    [DoesNotReturn]
    private void ThrowNoMemory(nuint byteCount, nuint alignment)
    {
        string limit = _source.Deficit(byteCount >> _pageShift) != 0
            ? "its memory limit forbids it"
            : "the map has no such space or the system refuses; give it a larger map, or raise the system's limit";
        throw new InsufficientMemoryException(
            $"The page allocator '{Name}' has no run of {byteCount} bytes at a multiple of {alignment}: {limit}.");
    }
}
