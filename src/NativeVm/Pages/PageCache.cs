using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace NativeVm.Pages;

/// <summary>
/// Freed runs that a thread keeps for itself: a list for each length up to 64 pages, and eight places for longer ones.
/// </summary>
/// <remarks>
/// <para>
/// One thread owns the cache, and alone works with it, without any interlocked instruction: it says that it is
/// <see cref="_busy"/>, looks whether somebody has made a <see cref="_request"/>, and does what it wants. Whoever
/// wants the cache for a moment, to take what is in it or because the allocator is disposed of, makes the request,
/// has the system run a memory barrier on every processor, and waits until the owner is not busy. After the barrier
/// either the request is seen by the owner or the owner's work by the other; the price is paid by who comes rarely.
/// </para>
/// <para>
/// An allocator's operations, all of them, are done busy. So nobody is inside when a request has been granted, and
/// nobody who is busy may wait for one that makes requests.
/// </para>
/// </remarks>
internal sealed unsafe class PageCache
{
    /// <summary>The longest run, in pages, that has a list of its own length.</summary>
    public const uint MostSmall = 64;

    private const int LargeCount = 8;

    /// <summary>Which allocator it belongs to; no two have the same number.</summary>
    public readonly long Serial;

    /// <summary>Pages that may be kept at most.</summary>
    public readonly uint Capacity;

    /// <summary>Pages that are kept. Anybody may look.</summary>
    public uint PageCount;

    private int _busy;
    private int _request;
    private int _isUsed;
    private int _nextVictim;
    private SmallLists _small;
    private LargePlaces _largeCounts;
    private LargePlaces _largeIds;
#pragma warning disable CS0169, IDE0051, CA1823 // Keeps the next object on the heap, another thread's cache, off these cache lines.
    private readonly Padding _padding;
#pragma warning restore CS0169, IDE0051, CA1823

    public PageCache(long serial, uint capacity, int shardIndex)
    {
        Serial = serial;
        Capacity = capacity;
        ShardIndex = shardIndex;
    }

    /// <summary>The shard that its thread allocates from.</summary>
    public int ShardIndex { get; }

    /// <summary>Whether its thread has ended. Guarded by the allocator's lock for caches.</summary>
    public bool IsOrphaned { get; set; }

    /// <summary>Whether the allocator is gone.</summary>
    public bool IsClosed => Volatile.Read(ref _request) == Request.Close;

    /// <summary>Begins the owner's work, unless a request has been made. To be ended with <see cref="Exit"/>.</summary>
    /// <remarks>The runtime does not reorder two volatile accesses; that the processor may, the other's barrier makes good.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryEnter()
    {
        Volatile.Write(ref _busy, 1);
        if (Volatile.Read(ref _request) == Request.None)
        {
            return true;
        }

        Volatile.Write(ref _busy, 0);
        return false;
    }

    /// <summary>Ends the owner's work.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Exit() => Volatile.Write(ref _busy, 0);

    /// <summary>Asks the owner to stay out. One at a time may; the barrier is to follow, and then <see cref="WaitForOwner"/>.</summary>
    public void Ask(bool forGood) => Volatile.Write(ref _request, forGood ? Request.Close : Request.Pause);

    /// <summary>Waits until the owner is out. What it has done is then seen.</summary>
    public void WaitForOwner()
    {
        SpinWait spin = default;
        while (Volatile.Read(ref _busy) != 0)
        {
            spin.SpinOnce();
        }
    }

    /// <summary>Lets the owner in again.</summary>
    public void Release() => Volatile.Write(ref _request, Request.None);

    /// <summary>Whether the cache has been in use since this was last asked.</summary>
    public bool TakeIsUsed()
    {
        bool isUsed = _isUsed != 0;
        _isUsed = 0;
        return isUsed;
    }

    /// <summary>Takes a run of exactly so many pages whose first page has none of some bits, or 0. For who is inside.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public uint Take(PageRun* runs, nuint count, nuint alignmentMask)
    {
        if (count - 1 < MostSmall)
        {
            ref uint head = ref Unsafe.Add(ref Unsafe.As<SmallLists, uint>(ref _small), count);
            uint id = head;
            if (id != 0 && ((nuint)runs[id].Start & alignmentMask) == 0)
            {
                head = runs[id].Next;
                PageCount -= (uint)count;
                _isUsed = 1;
                return id;
            }

            return 0;
        }

        return TakeLarge(runs, count, alignmentMask);
    }

