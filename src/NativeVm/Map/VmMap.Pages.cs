using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using NativeVm.Index;

namespace NativeVm;

public sealed partial class VmMap
{
    private nuint ToAddress(ulong page) => (nuint)(page << _pageShift);

    private nuint ToByteCount(ulong pageCount) => (nuint)(pageCount << _pageShift);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private VmEntry ToEntry(in EntryRecord record) => new(ToAddress(record.Start), ToAddress(record.End), new VmEntryAttributes
    {
        Protection = EntryFlags.Protection(record.Flags),
        MaxProtection = EntryFlags.MaxProtection(record.Flags),
        Inheritance = EntryFlags.Inheritance(record.Flags),
        Kind = EntryFlags.Kind(record.Flags),
        IsCommitted = EntryFlags.IsCommitted(record.Flags),
        WiredCount = record.Detail.WiredCount,
        Tag = record.Tag,
        GrowthReserve = ToByteCount(record.Detail.GrowthReserve),
        ObjectId = record.Detail.ObjectId,
        Sharing = EntryFlags.Sharing(record.Flags),
        ObjectOffset = record.Detail.ObjectPage << _pageShift,
        HugePages = EntryFlags.HugePages(record.Flags),
        NodePlusOne = record.Detail.NodePlusOne,
    });

    private EntryRecord ToRecord(ulong start, ulong end, in VmEntryAttributes attributes) => new()
    {
        Start = start,
        End = end,
        Tag = attributes.Tag,
        Flags = EntryFlags.Pack(WithPossibleHugePages(ToByteCount(end - start), attributes)),
        Detail = new EntryDetail
        {
            WiredCount = attributes.WiredCount,
            ObjectId = attributes.ObjectId,
            NodePlusOne = attributes.NodePlusOne,
            ObjectPage = attributes.ObjectOffset >> _pageShift,
            GrowthReserve = attributes.GrowthReserve >> _pageShift,
        },
    };

    /// <summary>Pages that a length covers; <see langword="false"/> when rounding it up wraps.</summary>
    private bool TryCountPages(nuint byteCount, out ulong pageCount)
    {
        nuint mask = PageSize - 1;
        pageCount = (byteCount >> _pageShift) + ((byteCount & mask) == 0 ? 0u : 1u);
        return byteCount <= nuint.MaxValue - mask;
    }

    /// <summary>
    /// The pages of a range that lies wholly inside the map, an empty one included; <see langword="false"/> when it
    /// reaches outside or wraps.
    /// </summary>
    private bool TryGetPages(nuint start, nuint byteCount, out ulong first, out ulong end)
    {
        RequirePageAligned(start);
        first = start >> _pageShift;
        bool isCounted = TryCountPages(byteCount, out ulong pageCount);
        end = first + pageCount;
        return isCounted && first >= _index.FirstPage && end <= _index.EndPage;
    }

    /// <summary>The pages of a range that lie inside the map (<c>VM_MAP_RANGE_CHECK</c>); empty where none does.</summary>
    private void ClampToMap(nuint start, nuint byteCount, out ulong first, out ulong end)
    {
        RequirePageAligned(start);
        if (!TryCountPages(byteCount, out ulong pageCount))
        {
            pageCount = _index.EndPage;
        }

        ulong startPage = start >> _pageShift;
        first = Math.Clamp(startPage, _index.FirstPage, _index.EndPage);
        end = Math.Clamp(startPage + pageCount, first, _index.EndPage);
    }

    private void RequirePageAligned(nuint start)
    {
        if ((start & (PageSize - 1)) != 0)
        {
            ThrowUnaligned(start);
        }
    }

    [DoesNotReturn]
    private void ThrowUnaligned(nuint start) =>
        throw new ArgumentException($"Address 0x{start:x} has to be a multiple of the page size, {PageSize}.", nameof(start));
}
