using NativeVm.Platform;

namespace NativeVm.Pages;

/// <summary>What the shards of an allocator share: the map that pages come from, the limit, and the records.</summary>
/// <remarks>Thread-safe. Pages are counted from <see cref="Base"/>.</remarks>
internal sealed class PageSource : IDisposable
{
    private readonly bool _ownsMap;
    private readonly VmEntryAttributes _attributes;
    private readonly long _limit;
    private long _heldPageCount;

    /// <param name="map">The map.</param>
    /// <param name="ownsMap">Whether it is disposed of with the source.</param>
    /// <param name="options">The limit, and whether huge pages are used.</param>
    /// <param name="tag">The tag of the entries that are made in the map.</param>
    /// <param name="shardCount">How many shards there will be.</param>
    public PageSource(VmMap map, bool ownsMap, PageAllocatorOptions options, ulong tag, int shardCount)
    {
        Map = map;
        _ownsMap = ownsMap;
        PageShift = System.Numerics.BitOperations.TrailingZeroCount(map.PageSize);
        CommitsOnDemand = !map.Platform.Supports(PlatformCapabilities.PurgeReadsZero);
        _attributes = (CommitsOnDemand ? VmEntryAttributes.Reserved : VmEntryAttributes.ReadWrite) with { Tag = tag };
        _limit = options.MemoryLimit == 0
            ? long.MaxValue
            : (long)Math.Min(options.MemoryLimit >> PageShift, long.MaxValue);
        HugePageCount = options.UsesHugePages && map.Platform.Supports(PageAdvice.HugePages)
            ? map.Platform.HugePageSize >> PageShift
            : 0;

        // A base at a multiple of a chunk makes alignments up to a chunk the same for page numbers as for addresses.
        nuint chunk = map.PageSize << PageMap.ChunkShift;
        Base = map.MinAddress & ~(chunk - 1);
        ulong pageCount = (map.MaxAddress - Base) >> PageShift;
        VmPlatform metadataPlatform = options.MetadataPlatform ?? VmPlatform.Current;
        Table = new PageRunTable(metadataPlatform, shardCount, pageCount);
        try
        {
            Pages = new PageMap(metadataPlatform, pageCount);
        }
        catch
        {
            Table.Dispose();
            throw;
        }
    }

    public VmMap Map { get; }

    public PageRunTable Table { get; }

    public PageMap Pages { get; }

    /// <summary>The address of page 0: at or below the map's first.</summary>
    public nuint Base { get; }

    /// <summary>The page size as a power of two.</summary>
    public int PageShift { get; }

    /// <summary>Pages in a huge page where huge pages are used, otherwise 0.</summary>
    public ulong HugePageCount { get; }

    /// <summary>
    /// Whether pages are committed run by run when they are used, and decommitted when they are given back: on
    /// systems where committing is what counts, and a purge need not clear.
    /// </summary>
    public bool CommitsOnDemand { get; }

    /// <summary>Pages in use, and free ones that are not known to be zero.</summary>
    public ulong HeldPageCount => (ulong)Volatile.Read(ref _heldPageCount);

    /// <summary>Counts pages that are about to hold something; <see langword="false"/> when the limit forbids them.</summary>
    public bool TryHold(ulong count)
    {
        if (Interlocked.Add(ref _heldPageCount, (long)count) <= _limit)
        {
            return true;
        }

        LetGo(count);
        return false;
    }

    /// <summary>Undoes <see cref="TryHold"/>.</summary>
    public void LetGo(ulong count) => Interlocked.Add(ref _heldPageCount, -(long)count);

    /// <summary>How many pages stand between the limit and so many more.</summary>
    public ulong Deficit(ulong count)
    {
        long wanted = Volatile.Read(ref _heldPageCount) + (long)count - _limit;
        return _limit == long.MaxValue || wanted <= 0 ? 0 : (ulong)wanted;
    }

    /// <summary>Whether so many pages are within the limit if nothing else is held.</summary>
    public bool IsWithinLimit(ulong count) => count <= (ulong)_limit;

    /// <summary>Takes a range from the map, with records for its pages.</summary>
    /// <param name="count">Pages.</param>
    /// <param name="multiple">What the first page is a multiple of, in the address space.</param>
    /// <param name="start">The first page.</param>
    public VmResult Obtain(uint count, ulong multiple, out ulong start)
    {
        start = 0;
        nuint byteCount = (nuint)count << PageShift;
        VmResult result = Map.Find(Map.MinAddress, byteCount, (nuint)multiple << PageShift, _attributes, out nuint address);
        if (!result.IsSuccess)
        {
            return result;
        }

        start = (address - Base) >> PageShift;
        if (!Pages.TryCover(start, start + count))
        {
            RemoveFromMap(address, byteCount);
            return VmResult.ResourceShortage;
        }

        if (HugePageCount != 0)
        {
            // Without the advice the pages are as good, only not as fast.
            _ = Map.Advise(address, byteCount, VmAdvice.HugePages);
        }

        return result;
    }

    /// <summary>Puts memory behind pages; those that have some keep it.</summary>
    public VmResult Commit(ulong start, uint count) =>
        Map.Commit(Address(start), (nuint)count << PageShift, PageProtection.ReadWrite);

    /// <summary>Gives the memory behind pages back. They read as zeros, and may have to be committed again.</summary>
    public VmResult GiveBack(ulong start, ulong count) => CommitsOnDemand
        ? Map.Decommit(Address(start), (nuint)count << PageShift)
        : Map.Advise(Address(start), (nuint)count << PageShift, VmAdvice.DontNeed);

    /// <summary>Gives pages back to the map, and their memory to the system.</summary>
    public VmResult Remove(ulong start, ulong count) => Map.Remove(Address(start), (nuint)count << PageShift);

    public nuint Address(ulong page) => Base + (nuint)(page << PageShift);

    /// <summary>Takes all that is the allocator's out of the map, and the records away.</summary>
    public void Dispose()
    {
        if (_ownsMap)
        {
            Map.Dispose();
        }
        else
        {
            RemoveAll();
        }

        Pages.Dispose();
        Table.Dispose();
    }

    private void RemoveAll()
    {
        using VmMapLockScope scope = Map.EnterWriteLock();
        foreach (VmEntry entry in Map.GetEntries())
        {
            if (entry.Attributes.Tag == _attributes.Tag && entry.Attributes.Kind == VmEntryKind.Normal)
            {
                RemoveFromMap(entry.Start, entry.ByteCount);
            }
        }
    }

    // A shortage of a moment must not leave pages behind that nobody knows of.
    private void RemoveFromMap(nuint address, nuint byteCount)
    {
        for (int i = 0; i < 4 && !Map.Remove(address, byteCount).IsSuccess; i++)
        {
        }
    }
}
