using NativeVm.Pages;

namespace NativeVm;

public sealed unsafe partial class PageAllocator
{
    /// <summary>The figures of the allocator now.</summary>
    /// <remarks>
    /// Asks the shards one after the other, and other threads go on meanwhile; what they have in their caches is
    /// looked at without stopping them. When nobody else is at work, the figures are exact.
    /// </remarks>
    /// <exception cref="ObjectDisposedException">The allocator has been disposed of.</exception>
    public PageAllocatorStatistics GetStatistics()
    {
        PageCache mine = Enter();
        try
        {
            return Sum();
        }
        finally
        {
            mine.Exit();
        }
    }

    /// <summary>Proves that records, lists, bits and counts agree with each other, shard by shard.</summary>
    /// <remarks>Each shard is locked while it is looked at. O(n); for tests and for the moment when something looks wrong.</remarks>
    /// <exception cref="InvalidOperationException">They do not; the message names the place. The allocator is corrupt.</exception>
    /// <exception cref="ObjectDisposedException">The allocator has been disposed of.</exception>
    public void Validate()
    {
        // No run is on its way back to the system while the lock for trimming is held.
        lock (_trimming)
        {
            PageCache mine = Enter();
            try
            {
                foreach (PageShard shard in _shards)
                {
                    shard.Gate.Enter();
                    try
                    {
                        shard.Validate();
                    }
                    finally
                    {
                        shard.Gate.Exit();
                    }
                }
            }
            finally
            {
                mine.Exit();
            }
        }
    }

    private PageAllocatorStatistics Sum()
    {
        ulong cached = 0;
        lock (_registering)
        {
            foreach (PageCache cache in _caches)
            {
                cached += cache.PageCount;
            }
        }

        ulong reserved = 0;
        ulong absent = 0;
        ulong used = 0;
        ulong retained = 0;
        foreach (PageShard shard in _shards)
        {
            shard.Gate.Enter();
            shard.Drain(Now);
            reserved += shard.ReservedPageCount;
            absent += shard.AbsentPageCount;
            used += shard.UsedPageCount;
            retained += shard.RetainedPageCount;
            shard.Gate.Exit();
        }

        cached = Math.Min(cached, used);
        return new PageAllocatorStatistics
        {
            ReservedByteCount = ToByteCount(reserved),
            CommittedByteCount = ToByteCount(reserved - absent),
            AllocatedByteCount = ToByteCount(used - cached),
            RetainedByteCount = ToByteCount(retained + cached),
            CachedByteCount = ToByteCount(cached),
            PurgedByteCount = ToByteCount(Volatile.Read(ref _purgedPageCount)),
            PurgeCount = (nuint)Volatile.Read(ref _purgeCount),
            MetadataByteCount = _source.Pages.CommittedByteCount + _source.Table.CommittedByteCount,
        };
    }

    private nuint ToByteCount(ulong pageCount) => (nuint)pageCount << _pageShift;
}
