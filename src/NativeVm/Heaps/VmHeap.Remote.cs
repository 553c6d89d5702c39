using System.Numerics;
using NativeVm.Heaps;

namespace NativeVm;

/// <content>
/// Blocks that another thread than their slab's owner frees. Such a thread sets the block's bit in the remote word,
/// and then makes sure that the slab is on its owner's list of pending slabs. The owner takes the whole list, and for
/// each slab first says that it is no longer on it, and then takes the remote bits; so a bit that it misses puts the slab on
/// the list again.
/// </content>
public sealed unsafe partial class VmHeap
{
    /// <summary>Finds the block that starts at an address in a slab.</summary>
    /// <returns>Whether one does.</returns>
    private bool TryLocate(UnitEntry entry, void* address, out uint index)
    {
        SizeClass* sizeClass = SizeClasses.All + entry.Class;
        uint offset = (uint)((nuint)address & sizeClass->SlabMask);
        index = (uint)((offset * sizeClass->Reciprocal) >> SizeClasses.ReciprocalShift);
        return index * sizeClass->BlockByteCount == offset && index < sizeClass->BlockCount;
    }

    /// <summary>
    /// Whether a block of a slab is free. Exact for a block that no other thread is allocating or freeing meanwhile.
    /// </summary>
    private bool IsFree(UnitEntry entry, void* block, uint index)
    {
        RunRecord* slab = RecordAt(entry.Record);
        WordPair* word = RunRecord.Words(slab) + (index >> 6);
        ulong bit = 1UL << (int)(index & 63);
        if ((Volatile.Read(ref word->Remote) & bit) != 0)
        {
            return true;
        }

        uint mark = 1u << (int)(index >> 6);
        if ((Volatile.Read(ref slab->Recent) & mark) != 0
            && SizeBin.IsRecent(ThreadHeap.Bin(ShareOf(entry.Owner), entry.Class), (nuint)block))
        {
            return true;
        }

        return (Volatile.Read(ref word->Free) & bit) != 0 && IsFreeForOwner(entry, word, bit);
    }

    /// <summary>
    /// The bit of a block is set: it is free, unless the word is its owner's current one and has kept the bit.
    /// </summary>
    private bool IsFreeForOwner(UnitEntry entry, WordPair* word, ulong bit)
    {
        SizeBin* bin = ThreadHeap.Bin(ShareOf(entry.Owner), entry.Class);
        SpinWait spin = default;
        while (true)
        {
            uint version = Volatile.Read(ref bin->Version);
            bool isCurrent = bin->Word == word;
            ulong bits = isCurrent ? Volatile.Read(ref bin->Bits) : Volatile.Read(ref word->Free);
            Thread.MemoryBarrier();
            if ((version & 1) == 0 && version == Volatile.Read(ref bin->Version))
            {
                return (bits & bit) != 0;
            }

            spin.SpinOnce();
        }
    }

    private void FreeElsewhere(UnitEntry entry, void* block)
    {
        if (!TryLocate(entry, block, out uint index))
        {
            ThrowFault(VmHeapFault.InteriorPointer, block);
        }

        if (IsFree(entry, block, index))
        {
            ThrowFault(VmHeapFault.DoubleFree, block);
        }

        // A thread that has not used this heap lately comes here with blocks of its own, too.
        if (TryRecallShare(out ThreadHeap* share) && share->Id == entry.Owner)
        {
            Free(block);
            return;
        }

        RunRecord* slab = RecordAt(entry.Record);
        WordPair* word = RunRecord.Words(slab) + (index >> 6);
        ulong bit = 1UL << (int)(index & 63);
        if ((Interlocked.Or(ref word->Remote, bit) & bit) != 0)
        {
            ThrowFault(VmHeapFault.DoubleFree, block);
        }

        if ((Volatile.Read(ref slab->Recent) & (1u << (int)(index >> 6))) != 0)
        {
            SizeBin.Forget(ThreadHeap.Bin(ShareOf(entry.Owner), entry.Class), (nuint)block);
        }

        if (Volatile.Read(ref slab->Pending) == 0)
        {
            Announce(slab, entry.Owner);
        }
    }

