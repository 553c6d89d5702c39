using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;
using NativeVm.Heaps;

namespace NativeVm;

/// <content>The bins of the running thread: where its next word of free blocks comes from.</content>
public sealed unsafe partial class VmHeap
{
    /// <summary>Takes a block for a bin that has none at hand, and some more for the next calls; null when there is no memory.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void* Refill(ThreadHeap* share, SizeBin* bin)
    {
        if (bin->Bits == 0 && !TryGetWord(share, bin))
        {
            return null;
        }

        ulong bits = bin->Bits;
        byte* start = bin->WordStart;
        nuint byteCount = bin->BlockByteCount;
        nuint block = (nuint)start + ((nuint)BitOperations.TrailingZeroCount(bits) * byteCount);
        bits &= bits - 1;

        // The lowest block comes last, and so is handed out first.
        uint count = Math.Min((uint)bin->RecentLimit / 2, (uint)BitOperations.PopCount(bits));
        for (uint i = count; i-- != 0;)
        {
            bin->Recent[i + 1] = (ulong)start + ((nuint)BitOperations.TrailingZeroCount(bits) * byteCount);
            bits &= bits - 1;
        }

        Volatile.Write(ref *(nuint*)&bin->Top, (nuint)(bin->Recent + count));
        bin->Bits = bits;
        bin->Last = block;
        return (void*)block;
    }

    /// <summary>Makes a word with free blocks the bin's current one, which has none left.</summary>
    /// <returns>Whether there is one, or memory for a new slab.</returns>
    private bool TryGetWord(ThreadHeap* share, SizeBin* bin)
    {
        RunRecord* slab = bin->Current;
        if (slab == null || slab->Summary == 0)
        {
            slab = NextSlab(share, bin, slab);
            if (slab == null)
            {
                return false;
            }

            // What was collected on the way may have been in the word that was the current one.
            if (bin->Bits != 0)
            {
                return true;
            }
        }

        EnterWord(bin, slab);
        return true;
    }

    /// <summary>Makes the lowest word with free blocks of a slab the bin's current one, in the place of one that has none.</summary>
    private void EnterWord(SizeBin* bin, RunRecord* slab)
    {
        uint summary = slab->Summary;
        int index = BitOperations.TrailingZeroCount(summary);
        WordPair* word = RunRecord.Words(slab) + index;
        ulong bits = word->Free;
        slab->Summary = summary & unchecked(summary - 1);
        slab->Recent |= 1u << index;
        slab->FreeCount = unchecked((ushort)(slab->FreeCount - BitOperations.PopCount(bits)));
        LeaveWord(bin);
        bin->Version = unchecked(bin->Version + 1);
        Thread.MemoryBarrier();
        bin->Word = word;
        bin->WordStart = SlabStart(slab) + ((nuint)index * 64 * bin->BlockByteCount);
        bin->Bits = bits;
        Volatile.Write(ref bin->Version, unchecked(bin->Version + 1));
    }

    /// <summary>Puts the bin's current word back, which has no free block.</summary>
    private static void LeaveWord(SizeBin* bin)
    {
        if (bin->Word != null)
        {
            bin->Word->Free = 0;
        }
    }

    private byte* SlabStart(RunRecord* slab) => (byte*)(_base + ((nuint)slab->Unit << UnitShift));

    private RunRecord* RecordAt(uint number) => (RunRecord*)(_records + ((nuint)number << RecordArena.LineShift));

    private uint NumberOf(RunRecord* record) => (uint)((nuint)((byte*)record - _records) >> RecordArena.LineShift);

    /// <summary>
    /// Makes another slab the bin's current one: one of its list, one that other threads have freed blocks of, one of
    /// a thread that has ended, or a new one; null when there is none to be had. The slab that was current is full.
    /// </summary>
    private RunRecord* NextSlab(ThreadHeap* share, SizeBin* bin, RunRecord* full)
    {
        if (bin->Head == 0 && Volatile.Read(ref share->Pending) != 0)
        {
            CollectPending(share);
            if (full != null && (bin->Bits != 0 || full->Summary != 0))
            {
                return full;
            }
        }

        RunRecord* slab;
        if (bin->Head != 0 || TryTakeOver(share, bin))
        {
            slab = RecordAt(bin->Head);
            Unlink(bin, slab);
            if (Sse.IsSupported && bin->Head != 0)
            {
                Sse.Prefetch0(RecordAt(bin->Head));
            }
        }
        else
        {
            slab = TakeSlab(share, bin);
            if (slab == null)
            {
                return null;
            }
        }

        if (full != null)
        {
            full->Trigger = 1;
        }

        slab->Trigger = 0;
        bin->Current = slab;
        return slab;
    }

    /// <summary>A free has brought a slab's number of free blocks to its trigger.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void OnTrigger(SizeBin* bin, RunRecord* slab)
    {
        if (slab->Trigger == 1)
        {
            LinkLast(bin, slab);
        }

        if (slab->FreeCount == slab->Trigger && (slab->Next | slab->Previous) != 0)
        {
            // Another slab of the list serves what comes next.
            Unlink(bin, slab);
            GiveBackSlab(slab);
        }
    }

    private void LinkLast(SizeBin* bin, RunRecord* slab)
    {
        uint number = NumberOf(slab);
        slab->Trigger = (ushort)bin->BlockCount;
        slab->Next = 0;
        slab->Previous = bin->Tail;
        if (bin->Tail != 0)
        {
            RecordAt(bin->Tail)->Next = number;
        }
        else
        {
            bin->Head = number;
        }

        bin->Tail = number;
        GiveBackIdle(bin, slab->Previous);
    }

    /// <summary>A slab without a block in use is kept only while no other slab of the bin has a free one.</summary>
    private void GiveBackIdle(SizeBin* bin, uint number)
    {
        if (number != 0 && RecordAt(number)->FreeCount == bin->BlockCount)
        {
            RunRecord* idle = RecordAt(number);
            Unlink(bin, idle);
            GiveBackSlab(idle);
        }
    }

    private void Unlink(SizeBin* bin, RunRecord* slab)
    {
        if (slab->Previous != 0)
        {
            RecordAt(slab->Previous)->Next = slab->Next;
        }
        else
        {
            bin->Head = slab->Next;
        }

        if (slab->Next != 0)
        {
            RecordAt(slab->Next)->Previous = slab->Previous;
        }
        else
        {
            bin->Tail = slab->Previous;
        }

        slab->Next = 0;
        slab->Previous = 0;
    }
}
