using NativeVm.Heaps;

namespace NativeVm;

/// <content>
/// Threads and their shares. A share is never freed before the heap; that of a thread that has ended goes whole to
/// the next thread that comes, or its slabs go to a thread that needs one.
/// </content>
public sealed unsafe partial class VmHeap
{
    private const int MostShares = 0xFFFF;

    // Larger blocks are rarely allocated so often, and a few of them keep much memory from others.
    private const uint MostRecentByteCount = 1 << 10;

    // By the number of the share; the thread is null in a share whose slabs have been taken over.
    private readonly List<Thread?> _owners = [null];
    private nint[] _shares = [0];
    private uint _takeCount;

    private ThreadHeap* ShareOf(uint id) => (ThreadHeap*)_shares[id];

    /// <summary>The running thread's share, if it has one.</summary>
    private bool TryRecallShare(out ThreadHeap* share)
    {
        if (ThreadSlots.CurrentHeapId != _id && !ThreadSlots.TryRecall(_id))
        {
            share = null;
            return false;
        }

        share = (ThreadHeap*)ThreadSlots.CurrentShare;
        return true;
    }

    /// <summary>The running thread's share; <see langword="false"/> when there is no memory for one.</summary>
    private bool TryGetShare(out ThreadHeap* share)
    {
        if (TryRecallShare(out share))
        {
            return true;
        }

        lock (_lock)
        {
            Thread thread = Thread.CurrentThread;
            int id = _owners.IndexOf(thread);
            if (id < 0)
            {
                id = _owners.FindIndex(1, static owner => owner is null || !owner.IsAlive);
            }

            if (id < 0 && !TryMakeShare(out id))
            {
                return false;
            }

            _owners[id] = thread;
            share = ShareOf((uint)id);
            ThreadSlots.Enter(_id, share);
            return true;
        }
    }

    private bool TryMakeShare(out int id)
    {
        id = _owners.Count;
        if (id > MostShares || !_arena.TryTake((nuint)sizeof(ThreadHeap), out uint number))
        {
            return false;
        }

        ThreadHeap* share = (ThreadHeap*)_arena.At(number);
        share->Id = (uint)id;
        share->HeapId = _id;
        for (uint i = 0; i < SizeClasses.Count; i++)
        {
            SizeClass* sizeClass = SizeClasses.All + i;
            SizeBin* bin = ThreadHeap.Bin(share, i);
            bin->Top = bin->Recent;
            bin->Reciprocal = sizeClass->Reciprocal;
            bin->BlockByteCount = sizeClass->BlockByteCount;
            bin->SlabMask = sizeClass->SlabMask;
            bin->BlockCount = sizeClass->BlockCount;
            bin->RecentLimit = sizeClass->BlockByteCount <= MostRecentByteCount ? (ushort)SizeBin.RecentCapacity : (ushort)2;
        }

        // Other threads read the array without the lock.
        nint[] shares = _shares;
        if (id >= shares.Length)
        {
            Array.Resize(ref shares, Math.Max(8, id * 2));
        }

        shares[id] = (nint)share;
        Volatile.Write(ref _shares, shares);
        _owners.Add(null);
        return true;
    }

    /// <summary>
    /// Takes over the slabs of threads that have ended, now and then, when a bin has run out.
    /// </summary>
    /// <returns>Whether the bin has got one.</returns>
    private bool TryTakeOver(ThreadHeap* share, SizeBin* bin)
    {
        if ((++_takeCount & 7) != 0 || _owners.Count <= 2)
        {
            return false;
        }

        lock (_lock)
        {
            TakeOverEnded(share);
        }

        return bin->Head != 0;
    }

    /// <summary>Takes over the slabs of all threads that have ended; under the lock.</summary>
    private void TakeOverEnded(ThreadHeap* share)
    {
        for (int id = 1; id < _owners.Count; id++)
        {
            if (id != share->Id && _owners[id] is { IsAlive: false })
            {
                TakeOver(ShareOf((uint)id), share);
                _owners[id] = null;
            }
        }
    }

    private void TakeOver(ThreadHeap* ended, ThreadHeap* share)
    {
        for (uint i = 0; i < SizeClasses.Count; i++)
        {
            SizeBin* bin = ThreadHeap.Bin(ended, i);
            PutBackCurrent(bin);
            bin->Head = 0;
            bin->Tail = 0;
        }

        for (nuint unit = 0; unit < _unitCount; unit++)
        {
            UnitEntry entry = _units[unit];
            if (entry.Owner != ended->Id)
            {
                continue;
            }

            _units[unit] = UnitEntry.Slab(share->Id, entry.Class, entry.Record);
            RunRecord* slab = RecordAt(entry.Record);
            if (slab->Unit == unit)
            {
                // Full ones wait for a free; Collect links those that other threads have freed blocks of.
                slab->Trigger = 1;
                slab->Next = 0;
                slab->Previous = 0;
                SizeBin* bin = ThreadHeap.Bin(share, entry.Class);
                if (slab->FreeCount != 0)
                {
                    LinkLast(bin, slab);
                }
            }
        }

        // After the table: who pushes onto the old list from now on sees the new owner and forwards.
        Interlocked.MemoryBarrier();
        Forward(ended);
    }

    /// <summary>Frees in their slabs the blocks that a bin has kept as the ones freed last.</summary>
    private void PutBackRecent(SizeBin* bin)
    {
        for (void* block = SizeBin.Take(bin); block != null; block = SizeBin.Take(bin))
        {
            FreeKept(bin, (nuint)block);
        }

        bin->Last = 0;
    }

    private void FreeKept(SizeBin* bin, nuint block)
    {
        UnitEntry entry = EntryOf((void*)block);
        _ = TryLocate(entry, (void*)block, out uint index);
        FreeInSlab(bin, RecordAt(entry.Record), index);
    }

    /// <summary>Ends the use of a bin's current word and slab; the slab is then on no list.</summary>
    private void PutBackCurrent(SizeBin* bin)
    {
        PutBackRecent(bin);
        RunRecord* slab = bin->Current;
        if (slab == null)
        {
            return;
        }

        WordPair* word = bin->Word;
        bin->Version = unchecked(bin->Version + 1);
        Thread.MemoryBarrier();
        word->Free = bin->Bits;
        if (bin->Bits != 0)
        {
            slab->Summary |= 1u << (int)(word - RunRecord.Words(slab));
            slab->FreeCount = (ushort)(slab->FreeCount + System.Numerics.BitOperations.PopCount(bin->Bits));
        }

        slab->Trigger = 1;
        bin->Bits = 0;
        bin->Word = null;
        bin->Current = null;
        Volatile.Write(ref bin->Version, unchecked(bin->Version + 1));
    }
}
