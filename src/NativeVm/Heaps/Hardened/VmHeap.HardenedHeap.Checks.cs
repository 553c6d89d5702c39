using System.Runtime.InteropServices;
using NativeVm.Heaps;
using NativeVm.Platform;

namespace NativeVm;

public sealed unsafe partial class VmHeap
{
    /// <content>Canaries, poison and the quarantine.</content>
    private sealed partial class HardenedHeap
    {
        private void WriteCanary(nuint address, nuint byteCount, nuint end)
        {
            if (Has(VmHeapHardening.Canaries))
            {
                ulong key = _secret ^ address;
                for (nuint at = address + byteCount; at < end; at++)
                {
                    *(byte*)at = CanaryByte(key, at);
                }
            }
        }

        private void VerifyCanary(in Place place)
        {
            if (Has(VmHeapHardening.Canaries))
            {
                ulong key = _secret ^ place.Address;
                for (nuint at = place.Address + place.ByteCount; at < place.End; at++)
                {
                    if (*(byte*)at != CanaryByte(key, at))
                    {
                        _heap.ThrowFault(VmHeapFault.Overrun, (void*)place.Address);
                    }
                }
            }
        }

        private static byte CanaryByte(ulong key, nuint at) => (byte)((key >> (int)((at & 7) * 8)) & 0xFF);

        private void Poison(in Place place)
        {
            if (Has(VmHeapHardening.Poison))
            {
                NativeMemory.Fill((void*)place.Address, place.End - place.Address, FreedPattern);
            }
        }

        private static bool IsPoisoned(nuint start, nuint end)
        {
            for (; start < end; start += 16)
            {
                if (*(UInt128*)start != PoisonedWords)
                {
                    return false;
                }
            }

            return true;
        }

        private static UInt128 PoisonedWords => new(0x0101010101010101UL * FreedPattern, 0x0101010101010101UL * FreedPattern);

        /// <summary>Holds a block back, and lets go those that have been held back for long enough.</summary>
        /// <returns>A block that was written to after it had been freed, or 0.</returns>
        private nuint Quarantine(in Place place)
        {
            nuint damaged = 0;
            if (_quarantineCount == QuarantineCapacity)
            {
                damaged = LetGo();
            }

            if (place.Large != null)
            {
                place.Large->IsQuarantined = 1;
                nuint run = _heap.AddressOf(place.Large->Unit);
                if (!IsClosed || !Protect(run, run + place.Large->RunByteCount, PageProtection.None).IsSuccess)
                {
                    Poison(place);
                }
                else
                {
                    place.Large->IsQuarantined = 2;
                }
            }
            else
            {
                Poison(place);
                HardenedSlab.States(place.Slab)[place.Index] = HardenedSlab.Quarantined | (uint)place.ByteCount;
            }

            _quarantine[(_quarantineStart + _quarantineCount) % QuarantineCapacity] = place.Address;
            _quarantineCount++;
            _quarantinedByteCount += place.End - place.Address;
            while (_quarantinedByteCount > _quarantineLimit && damaged == 0)
            {
                damaged = LetGo();
            }

            return damaged;
        }

        private bool IsClosed => Has(VmHeapHardening.GuardPages);

        /// <summary>Lets the block go that was freed first of all that are held back.</summary>
        /// <returns>The block if it was written to meanwhile, and is kept out of use; or 0.</returns>
        private nuint LetGo()
        {
            nuint address = _quarantine[_quarantineStart];
            _quarantineStart = (_quarantineStart + 1) % QuarantineCapacity;
            _quarantineCount--;
            _ = Find((void*)address, out Place place);
            _quarantinedByteCount -= place.End - place.Address;
            bool isOpen = place.Large == null || place.Large->IsQuarantined == 1;
            if (isOpen && Has(VmHeapHardening.Poison) && !IsPoisoned(place.Address, place.End & ~(nuint)15))
            {
                if (place.Slab != null)
                {
                    HardenedSlab.States(place.Slab)[place.Index] = HardenedSlab.Lost;
                }

                return address;
            }

            Release(place);
            return 0;
        }

        /// <summary>Lets all go that is held back; blocks that were written to stay out of use.</summary>
        /// <returns>One that was, or 0.</returns>
        public nuint LetAllGo()
        {
            nuint damaged = 0;
            while (_quarantineCount != 0)
            {
                nuint block = LetGo();
                damaged = damaged == 0 ? block : damaged;
            }

            return damaged;
        }

        /// <summary>Verifies every canary and all poison.</summary>
        public void Validate()
        {
            nuint count = 0;
            for (nuint unit = 0; unit < _heap.UnitsCommitted; unit += StepOf(_heap._units[unit]))
            {
                UnitEntry entry = _heap._units[unit];
                nuint start = _heap.AddressOf((uint)unit);
                if (entry.Kind == UnitKind.Slab)
                {
                    SizeClass* sizeClass = SizeClasses.All + entry.Class;
                    for (uint i = 0; i < sizeClass->BlockCount; i++)
                    {
                        count += ValidateSlot((void*)(start + ((nuint)i * sizeClass->BlockByteCount))) ? 1u : 0;
                    }
                }
                else if (entry.Kind == UnitKind.Large)
                {
                    HardenedLarge* large = (HardenedLarge*)_heap._arena.At(entry.Record);
                    if (large->Unit == unit && large->IsQuarantined == 0)
                    {
                        VerifyCanary(Require((void*)large->Address));
                        count++;
                    }
                }
            }

            VmHeap.Require(count == _blockCount, 0, $"{count} blocks are in use, and {_blockCount} are counted");
        }

        public void AddBlocks(List<VmHeapBlock> blocks)
        {
            for (nuint unit = 0; unit < _heap.UnitsCommitted; unit += StepOf(_heap._units[unit]))
            {
                UnitEntry entry = _heap._units[unit];
                nuint start = _heap.AddressOf((uint)unit);
                SizeClass* sizeClass = SizeClasses.All + entry.Class;
                if (entry.Kind == UnitKind.Large)
                {
                    HardenedLarge* large = (HardenedLarge*)_heap._arena.At(entry.Record);
                    if (large->Unit == unit && large->IsQuarantined == 0)
                    {
                        blocks.Add(new VmHeapBlock(large->Address, large->ByteCount));
                    }
                }

                for (uint i = 0; entry.Kind == UnitKind.Slab && i < sizeClass->BlockCount; i++)
                {
                    nuint address = start + ((nuint)i * sizeClass->BlockByteCount);
                    if (Find((void*)address, out Place place) == VmHeapFault.None)
                    {
                        blocks.Add(new VmHeapBlock(place.Address, place.ByteCount));
                    }
                }
            }
        }

        public VmHeapStatistics Add(VmHeapStatistics statistics) => statistics with
        {
            BlockCount = _blockCount,
            AllocatedByteCount = _allocatedByteCount,
            QuarantinedByteCount = _quarantinedByteCount,
        };

        private bool ValidateSlot(void* block)
        {
            VmHeapFault fault = Find(block, out Place place);
            if (fault == VmHeapFault.None)
            {
                VerifyCanary(place);
                return true;
            }

            uint state = HardenedSlab.States(place.Slab)[place.Index];
            bool isPoisoned = Has(VmHeapHardening.Poison) && (state & (HardenedSlab.Quarantined | HardenedSlab.Poisoned)) != 0;
            if (isPoisoned && !IsPoisoned(place.Address, place.End))
            {
                _heap.ThrowFault(VmHeapFault.UseAfterFree, block);
            }

            return false;
        }
    }
}
