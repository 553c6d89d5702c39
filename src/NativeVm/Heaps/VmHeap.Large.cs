using NativeVm.Heaps;

namespace NativeVm;

/// <content>Blocks that are runs of pages of their own.</content>
public sealed unsafe partial class VmHeap
{
    private bool TryAllocateLarge(nuint byteCount, nuint alignment, bool isZeroed, out void* block)
    {
        block = null;
        if (!TryRoundToPages(byteCount, out nuint runByteCount))
        {
            return false;
        }

        lock (_lock)
        {
            if (!_arena.TryTake((nuint)sizeof(RunRecord), out uint number))
            {
                return false;
            }

            if (!TryTakeRun(runByteCount, Math.Max(alignment, UnitByteCount), isZeroed, out nuint address))
            {
                _arena.GiveBack(number, (nuint)sizeof(RunRecord));
                return false;
            }

            RunRecord* record = _arena.At(number);
            record->Unit = UnitOf(address);
            record->RunByteCount = runByteCount;
            MarkLarge(record, 0, runByteCount);
            _largeByteCount += runByteCount;
            block = (void*)address;
            return true;
        }
    }

    private void FreeLarge(void* block)
    {
        lock (_lock)
        {
            RunRecord* record = RequireLarge(block);
            MarkNone(record->Unit, 0, record->RunByteCount);
            _largeByteCount -= record->RunByteCount;
            _pages.Free((nuint)block, record->RunByteCount);
            _arena.GiveBack(NumberOf(record), (nuint)sizeof(RunRecord));
        }
    }

    /// <summary>Makes a large block longer or shorter where it is.</summary>
    private bool TryResizeLarge(void* block, nuint byteCount)
    {
        lock (_lock)
        {
            RunRecord* record = RequireLarge(block);
            if (byteCount <= SizeClasses.MaxByteCount || !TryRoundToPages(byteCount, out nuint runByteCount))
            {
                return false;
            }

            nuint old = record->RunByteCount;
            if (runByteCount == old)
            {
                return true;
            }

            nuint address = (nuint)block;
            if (runByteCount > old && !(runByteCount <= nuint.MaxValue - address && TryCover(address, runByteCount)))
            {
                return false;
            }

            if (!_pages.TryResizeInPlace(address, old, runByteCount, PageAllocationFlags.Uninitialized))
            {
                return false;
            }

            MarkNone(record->Unit, runByteCount, old);
            MarkLarge(record, old, runByteCount);
            _largeByteCount = _largeByteCount - old + runByteCount;
            record->RunByteCount = runByteCount;
            return true;
        }
    }

    /// <summary>The record of a large block in use; under the lock.</summary>
    private RunRecord* RequireLarge(void* block)
    {
        UnitEntry entry = EntryOf(block);
        if (entry.Kind != UnitKind.Large)
        {
            ThrowFault(VmHeapFault.DoubleFree, block);
        }

        RunRecord* record = _arena.At(entry.Record);
        if (AddressOf(record->Unit) != (nuint)block)
        {
            ThrowFault(VmHeapFault.InteriorPointer, block);
        }

        return record;
    }

    private void MarkLarge(RunRecord* record, nuint from, nuint to)
    {
        uint number = NumberOf(record);
        for (nuint i = UnitCount(from); i < UnitCount(to); i++)
        {
            _units[record->Unit + i] = UnitEntry.Large(i == 0 ? UnitKind.Large : UnitKind.LargeInside, number);
        }
    }

    private void MarkNone(uint unit, nuint from, nuint to)
    {
        for (nuint i = UnitCount(from); i < UnitCount(to); i++)
        {
            _units[unit + i] = default;
        }
    }

    private static nuint UnitCount(nuint byteCount) => (byteCount + (UnitByteCount - 1)) >> UnitShift;

    private bool TryRoundToPages(nuint byteCount, out nuint rounded)
    {
        rounded = unchecked(byteCount + _pageMask) & ~_pageMask;
        return rounded >= byteCount && byteCount <= nuint.MaxValue / 2;
    }
}
