using NativeVm.Heaps;
using NativeVm.Platform;

namespace NativeVm;

public sealed unsafe partial class VmHeap
{
    /// <content>Slots of slabs, runs between guards, and the way from an address to either.</content>
    private sealed partial class HardenedHeap
    {
        /// <summary>Takes a block of a slab, or null; throws when a block that is free was written to.</summary>
        private void* TakeSlot(uint number, uint byteCount)
        {
            List<uint> slabs = _slabs[number];
            if (slabs.Count == 0 && !TryTakeSlab(number))
            {
                return null;
            }

            SizeClass* sizeClass = SizeClasses.All + number;
            int chosen = Has(VmHeapHardening.RandomPlacement) ? _random.Next(slabs.Count) : slabs.Count - 1;
            HardenedSlab* slab = (HardenedSlab*)_heap._arena.At(slabs[chosen]);
            uint* states = HardenedSlab.States(slab);
            uint index = Has(VmHeapHardening.RandomPlacement) ? (uint)_random.Next((int)sizeClass->BlockCount) : 0;
            while (!HardenedSlab.IsFree(states[index]))
            {
                index = index + 1 == sizeClass->BlockCount ? 0 : index + 1;
            }

            if (--slab->FreeCount == 0)
            {
                slabs[chosen] = slabs[^1];
                slabs.RemoveAt(slabs.Count - 1);
            }

            nuint block = _heap.AddressOf(slab->Unit) + ((nuint)index * sizeClass->BlockByteCount);
            if ((states[index] & HardenedSlab.Poisoned) != 0 && !IsPoisoned(block, block + sizeClass->BlockByteCount))
            {
                states[index] = HardenedSlab.Lost;
                _heap.ThrowFault(VmHeapFault.UseAfterFree, (void*)block);
            }

            states[index] = HardenedSlab.InUse | byteCount;
            return (void*)block;
        }

        private bool TryTakeSlab(uint number)
        {
            SizeClass* sizeClass = SizeClasses.All + number;
            nuint byteCount = sizeClass->SlabByteCount;
            if (!_heap._arena.TryTake(RecordByteCount(sizeClass), out uint record))
            {
                return false;
            }

            if (!_heap.TryTakeRun(byteCount, byteCount, isZeroed: false, out nuint address))
            {
                _heap._arena.GiveBack(record, RecordByteCount(sizeClass));
                return false;
            }

            HardenedSlab* slab = (HardenedSlab*)_heap._arena.At(record);
            slab->Unit = _heap.UnitOf(address);
            slab->FreeCount = sizeClass->BlockCount;
            new Span<uint>(HardenedSlab.States(slab), (int)sizeClass->BlockCount).Clear();
            Mark(slab->Unit, byteCount, UnitEntry.Slab(0, number, record));
            _heap._slabByteCount += byteCount;
            _slabs[number].Add(record);
            return true;
        }

        private void* TakeRun(nuint byteCount, nuint alignment, out nuint end)
        {
            nuint page = _heap._pageMask + 1;
            nuint guard = Has(VmHeapHardening.GuardPages) ? page : 0;
            nuint slack = guard == 0 ? CanaryByteCount : alignment > page ? alignment : 0;
            end = 0;
            if (byteCount > nuint.MaxValue / 4
                || slack > nuint.MaxValue / 4
                || !_heap.TryRoundToPages(byteCount + slack, out nuint bodyByteCount)
                || !_heap._arena.TryTake((nuint)sizeof(HardenedLarge), out uint record))
            {
                return null;
            }

            nuint runByteCount = bodyByteCount + (2 * guard);
            if (!_heap.TryTakeRun(runByteCount, Math.Max(guard == 0 ? alignment : 1, UnitByteCount), isZeroed: false, out nuint run))
            {
                _heap._arena.GiveBack(record, (nuint)sizeof(HardenedLarge));
                return null;
            }

            nuint bodyEnd = run + guard + bodyByteCount;
            if (!Protect(run, run + guard, PageProtection.None).IsSuccess
                || !Protect(bodyEnd, bodyEnd + guard, PageProtection.None).IsSuccess)
            {
                GiveBackRun(run, runByteCount);
                _heap._arena.GiveBack(record, (nuint)sizeof(HardenedLarge));
                return null;
            }

            HardenedLarge* large = (HardenedLarge*)_heap._arena.At(record);
            large->Unit = _heap.UnitOf(run);
            large->IsQuarantined = 0;
            large->RunByteCount = runByteCount;
            large->ByteCount = byteCount;
            large->BodyEnd = bodyEnd;
            large->Address = guard == 0 ? run : (bodyEnd - byteCount) & ~(alignment - 1);
            Mark(large->Unit, runByteCount, UnitEntry.Large(UnitKind.Large, record));
            _heap._largeByteCount += runByteCount;
            end = bodyEnd;
            return (void*)large->Address;
        }

