using NativeVm.Index;
using NativeVm.Tool.Commands;

namespace NativeVm.Tool.Profiling.Maps;

/// <summary>A free-space index alone, without the map around it.</summary>
internal readonly struct IndexSpace(IEntryIndex index) : ISpaceMap
{
    public ulong FirstPage => index.FirstPage;

    public double ByteCount => index.MetadataByteCount;

    public bool TryFind(ulong start, ulong pageCount, ulong alignment, out ulong page) =>
        index.TryFindSpace(new SpaceQuery(start, index.EndPage, pageCount, alignment, false), out page);

    public void Insert(ulong page, ulong pageCount, ulong tag)
    {
        if (!index.TryReserve(1))
        {
            throw ToolException.Failure("there is no memory for the index's records.");
        }

        index.Insert(new EntryRecord { Start = page, End = page + pageCount, Tag = tag });
    }

    public void Remove(ulong page, ulong pageCount) => index.Remove(page);

    public bool Contains(ulong page) => index.TryGetAtOrBelow(page, out EntryRecord entry) && entry.End > page;

    public void Dispose() => index.Dispose();
}
