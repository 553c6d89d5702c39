using System.Diagnostics;

namespace NativeVm.Index.Tree;

/// <content>The side table of rare attributes.</content>
internal sealed unsafe partial class BPlusTreeIndex
{
    // In an entry's flags: its tag is the number of a detail record, and that record has a growth reserve.
    private const uint DetailBit = 1u << EntryFlags.FirstFreeBit;
    private const uint ReserveBit = DetailBit << 1;
    private const uint OwnBits = DetailBit | ReserveBit | LeafNode.TagPlaceBits;

    private ulong _detailsUsed;
    private ulong _freeDetail;
    private nuint _detailsAvailable;

    private DetailRecord* Details => (DetailRecord*)_detailArena.Base;

    private bool TryGrowDetails(nuint count)
    {
        nuint size = (nuint)sizeof(DetailRecord);
        nuint free = _detailsAvailable - ((_detailArena.CommittedByteCount / size) - (nuint)_detailsUsed);
        if (count - free > (nuint)(LargestArena / size) || !_detailArena.TryGrow(((nuint)_detailsUsed + count - free) * size))
        {
            return false;
        }

        _detailsAvailable = free + (_detailArena.CommittedByteCount / size) - (nuint)_detailsUsed;
        return true;
    }

    /// <summary>Packs an entry's attributes into what a leaf keeps, taking a record when it has details.</summary>
    private uint Pack(in EntryRecord entry, out ulong tag)
    {
        Debug.Assert((entry.Flags & OwnBits) == 0, "Those bits are the index's own.");
        if (!entry.HasDetail)
        {
            tag = entry.Tag;
            return entry.Flags;
        }

        if (_detailsAvailable == 0 && !TryGrowDetails(1))
        {
            ThrowNoMemory();
        }

        _detailsAvailable--;
        ulong number = _freeDetail;
        if (number != 0)
        {
            number--;
            _freeDetail = Details[number].Tag;
        }
        else
        {
            number = _detailsUsed++;
        }

        Details[number].Detail = entry.Detail;
        Details[number].Tag = entry.Tag;
        tag = number;
        if (entry.Detail.GrowthReserve == 0)
        {
            return entry.Flags | DetailBit;
        }

        _reserveCount++;
        return entry.Flags | DetailBit | ReserveBit;
    }

    /// <summary>Gives back the record behind an entry's attributes, if there is one.</summary>
    private void Unpack(uint flags, ulong tag)
    {
        if ((flags & DetailBit) == 0)
        {
            return;
        }

        if ((flags & ReserveBit) != 0)
        {
            _reserveCount--;
        }

        Details[tag].Tag = _freeDetail;
        _freeDetail = tag + 1;
        _detailsAvailable++;
    }

    private ulong ReserveOf(uint flags, ulong tag) => (flags & ReserveBit) != 0 ? Details[tag].Detail.GrowthReserve : 0;

    private ulong ReserveOf(LeafNode* leaf, int index) => ReserveOf(leaf->Flags[index], *LeafNode.TagOf(leaf, index));

    private void Read(LeafNode* leaf, int index, out EntryRecord entry)
    {
        uint flags = leaf->Flags[index];
        entry.Start = LeafNode.StartOf(leaf, index);
        entry.End = LeafNode.EndOf(leaf, index);
        entry.Tag = *LeafNode.TagOf(leaf, index);
        entry.Flags = flags & ~OwnBits;
        entry.Detail = default;
        if ((flags & DetailBit) != 0)
        {
            DetailRecord* record = Details + entry.Tag;
            entry.Detail = record->Detail;
            entry.Tag = record->Tag;
        }
    }
}