    /// <summary>Puts a slab on its owner's list of pending slabs unless it is on one.</summary>
    private void Announce(RunRecord* slab, uint owner)
    {
        while (Interlocked.Exchange(ref slab->Pending, 1) == 0)
        {
            ThreadHeap* share = ShareOf(owner);
            uint number = NumberOf(slab);
            uint head = Volatile.Read(ref share->Pending);
            uint seen;
            do
            {
                seen = head;
                slab->PendingNext = seen;
                head = Interlocked.CompareExchange(ref share->Pending, number, seen);
            }
            while (head != seen);

            // The slab may have been taken over meanwhile, and the list of the share it left may never be read again.
            UnitEntry entry = _units[Volatile.Read(ref slab->Unit)];
            if (entry.Kind != UnitKind.Slab || entry.Record != number || entry.Owner == owner)
            {
                return;
            }

            Forward(share);
            owner = entry.Owner;
        }
    }

    /// <summary>Takes a share's list of pending slabs apart, and tells each slab's owner anew.</summary>
    private void Forward(ThreadHeap* share)
    {
        uint number = Interlocked.Exchange(ref share->Pending, 0);
        while (number != 0)
        {
            RunRecord* slab = RecordAt(number);
            number = slab->PendingNext;
            _ = Interlocked.Exchange(ref slab->Pending, 0);
            if (IsSlab(slab, out UnitEntry entry))
            {
                Announce(slab, entry.Owner);
            }
        }
    }

    /// <summary>Collects what other threads have freed of the share's slabs.</summary>
    private void CollectPending(ThreadHeap* share)
    {
        uint number = Interlocked.Exchange(ref share->Pending, 0);
        while (number != 0)
        {
            RunRecord* slab = RecordAt(number);
            number = slab->PendingNext;

            // From here on the slab may be put on a list again.
            _ = Interlocked.Exchange(ref slab->Pending, 0);
            if (!IsSlab(slab, out UnitEntry entry))
            {
                continue;
            }

            if (entry.Owner == share->Id)
            {
                Collect(ThreadHeap.Bin(share, entry.Class), slab);
            }
            else
            {
                Announce(slab, entry.Owner);
            }
        }
    }

    /// <summary>Whether a record that was found on a list is still that of a slab.</summary>
    private bool IsSlab(RunRecord* record, out UnitEntry entry)
    {
        uint unit = Volatile.Read(ref record->Unit);
        entry = unit == 0 ? default : _units[unit];
        return entry.Kind == UnitKind.Slab && entry.Record == NumberOf(record);
    }

    /// <summary>Collects what other threads have freed of a slab of the bin.</summary>
    private void Collect(SizeBin* bin, RunRecord* slab)
    {
        WordPair* words = RunRecord.Words(slab);
        int wordCount = (int)((bin->BlockCount + 63) / 64);
        int count = 0;
        for (int i = 0; i < wordCount; i++)
        {
            WordPair* word = words + i;
            if (Volatile.Read(ref word->Remote) == 0)
            {
                continue;
            }

            // Free first, then no longer remote: a thread that frees the block once more sees one or the other.
            ulong remote = word->Remote;
            ulong added = remote & ~word->Free;
            word->Free |= remote;
            if (word == bin->Word)
            {
                bin->Bits |= remote;
            }
            else
            {
                slab->Summary |= 1u << i;
                count += BitOperations.PopCount(added);
            }

            _ = Interlocked.And(ref word->Remote, ~remote);
        }

        if (count == 0)
        {
            return;
        }

        bool wasFull = slab->Trigger == 1;
        slab->FreeCount = (ushort)(slab->FreeCount + count);
        if (wasFull)
        {
            LinkLast(bin, slab);
        }

        if (slab->FreeCount == slab->Trigger && (slab->Next | slab->Previous) != 0)
        {
            Unlink(bin, slab);
            GiveBackSlab(slab);
        }
    }
}
