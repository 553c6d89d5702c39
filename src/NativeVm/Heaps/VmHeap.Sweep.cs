using System.Numerics;
using NativeVm.Heaps;

namespace NativeVm;

/// <content>
/// Idle slabs. A bin keeps its current slab, and one on its list, when nothing in them is in use any more: whoever
/// frees and allocates in turn must not ask for a slab each time. Over a program's life many sizes come and
/// go, and what they leave behind is resident. So before slabs and large blocks take more than they have taken yet, a
/// thread gives up its idle slabs. A heap that does not grow pays nothing for that, and one that grows by a sixteenth
/// looks once at each bin.
/// </content>
public sealed unsafe partial class VmHeap
{
    private const nuint LeastSweepStep = 256 << 10;

    // What slabs and large blocks may take before idle slabs are looked for. Written by whichever thread sweeps; a
    // value that another one overwrites costs a sweep too many, or too few.
    private nuint _sweepMark = LeastSweepStep;

    /// <summary>Gives up the idle slabs of a share if the heap is about to grow.</summary>
    /// <param name="share">The running thread's.</param>
    /// <param name="except">A bin which is in the midst of a change; null for none.</param>
    /// <param name="byteCount">By how much.</param>
    private void SweepBeforeGrowth(ThreadHeap* share, SizeBin* except, nuint byteCount)
    {
        if (HeldByteCount + byteCount <= _sweepMark)
        {
            return;
        }

        for (uint i = 0; i < SizeClasses.Count; i++)
        {
            SizeBin* bin = ThreadHeap.Bin(share, i);
            if (bin != except)
            {
                GiveUpIdle(bin);
            }
        }

        nuint held = HeldByteCount;
        nuint step = Math.Max(LeastSweepStep, held / 16);
        _sweepMark = held + step;
        _pages.TrimRetained(step);
    }

    private nuint HeldByteCount => Volatile.Read(ref _slabByteCount) + Volatile.Read(ref _largeByteCount);

    private void GiveUpIdle(SizeBin* bin)
    {
        RunRecord* slab = bin->Current;
        uint kept = bin->RecentCount + (SizeBin.IsFree(bin->Last) ? 1u : 0);
        if (slab != null && FreeInCurrent(bin, slab) + kept >= bin->BlockCount)
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

    private static uint FreeInCurrent(SizeBin* bin, RunRecord* slab) =>
        slab->FreeCount + (uint)BitOperations.PopCount(bin->Bits);
}
