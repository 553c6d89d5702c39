using System.Diagnostics.CodeAnalysis;

namespace NativeVm.Tool.Profiling.Maps;

/// <summary>A <see cref="VmMap"/> by its public calls, its lock held by the caller, over reserved addresses.</summary>
[SuppressMessage("Design", "CA1001", Justification = "It is disposable, by the interface that it implements.")]
internal readonly struct VmMapSpace : ISpaceMap
{
    private const int PageShift = 12;
    private readonly VmMap _map;

    public VmMapSpace(ulong pageCount)
    {
        _map = new VmMap(new VmMapOptions { ByteCount = (nuint)(pageCount << PageShift) });
        FirstPage = _map.MinAddress >> PageShift;

        // Held until the lane is disposed of, on the thread that runs it.
        _ = _map.EnterWriteLock();
    }

    public ulong FirstPage { get; }

    public double ByteCount => _map.GetStatistics().MetadataByteCount;

    public bool TryFind(ulong start, ulong pageCount, ulong alignment, out ulong page)
    {
        bool isFound = _map.TryFindSpace(
            (nuint)(start << PageShift),
            (nuint)(pageCount << PageShift),
            (nuint)(alignment << PageShift),
            FindSpaceFlags.None,
            out nuint address);
        page = address >> PageShift;
        return isFound;
    }

    public void Insert(ulong page, ulong pageCount, ulong tag) =>
        _map.Insert((nuint)(page << PageShift), (nuint)(pageCount << PageShift), VmEntryAttributes.Reserved with { Tag = tag });

    public void Remove(ulong page, ulong pageCount) =>
        _map.Delete((nuint)(page << PageShift), (nuint)(pageCount << PageShift));

    public bool Contains(ulong page) => _map.TryLookup((nuint)(page << PageShift), out _);

    public void Dispose() => _map.Dispose();
}
