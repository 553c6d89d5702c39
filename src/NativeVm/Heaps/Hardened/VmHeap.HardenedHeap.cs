using System.Runtime.InteropServices;
using System.Security.Cryptography;
using NativeVm.Heaps;
using NativeVm.Platform;

namespace NativeVm;

public sealed unsafe partial class VmHeap
{
    /// <summary>
    /// A heap that looks for errors of its users: blocks in the same slabs and runs as elsewhere, but one lock, the
    /// length and the state of every block in its slab's record, and no order in which blocks are handed out.
    /// </summary>
    private sealed partial class HardenedHeap
    {
        private const uint CanaryByteCount = 8;
        private const uint QuarantineCapacity = 2048;

        private readonly VmHeap _heap;
        private readonly VmHeapHardening _hardening;
        private readonly nuint _quarantineLimit;
        private readonly ulong _secret;
        private readonly Random _random;

        // The slabs of each class with a block that can be handed out.
        private readonly List<uint>[] _slabs = new List<uint>[SizeClasses.Count];
        private readonly nuint* _quarantine;
        private uint _quarantineStart;
        private uint _quarantineCount;
        private nuint _quarantinedByteCount;
        private nuint _blockCount;
        private nuint _allocatedByteCount;

        public HardenedHeap(VmHeap heap, nuint quarantineLimit)
        {
            _heap = heap;
            _hardening = heap.Hardening;
            _quarantineLimit = quarantineLimit;
            _secret = BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(8));
            _random = new Random(RandomNumberGenerator.GetInt32(int.MaxValue));
            for (int i = 0; i < SizeClasses.Count; i++)
            {
                _slabs[i] = [];
            }

            if (!heap._arena.TryTake(QuarantineCapacity * (nuint)sizeof(nuint), out uint ring))
            {
                throw new InsufficientMemoryException("The system has no memory for the quarantine of a heap.");
            }

            _quarantine = (nuint*)heap._arena.At(ring);
        }

        public bool TryAllocate(nuint byteCount, nuint alignment, bool isZeroed, out void* block)
        {
            block = null;
            nuint canary = Has(VmHeapHardening.Canaries) ? CanaryByteCount : 0;
            int number = byteCount <= SizeClasses.MaxByteCount ? SizeClasses.OfAligned(byteCount + canary, alignment) : -1;
            lock (_heap._lock)
            {
                ObjectDisposedException.ThrowIf(_heap._isDisposed, _heap);
                nuint end;
                if (number >= 0)
                {
                    block = TakeSlot((uint)number, (uint)byteCount);
                    end = (nuint)block + SizeClasses.All[number].BlockByteCount;
                }
                else
                {
                    block = TakeRun(byteCount, Math.Max(alignment, BlockAlignment), out end);
                }

                if (block == null)
                {
                    return false;
                }

                _blockCount++;
                _allocatedByteCount += byteCount;
                if (isZeroed)
                {
                    NativeMemory.Clear(block, byteCount);
                }
                else if (Has(VmHeapHardening.Poison))
                {
                    NativeMemory.Fill(block, byteCount, NewPattern);
                }

                WriteCanary((nuint)block, byteCount, end);
                return true;
            }
        }

        public void Free(void* block)
        {
            lock (_heap._lock)
            {
                ObjectDisposedException.ThrowIf(_heap._isDisposed, _heap);
                Place place = Require(block);
                VerifyCanary(place);
                _blockCount--;
                _allocatedByteCount -= place.ByteCount;
                nuint damaged = 0;
                if (Has(VmHeapHardening.Quarantine))
                {
                    damaged = Quarantine(place);
                }
                else
                {
                    Poison(place);
                    Release(place);
                }

                if (damaged != 0)
                {
                    _heap.ThrowFault(VmHeapFault.UseAfterFree, (void*)damaged);
                }
            }
        }

        public nuint GetByteCount(void* block)
        {
            lock (_heap._lock)
            {
                return Require(block).ByteCount;
            }
        }

        public bool Owns(void* address)
        {
            lock (_heap._lock)
            {
                return Find(address, out _) == VmHeapFault.None;
            }
        }

        public bool TryReallocate(void* block, nuint byteCount, out void* result)
        {
            if (TryResizeInPlace(block, byteCount))
            {
                result = block;
                return true;
            }

            nuint old = GetByteCount(block);
            if (!TryAllocate(byteCount, 1, isZeroed: false, out result))
            {
                return false;
            }

            nuint kept = Math.Min(old, byteCount);
            Buffer.MemoryCopy(block, result, kept, kept);
            Free(block);
            return true;
        }

        public bool TryResizeInPlace(void* block, nuint byteCount)
        {
            lock (_heap._lock)
            {
                Place place = Require(block);
                VerifyCanary(place);
                nuint canary = Has(VmHeapHardening.Canaries) ? CanaryByteCount : 0;
                nuint capacity = place.End - place.Address;
                if (place.Slab == null || byteCount > capacity || byteCount + canary > capacity)
                {
                    return byteCount == place.ByteCount;
                }

                HardenedSlab.States(place.Slab)[place.Index] = HardenedSlab.InUse | (uint)byteCount;
                _allocatedByteCount = _allocatedByteCount - place.ByteCount + byteCount;
                WriteCanary(place.Address, byteCount, place.End);
                return true;
            }
        }

        private bool Has(VmHeapHardening hardening) => (_hardening & hardening) != 0;

        private VmResult Protect(nuint start, nuint end, PageProtection protection) =>
            start == end ? VmResult.Success : _heap._pages.Map.Protect(start, end - start, protection);

        /// <summary>A block that is in use or held back.</summary>
        private readonly struct Place
        {
            public nuint Address { get; init; }

            public nuint ByteCount { get; init; }

            /// <summary>The first byte behind what can be written.</summary>
            public nuint End { get; init; }

            public HardenedSlab* Slab { get; init; }

            public uint Index { get; init; }

            public uint Class { get; init; }

            public HardenedLarge* Large { get; init; }
        }
    }
}
