using System.Numerics;
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

    /// <summary>The state of runs in use that were allocated by the owner.</summary>
    public readonly int AllocatedState;

    // Pages of the runs behind the front.
    private uint _behindCount;
    private int _busy;
    private int _request;
    private int _isUsed;
    private int _nextVictim;
    private SmallLists _small;
    private SmallCounts _smallCounts;
    private LargePlaces _largeCounts;
    private LargePlaces _largeIds;

    // The run that was freed last, in front of the lists. Its first page is here as well, so that who allocates at
    // once what he has freed waits for no record to be found.
    private uint _frontCount;
    private uint _frontId;
    private nuint _frontStart;
#pragma warning disable CS0169, IDE0051, CA1823 // Keeps the next object on the heap, another thread's cache, off these cache lines.
    private readonly Padding _padding;
#pragma warning restore CS0169, IDE0051, CA1823

    /// <param name="serial">The number of the allocator.</param>
    /// <param name="number">The number of the cache among those of the allocator.</param>
    /// <param name="capacity">Pages that may be kept at most.</param>
    /// <param name="shardIndex">The shard that its thread allocates from.</param>
    public PageCache(long serial, int number, uint capacity, int shardIndex)
    {
        AllocatedState = PageRunState.Allocated | ((number + 1) << PageRunState.OwnerShift);
        Serial = serial;
        Capacity = capacity;
        ShardIndex = shardIndex;
    }

    /// <summary>The shard that its thread allocates from.</summary>
    public int ShardIndex { get; }

    /// <summary>Pages that are kept. Anybody may look.</summary>
    public uint PageCount => Volatile.Read(ref _behindCount) + Volatile.Read(ref _frontCount);

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

    /// <summary>Takes a run of exactly so many pages whose first page has none of some bits. For who is inside.</summary>
    /// <param name="runs">The records.</param>
    /// <param name="count">Pages; there is none of 0 pages.</param>
    /// <param name="alignmentMask">The bits.</param>
    /// <param name="start">Its first page.</param>
    /// <returns>The number of its record, or 0.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public uint Take(PageRun* runs, nuint count, nuint alignmentMask, out nuint start)
    {
        nuint first = _frontStart;
        if (_frontCount == count && (first & alignmentMask) == 0 && count != 0)
        {
            _frontCount = 0;
            _isUsed = 1;
            start = first;
            return _frontId;
        }

        // A variable of its own: one whose address is taken lives in memory, and the front would wait for it.
        uint id = TakeBehindFront(runs, count, alignmentMask, out nuint behind);
        start = behind;
        return id;
    }

    /// <summary>
    /// The number of the record of the run that was taken or kept last, if it began at this page then; otherwise 0. It may have
    /// become another run's since, so the record has to be looked at. For who is inside.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public uint Expect(nuint start) => _frontStart == start ? _frontId : 0;

    /// <summary>Keeps the run that was taken last, and is still remembered, in its old place, if that is empty and there is room.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryKeepExpected(uint count)
    {
        if (_frontCount != 0 || _behindCount + count > Capacity)
        {
            return false;
        }

        _frontCount = count;
        return true;
    }

    /// <summary>Keeps a run, if there is room. For who is inside.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryKeep(PageRun* runs, uint id, nuint start, uint count)
    {
        if (_behindCount + _frontCount + count > Capacity || (_frontCount != 0 && !TryMoveFront(runs)))
        {
            return false;
        }

        _frontCount = count;
        _frontStart = start;
        _frontId = id;
        return true;
    }

    /// <summary>Takes the run that was freed last out.</summary>
    public void DropFront(PageRun* runs, PageChains chains)
    {
        if (_frontCount != 0)
        {
            _frontCount = 0;
            chains.Add(runs, _frontId);
        }
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
                _behindCount -= _largeCounts[place];
                _largeCounts[place] = 0;
                _largeIds[place] = 0;
                chains.Add(runs, id);
            }
        }
    }

    /// <summary>Takes of each list what it has above the mean, what was freed first; or all of all lists.</summary>
    /// <remarks>
    /// Who frees and allocates at random misses when a list is empty. So it is the long lists that are cut: as
    /// many runs in all serve best when every list has as many as the others.
    /// </remarks>
    public void DropSmall(PageRun* runs, PageChains chains, bool all)
    {
        int most = all ? 0 : MeanSmallCount();
        for (int count = 1; count <= (int)MostSmall; count++)
        {
            if (_smallCounts[count] <= most)
            {
                continue;
            }

            uint id = Cut(runs, ref _small[count], most);
            _behindCount -= (uint)((_smallCounts[count] - most) * count);
            _smallCounts[count] = (ushort)most;
            while (id != 0)
            {
                uint next = runs[id].Next;
                chains.Add(runs, id);
                id = next;
            }
        }
    }

    /// <summary>Ends a list after so many, and returns what comes behind.</summary>
    private static uint Cut(PageRun* runs, ref uint head, int count)
    {
        uint rest;
        if (count == 0)
        {
            rest = head;
            head = 0;
            return rest;
        }

        uint last = head;
        for (int i = 1; i < count; i++)
        {
            last = runs[last].Next;
        }

        rest = runs[last].Next;
        runs[last].Next = 0;
        return rest;
    }

    private int MeanSmallCount()
    {
        int lists = 0;
        int total = 0;
        for (int count = 1; count <= (int)MostSmall; count++)
        {
            lists += _smallCounts[count] != 0 ? 1 : 0;
            total += _smallCounts[count];
        }

        // A list alone is cut in half.
        return lists <= 1 ? total / 2 : total / lists;
    }

    /// <summary>Moves the run that was freed last to its list, or its place.</summary>
    private bool TryMoveFront(PageRun* runs)
    {
        uint count = _frontCount;
        if (count <= MostSmall)
        {
            ref uint head = ref Unsafe.Add(ref Unsafe.As<SmallLists, uint>(ref _small), count);
            runs[_frontId].Next = head;
            head = _frontId;
            Unsafe.Add(ref Unsafe.As<SmallCounts, ushort>(ref _smallCounts), count)++;
            _behindCount += count;
            _frontCount = 0;
            return true;
        }

        uint empty = Matches(0);
        if (empty == 0)
        {
            return false;
        }

        int place = BitOperations.TrailingZeroCount(empty);
        _largeCounts[place] = count;
        _largeIds[place] = _frontId;
        _behindCount += count;
        _frontCount = 0;
        return true;
    }

    private uint TakeBehindFront(PageRun* runs, nuint count, nuint alignmentMask, out nuint start)
    {
        start = 0;
        if (count - 1 >= MostSmall)
        {
            return count == 0 ? 0 : TakeLarge(runs, count, alignmentMask, out start);
        }

        ref uint head = ref Unsafe.Add(ref Unsafe.As<SmallLists, uint>(ref _small), count);
        uint id = head;
        if (id == 0)
        {
            return 0;
        }

        PageRun* run = runs + id;
        start = (nuint)run->Start;
        if ((start & alignmentMask) != 0)
        {
            return 0;
        }

        head = run->Next;
        Unsafe.Add(ref Unsafe.As<SmallCounts, ushort>(ref _smallCounts), count)--;
        _behindCount -= (uint)count;
        _isUsed = 1;
        return id;
    }

    private uint TakeLarge(PageRun* runs, nuint count, nuint alignmentMask, out nuint start)
    {
        start = 0;
        uint matches = count <= uint.MaxValue ? Matches((uint)count) : 0;
        for (; matches != 0; matches &= matches - 1)
        {
            int place = BitOperations.TrailingZeroCount(matches);
            uint id = _largeIds[place];
            start = (nuint)runs[id].Start;
            if ((start & alignmentMask) == 0)
            {
                _largeCounts[place] = 0;
                _largeIds[place] = 0;
                _behindCount -= (uint)count;
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

    [InlineArray((int)MostSmall + 1)]
    private struct SmallCounts
    {
        private ushort _count;
    }

    [InlineArray(LargeCount)]
    private struct LargePlaces
    {
        private uint _place;
    }

    [StructLayout(LayoutKind.Sequential, Size = 128)]
    private readonly struct Padding;
}