        /// <summary>Makes a block that is not in use any more free.</summary>
        private void Release(in Place place)
        {
            if (place.Slab == null)
            {
                HardenedLarge* large = place.Large;
                nuint run = _heap.AddressOf(large->Unit);
                Mark(large->Unit, large->RunByteCount, default);
                _heap._largeByteCount -= large->RunByteCount;
                GiveBackRun(run, large->RunByteCount);
                _heap._arena.GiveBack(_heap.NumberOf((RunRecord*)large), (nuint)sizeof(HardenedLarge));
                return;
            }

            SizeClass* sizeClass = SizeClasses.All + place.Class;
            List<uint> slabs = _slabs[place.Class];
            uint record = _heap.NumberOf((RunRecord*)place.Slab);
            HardenedSlab.States(place.Slab)[place.Index] = Has(VmHeapHardening.Poison) ? HardenedSlab.Poisoned : 0;
            if (++place.Slab->FreeCount == 1)
            {
                slabs.Add(record);
            }

            if (place.Slab->FreeCount == sizeClass->BlockCount && slabs.Count > 1)
            {
                slabs.Remove(record);
                nuint byteCount = sizeClass->SlabByteCount;
                uint unit = place.Slab->Unit;
                Mark(unit, byteCount, default);
                _heap._slabByteCount -= byteCount;
                _heap._arena.GiveBack(record, RecordByteCount(sizeClass));
                _heap._pages.Free(_heap.AddressOf(unit), byteCount);
            }
        }

        /// <summary>
        /// A run without guards goes back; one whose pages the system does not open again stays out of use.
        /// </summary>
        private void GiveBackRun(nuint run, nuint byteCount)
        {
            if (!Has(VmHeapHardening.GuardPages) || Protect(run, run + byteCount, PageProtection.ReadWrite).IsSuccess)
            {
                _heap._pages.Free(run, byteCount);
            }
        }

        private Place Require(void* block)
        {
            VmHeapFault fault = Find(block, out Place place);
            if (fault != VmHeapFault.None)
            {
                _heap.ThrowFault(fault, block);
            }

            return place;
        }

        private VmHeapFault Find(void* address, out Place place)
        {
            place = default;
            nuint unit = unchecked((nuint)address - _heap._base) >> UnitShift;
            UnitEntry entry = unit < _heap.UnitsCommitted ? _heap._units[unit] : default;
            if (entry.Kind == UnitKind.None)
            {
                return VmHeapFault.ForeignPointer;
            }

            if (entry.Kind != UnitKind.Slab)
            {
                HardenedLarge* large = (HardenedLarge*)_heap._arena.At(entry.Record);
                place = new Place { Address = large->Address, ByteCount = large->ByteCount, End = large->BodyEnd, Large = large };
                return large->Address != (nuint)address ? VmHeapFault.InteriorPointer
                    : large->IsQuarantined != 0 ? VmHeapFault.DoubleFree
                    : VmHeapFault.None;
            }

            if (!_heap.TryLocate(entry, address, out uint index))
            {
                return VmHeapFault.InteriorPointer;
            }

            HardenedSlab* slab = (HardenedSlab*)_heap._arena.At(entry.Record);
            uint state = HardenedSlab.States(slab)[index];
            place = new Place
            {
                Address = (nuint)address,
                ByteCount = state & HardenedSlab.LengthMask,
                End = (nuint)address + SizeClasses.All[entry.Class].BlockByteCount,
                Slab = slab,
                Index = index,
                Class = entry.Class,
            };
            return (state & HardenedSlab.InUse) != 0 ? VmHeapFault.None : VmHeapFault.DoubleFree;
        }

        private void Mark(uint unit, nuint byteCount, UnitEntry entry)
        {
            for (nuint i = 0; i < UnitCount(byteCount); i++)
            {
                _heap._units[unit + i] = entry;
            }
        }

        private static nuint RecordByteCount(SizeClass* sizeClass) =>
            HardenedSlab.ByteCount + (sizeClass->BlockCount * (nuint)sizeof(uint));
    }
}