    /// <summary>Keeps a run of at most <see cref="MostSmall"/> pages, if there is room. For who is inside.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryKeepSmall(PageRun* run, uint id, uint count)
    {
        uint total = PageCount + count;
        if (count > MostSmall || total > Capacity)
        {
            return false;
        }

        ref uint head = ref Unsafe.Add(ref Unsafe.As<SmallLists, uint>(ref _small), count);
        run->Next = head;
        head = id;
        PageCount = total;
        return true;
    }

    /// <summary>Keeps a longer run, if there is room. For who is inside.</summary>
    public bool TryKeepLarge(uint id, uint count)
    {
        uint total = PageCount + count;
        uint empty = Matches(0);
        if (empty == 0 || total > Capacity || count <= MostSmall)
        {
            return false;
        }

        int place = System.Numerics.BitOperations.TrailingZeroCount(empty);
        _largeCounts[place] = count;
        _largeIds[place] = id;
        PageCount = total;
        return true;
    }

    /// <summary>Takes half of the long runs out, the longest unused first, or all of them.</summary>
    public void DropLarge(PageRun* runs, PageChains chains, bool all)
    {
        for (int i = 0; i < (all ? LargeCount : LargeCount / 2); i++)
        {
            int place = _nextVictim;
            _nextVictim = (place + 1) % LargeCount;
            uint id = _largeIds[place];
            if (id != 0)
            {
                PageCount -= _largeCounts[place];
                _largeCounts[place] = 0;
                _largeIds[place] = 0;
                chains.Add(runs, id);
            }
        }
    }

    /// <summary>Takes half of each list out, what was freed first; or all of them.</summary>
    public void DropSmall(PageRun* runs, PageChains chains, bool all)
    {
        for (uint count = 1; count <= MostSmall; count++)
        {
            ref uint head = ref _small[(int)count];
            if (head == 0)
            {
                continue;
            }

            uint id = all ? head : CutInHalf(runs, head);
            if (id == head)
            {
                head = 0;
            }

            while (id != 0)
            {
                uint next = runs[id].Next;
                PageCount -= count;
                chains.Add(runs, id);
                id = next;
            }
        }
    }

    /// <summary>Ends a list in its middle, and returns what comes after; the only one of a list of one.</summary>
    private static uint CutInHalf(PageRun* runs, uint head)
    {
        uint middle = head;
        uint end = runs[head].Next;
        if (end == 0)
        {
            return head;
        }

        while ((end = runs[end].Next) != 0 && (end = runs[end].Next) != 0)
        {
            middle = runs[middle].Next;
        }

        uint rest = runs[middle].Next;
        runs[middle].Next = 0;
        return rest;
    }

    private uint TakeLarge(PageRun* runs, nuint count, nuint alignmentMask)
    {
        uint matches = count <= uint.MaxValue && count != 0 ? Matches((uint)count) : 0;
        for (; matches != 0; matches &= matches - 1)
        {
            int place = System.Numerics.BitOperations.TrailingZeroCount(matches);
            uint id = _largeIds[place];
            if (((nuint)runs[id].Start & alignmentMask) == 0)
            {
                _largeCounts[place] = 0;
                _largeIds[place] = 0;
                PageCount -= (uint)count;
                _isUsed = 1;
                return id;
            }
        }

        return 0;
    }

    /// <summary>A bit for each place with a run of this length; 0 for empty places.</summary>
    private uint Matches(uint count)
    {
        ref uint first = ref Unsafe.As<LargePlaces, uint>(ref _largeCounts);
        return Vector256.Equals(Vector256.LoadUnsafe(ref first), Vector256.Create(count)).ExtractMostSignificantBits();
    }

    private static class Request
    {
        public const int None = 0;
        public const int Pause = 1;
        public const int Close = 2;
    }

    [InlineArray((int)MostSmall + 1)]
    private struct SmallLists
    {
        private uint _head;
    }

    [InlineArray(LargeCount)]
    private struct LargePlaces
    {
        private uint _place;
    }

    [StructLayout(LayoutKind.Sequential, Size = 128)]
    private readonly struct Padding;
}
