using System.Numerics;
using NativeVm.Heaps;

namespace NativeVm;

/// <content>What the heap is like now: figures, blocks in use, proof that all agrees. None of it is fast.</content>
public sealed unsafe partial class VmHeap
{
    /// <summary>The figures of the heap now.</summary>
    /// <remarks>Visits every slab.</remarks>
    /// <exception cref="ObjectDisposedException">The heap has been disposed of.</exception>
    public VmHeapStatistics GetStatistics()
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            nuint blockCount = 0;
            nuint allocated = 0;
            for (nuint unit = 0; unit < _unitCount; unit += StepOf(_units[unit]))
            {
                UnitEntry entry = _units[unit];
                if (entry.Kind == UnitKind.Slab)
                {
                    nuint used = UsedCount(entry);
                    blockCount += used;
                    allocated += used * SizeClasses.All[entry.Class].BlockByteCount;
                }
                else if (entry.Kind == UnitKind.Large)
                {
                    blockCount++;
                    allocated += RecordAt(entry.Record)->RunByteCount;
                }
            }

            for (int id = 1; id < _owners.Count; id++)
            {
                for (uint i = 0; i < SizeClasses.Count; i++)
                {
                    SizeBin* bin = ThreadHeap.Bin(ShareOf((uint)id), i);
                    nuint kept = SizeBin.KeptCountOf(bin);
                    blockCount -= kept;
                    allocated -= kept * bin->BlockByteCount;
                }
            }

            PageAllocatorStatistics pages = _pages.GetStatistics();
            VmHeapStatistics statistics = new()
            {
                ReservedByteCount = pages.ReservedByteCount,
                CommittedByteCount = pages.CommittedByteCount,
                AllocatedByteCount = allocated,
                BlockCount = blockCount,
                SlabByteCount = _slabByteCount,
                LargeByteCount = _largeByteCount,
                RetainedByteCount = pages.RetainedByteCount,
                MetadataByteCount = _table.CommittedByteCount + _arena.CommittedByteCount + pages.MetadataByteCount,
                ThreadCount = (nuint)(_owners.Count - 1),
            };
            return _hardened is null ? statistics : _hardened.Add(statistics);
        }
    }

    /// <summary>All blocks in use, in the order of their addresses; what a leak report is made of.</summary>
    /// <remarks>While other threads use the heap, a block that they take or free meanwhile may be in it or not.</remarks>
    /// <returns>A snapshot.</returns>
    /// <exception cref="ObjectDisposedException">The heap has been disposed of.</exception>
    public IReadOnlyList<VmHeapBlock> GetLiveBlocks()
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            List<VmHeapBlock> blocks = [];
            _hardened?.AddBlocks(blocks);
            for (nuint unit = 0; unit < _unitCount; unit += StepOf(_units[unit]))
            {
                UnitEntry entry = _units[unit];
                nuint address = AddressOf((uint)unit);
                if (entry.Kind == UnitKind.Large)
                {
                    blocks.Add(new VmHeapBlock(address, RecordAt(entry.Record)->RunByteCount));
                }
                else if (entry.Kind == UnitKind.Slab)
                {
                    SizeClass* sizeClass = SizeClasses.All + entry.Class;
                    for (uint i = 0; i < sizeClass->BlockCount; i++)
                    {
                        nuint block = address + ((nuint)i * sizeClass->BlockByteCount);
                        if ((FreeBits(entry, i >> 6) & (1UL << (int)(i & 63))) == 0
                            && !SizeBin.IsRecent(ThreadHeap.Bin(ShareOf(entry.Owner), entry.Class), block))
                        {
                            blocks.Add(new VmHeapBlock(block, sizeClass->BlockByteCount));
                        }
                    }
                }
            }

            return blocks;
        }
    }

    /// <summary>
    /// Gives all memory back to the system that can be: what other threads have freed is collected for this thread
    /// and for threads that have ended, slabs without a block in use are given up, and free pages go.
    /// </summary>
    /// <remarks>Slabs of other threads that still run are theirs to give up.</remarks>
    /// <returns>Bytes of pages that went back to the system.</returns>
    /// <exception cref="VmHeapFaultException">
    /// A hardened heap, which lets its quarantine go, found that a freed block had been written to.
    /// </exception>
    /// <exception cref="ObjectDisposedException">The heap has been disposed of.</exception>
    public nuint Trim()
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        if (_hardened is not null)
        {
            TrimHardened(_hardened);
        }
        else if (TryGetShare(out ThreadHeap* share))
        {
            lock (_lock)
            {
                TakeOverEnded(share);
            }

            CollectPending(share);
            for (uint i = 0; i < SizeClasses.Count; i++)
            {
                TrimBin(ThreadHeap.Bin(share, i));
            }
        }

        return _pages.Trim();
    }

    private void TrimHardened(HardenedHeap hardened)
    {
        lock (_lock)
        {
            nuint damaged = hardened.LetAllGo();
            if (damaged != 0)
            {
                ThrowFault(VmHeapFault.UseAfterFree, (void*)damaged);
            }
        }
    }

    private void TrimBin(SizeBin* bin)
    {
        RunRecord* current = bin->Current;
        PutBackCurrent(bin);
        if (current != null && current->FreeCount != 0)
        {
            LinkLast(bin, current);
        }

        for (uint number = bin->Head; number != 0;)
        {
            RunRecord* slab = RecordAt(number);
            number = slab->Next;
            if (slab->FreeCount == bin->BlockCount)
            {
                Unlink(bin, slab);
                GiveBackSlab(slab);
            }
        }
    }

    private static nuint StepOf(UnitEntry entry) =>
        entry.Kind == UnitKind.Slab ? SizeClasses.All[entry.Class].SlabByteCount >> UnitShift : 1;

    private nuint UsedCount(UnitEntry entry)
    {
        SizeClass* sizeClass = SizeClasses.All + entry.Class;
        nuint free = 0;
        for (uint i = 0; i < sizeClass->WordCount; i++)
        {
            free += (nuint)BitOperations.PopCount(FreeBits(entry, i));
        }

        return sizeClass->BlockCount - free;
    }

    /// <summary>The free blocks of a slab's word.</summary>
    private ulong FreeBits(UnitEntry entry, uint index)
    {
        WordPair* word = RunRecord.Words(RecordAt(entry.Record)) + index;
        SizeBin* bin = ThreadHeap.Bin(ShareOf(entry.Owner), entry.Class);
        ulong bits = bin->Word == word ? Volatile.Read(ref bin->Bits) : Volatile.Read(ref word->Free);
        return bits | Volatile.Read(ref word->Remote);
    }
}
