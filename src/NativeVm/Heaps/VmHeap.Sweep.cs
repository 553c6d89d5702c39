using System.Diagnostics;
using System.Numerics;
using System.Runtime.CompilerServices;
using NativeVm.Heaps;

namespace NativeVm;

/// <content>
/// Idle slabs. A bin keeps its current slab, and one on its list, when nothing in them is in use any more: whoever
/// frees and allocates in turn must not ask for a slab each time. Over a program's life many sizes come and
/// go, and what they leave behind is resident. So when the heap holds more pages than it has held yet, the thread that
/// has taken them, and not yet touched them, gives up its idle slabs, and free pages go back to the system until the
/// heap is no larger than before; only if that does not suffice may it be larger by a sixteenth. A heap that does not
/// grow pays nothing for that.
/// </content>
public sealed unsafe partial class VmHeap
{
    private const nuint LeastSweepStep = 256 << 10;
    private const nuint LeastCut = 16 << 10;

    // A sweep takes a tenth of that, most often.
    private static readonly long LeastSweepInterval = Stopwatch.Frequency / 4000;

    // A slab that is current that long is one of a size that is rarely asked for.
    private const byte SweepsBeforeCut = 2;

    // What the heap's pages, free ones that are kept included, may take before it looks for what is idle. Written by
    // whichever thread sweeps; a value that another one overwrites costs a sweep too many, or too few.
    private nuint _sweepMark = LeastSweepStep;
    private long _nextSweep;

    /// <summary>Gives up what is idle if the pages that have just been taken make the heap larger than it has been.</summary>
    /// <param name="share">The running thread's.</param>
    /// <param name="taker">The bin that the pages are for, which is in the midst of a change; null for none.</param>
    private void SweepIfGrown(ThreadHeap* share, SizeBin* taker)
    {
        if (_pages.HeldByteCount <= Volatile.Read(ref _sweepMark))
        {
            return;
        }

        // A program that uses many sizes in turn would have its slabs taken away as fast as it asks for them.
        if (Stopwatch.GetTimestamp() >= Volatile.Read(ref _nextSweep))
        {
            Sweep(share, taker);
            Volatile.Write(ref _nextSweep, Stopwatch.GetTimestamp() + LeastSweepInterval);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Sweep(ThreadHeap* share, SizeBin* except)
    {
        for (uint i = 0; i < SizeClasses.Count; i++)
        {
            SizeBin* bin = ThreadHeap.Bin(share, i);
            if (bin != except)
            {
                GiveUpIdle(bin);
                CutCurrent(bin);
            }
        }

        nuint mark = _sweepMark;
        nuint step = Math.Max(LeastSweepStep, mark / 16);
        nuint room = step / 4;
        nuint held = _pages.HeldByteCount;
        if (held + room > mark)
        {
            _pages.GiveBackAtLeast(held + room - mark);
            held = _pages.HeldByteCount;
        }

        if (held + room > mark)
        {
            _sweepMark = held + step;
        }
    }

    private void GiveUpIdle(SizeBin* bin)
    {
        RunRecord* slab = bin->Current;
        if (slab != null && FreeInCurrent(bin, slab) + SizeBin.KeptCountOf(bin) >= bin->BlockCount)
        {
            PutBackRecent(bin);
            if (FreeInCurrent(bin, slab) == bin->BlockCount)
            {
                PutBackCurrent(bin);
                GiveBackSlab(slab);
            }
        }

        GiveBackIdle(bin, bin->Tail);
    }

    /// <summary>
    /// Gives the pages at the end of the current slab back to the system if no block there is in use. A slab may have
    /// got pages that were resident, and a size that is rarely asked for needs few of them.
    /// </summary>
    private void CutCurrent(SizeBin* bin)
    {
        RunRecord* slab = bin->Current;
        if (slab == null || bin->SweepCount == SweepsBeforeCut || ++bin->SweepCount != SweepsBeforeCut)
        {
            return;
        }

        nuint used = (nuint)UsedEnd(bin, slab) * bin->BlockByteCount;
        nuint start = (nuint)SlabStart(slab) + ((used + _pageMask) & ~_pageMask);
        nuint end = (nuint)SlabStart(slab) + bin->SlabMask + 1;
        if (start + LeastCut <= end)
        {
            _pages.Purge(start, end - start);
        }
    }

    /// <summary>The number behind that of the last block in use of a bin's current slab.</summary>
    private static uint UsedEnd(SizeBin* bin, RunRecord* slab)
    {
        for (uint i = (bin->BlockCount + 63) / 64; i-- != 0;)
        {
            WordPair* word = RunRecord.Words(slab) + i;
            uint left = bin->BlockCount - (i * 64);
            ulong all = left >= 64 ? ulong.MaxValue : (1UL << (int)left) - 1;
            ulong used = all & ~(word == bin->Word ? bin->Bits : word->Free);
            if (used != 0)
            {
                return (i * 64) + 64 - (uint)BitOperations.LeadingZeroCount(used);
            }
        }

        return 0;
    }

    private static uint FreeInCurrent(SizeBin* bin, RunRecord* slab) =>
        slab->FreeCount + (uint)BitOperations.PopCount(bin->Bits);
}
