using System.Runtime.CompilerServices;
using NativeVm.Heaps;

namespace NativeVm;

/// <content>Slabs come and go; the table of units.</content>
public sealed unsafe partial class VmHeap
{
    /// <summary>A new slab for a bin, all of its blocks free; null when there is no memory.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private RunRecord* TakeSlab(ThreadHeap* share, SizeBin* bin)
    {
        uint number = (uint)SizeClasses.Of(bin->BlockByteCount);
        SizeClass* sizeClass = SizeClasses.All + number;
        nuint byteCount = sizeClass->SlabByteCount;
        lock (_lock)
        {
            if (!_arena.TryTake(RecordByteCount(sizeClass), out uint record))
            {
                return null;
            }

            if (!TryTakeRun(byteCount, byteCount, isZeroed: false, out nuint address))
            {
                _arena.GiveBack(record, RecordByteCount(sizeClass));
                return null;
            }

            RunRecord* slab = _arena.At(record);
            uint unit = UnitOf(address);
            slab->Unit = unit;
            slab->Next = 0;
            slab->Previous = 0;
            FreeAll(slab, sizeClass);
            UnitEntry entry = UnitEntry.Slab(share->Id, number, record);
            for (uint i = 0; i < byteCount >> UnitShift; i++)
            {
                _units[unit + i] = entry;
            }

            _slabByteCount += byteCount;
            return slab;
        }
    }

    private static void FreeAll(RunRecord* slab, SizeClass* sizeClass)
    {
        WordPair* words = RunRecord.Words(slab);
        uint count = sizeClass->BlockCount;
        uint wordCount = sizeClass->WordCount;
        for (uint i = 0; i < wordCount; i++)
        {
            uint left = count - (i * 64);
            words[i].Free = left >= 64 ? ulong.MaxValue : (1UL << (int)left) - 1;
            words[i].Remote = 0;
        }

        slab->Summary = wordCount == 32 ? uint.MaxValue : (1u << (int)wordCount) - 1;
        slab->Recent = 0;
        slab->FreeCount = (ushort)count;
    }

    /// <summary>Gives back a slab that is on no list, and of which no block is in use.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void GiveBackSlab(RunRecord* slab)
    {
        lock (_lock)
        {
            uint unit = slab->Unit;
            SizeClass* sizeClass = SizeClasses.All + _units[unit].Class;
            nuint byteCount = sizeClass->SlabByteCount;
            for (uint i = 0; i < byteCount >> UnitShift; i++)
            {
                _units[unit + i] = default;
            }

            _slabByteCount -= byteCount;
            _arena.GiveBack(NumberOf(slab), RecordByteCount(sizeClass));
            _pages.Free(AddressOf(unit), byteCount);
        }
    }

    /// <summary>A run of pages, with room for it in the table.</summary>
    private bool TryTakeRun(nuint byteCount, nuint alignment, bool isZeroed, out nuint address)
    {
        PageAllocationFlags flags = isZeroed ? PageAllocationFlags.None : PageAllocationFlags.Uninitialized;
        if (!_pages.TryAllocate(byteCount, alignment, flags, out address))
        {
            return false;
        }

        if (TryCover(address, byteCount))
        {
            return true;
        }

        _pages.Free(address, byteCount);
        return false;
    }

    /// <summary>Makes sure that the table has the units of a run.</summary>
    private bool TryCover(nuint address, nuint byteCount)
    {
        nuint end = ((address + (byteCount - 1) - _base) >> UnitShift) + 1;
        if (end <= UnitsCommitted)
        {
            return true;
        }

        if (end > uint.MaxValue || !_table.TryGrow(end * (nuint)sizeof(UnitEntry)))
        {
            return false;
        }

        if (_hardened is null)
        {
            Volatile.Write(ref _unitCount, UnitsCommitted);
        }

        return true;
    }

    private uint UnitOf(nuint address) => (uint)((address - _base) >> UnitShift);

    private nuint AddressOf(uint unit) => _base + ((nuint)unit << UnitShift);

    private static nuint RecordByteCount(SizeClass* sizeClass) =>
        RunRecord.HeaderByteCount + (sizeClass->WordCount * (nuint)sizeof(WordPair));
}
