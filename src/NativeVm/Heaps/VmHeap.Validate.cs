using System.Numerics;
using NativeVm.Heaps;

namespace NativeVm;

public sealed unsafe partial class VmHeap
{
    /// <summary>Proves that table, records, bitmaps, bins and lists agree with each other.</summary>
    /// <remarks>No other thread may use the heap meanwhile. O(memory / 64 KiB); for tests, and for when something looks wrong.</remarks>
    /// <exception cref="InvalidOperationException">They do not agree; the message names the place. The heap is corrupt.</exception>
    /// <exception cref="VmHeapFaultException">A hardened heap found that something was written where it should not.</exception>
    /// <exception cref="ObjectDisposedException">The heap has been disposed of.</exception>
    public void Validate()
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            if (_hardened is not null)
            {
                _hardened.Validate();
                return;
            }

            nuint slabs = 0;
            nuint large = 0;
            for (nuint unit = 0; unit < _unitCount; unit += StepOf(_units[unit]))
            {
                UnitEntry entry = _units[unit];
                if (entry.Kind == UnitKind.Slab)
                {
                    slabs += SizeClasses.All[entry.Class].SlabByteCount;
                    ValidateSlab(unit, entry);
                }
                else if (entry.Kind == UnitKind.Large)
                {
                    Require(RecordAt(entry.Record)->Unit == unit, unit, "a large block's record names its first unit");
                    large += RecordAt(entry.Record)->RunByteCount;
                }
            }

            Require(slabs == _slabByteCount, 0, $"the slabs take {slabs} bytes, and {_slabByteCount} are counted");
            Require(large == _largeByteCount, 0, $"the large blocks take {large} bytes, and {_largeByteCount} are counted");
            for (int id = 1; id < _owners.Count; id++)
            {
                for (uint i = 0; i < SizeClasses.Count; i++)
                {
                    ValidateBin((uint)id, i, ThreadHeap.Bin(ShareOf((uint)id), i));
                }
            }
        }
    }

    private void ValidateSlab(nuint unit, UnitEntry entry)
    {
        SizeClass* sizeClass = SizeClasses.All + entry.Class;
        RunRecord* slab = RecordAt(entry.Record);
        SizeBin* bin = ThreadHeap.Bin(ShareOf(entry.Owner), entry.Class);
        Require(slab->Unit == unit, unit, "a slab's record names its first unit");
        int free = 0;
        for (uint i = 0; i < sizeClass->WordCount; i++)
        {
            WordPair* word = RunRecord.Words(slab) + i;
            uint left = sizeClass->BlockCount - (i * 64);
            ulong mask = left >= 64 ? ulong.MaxValue : (1UL << (int)left) - 1;
            bool isCurrent = word == bin->Word;
            ulong bits = isCurrent ? bin->Bits : word->Free;
            Require(((word->Free | word->Remote) & ~mask) == 0, unit, "no block beyond the last is free");
            Require((bits & word->Remote) == 0, unit, "no block is free here and elsewhere");
            Require((bits & ~word->Free) == 0, unit, "the copy of the current word has all of its bits");
            Require(((slab->Summary >> (int)i) & 1) == (!isCurrent && bits != 0 ? 1u : 0), unit, "the summary tells which words have free blocks");
            free += isCurrent ? 0 : BitOperations.PopCount(bits);
        }

        Require(free == slab->FreeCount, unit, $"{free} blocks are free, and {slab->FreeCount} are counted");
        bool isListed = (slab->Next | slab->Previous) != 0 || bin->Head == entry.Record;
        uint trigger = slab == bin->Current ? 0u : isListed ? sizeClass->BlockCount : 1u;
        Require(slab->Trigger == trigger, unit, $"the trigger {slab->Trigger} is {trigger}");
        Require(isListed || slab == bin->Current || free == 0, unit, "a slab with free blocks is current or on its bin's list");
    }

    private void ValidateBin(uint owner, uint number, SizeBin* bin)
    {
        uint previous = 0;
        for (uint record = bin->Head; record != 0; record = RecordAt(record)->Next)
        {
            UnitEntry entry = _units[RecordAt(record)->Unit];
            Require(entry.Kind == UnitKind.Slab && entry.Record == record, record, "a listed record is a slab's");
            Require(entry.Owner == owner && entry.Class == number, record, "a bin lists its own slabs");
            Require(RecordAt(record)->Previous == previous, record, "the list leads back as it leads on");
            previous = record;
        }

        Require(bin->Tail == previous, number, "a list ends at its tail");
        Require((bin->Version & 1) == 0, number, "no word is being changed");
        uint count = SizeBin.RecentCountOf(bin);
        Require(count <= bin->RecentLimit && bin->Recent[0] == 0, number, "the stack of recent blocks has its limit, and a 0 below");
        for (uint i = 1; i <= count; i++)
        {
            ValidateKept(owner, number, (nuint)bin->Recent[i], isFree: true);
        }

        if (bin->Last != 0)
        {
            bool isFree = SizeBin.IsFree(bin->Last);
            ValidateKept(owner, number, isFree ? ~bin->Last : bin->Last, isFree);
        }
    }

    private void ValidateKept(uint owner, uint number, nuint block, bool isFree)
    {
        UnitEntry entry = EntryOf((void*)block);
        bool isHere = entry.Kind == UnitKind.Slab && entry.Owner == owner && entry.Class == number;
        uint index = 0;
        Require(isHere && TryLocate(entry, (void*)block, out index), block, "a bin keeps blocks of its own slabs");
        Require(IsFree(entry, (void*)block, index) == isFree, block, "a block is what its bin takes it for");
    }

    private static void Require(bool condition, nuint place, string promise)
    {
        if (!condition)
        {
            throw new InvalidOperationException($"The heap is corrupt: at {place}, it does not hold that {promise}.");
        }
    }
}
