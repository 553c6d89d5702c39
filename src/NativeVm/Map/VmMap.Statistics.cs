namespace NativeVm;

public sealed partial class VmMap
{
    /// <summary>The figures of the map now.</summary>
    /// <remarks>Shares the lock. Counting the mappings asks the system: microseconds, a text file on Linux.</remarks>
    /// <exception cref="ObjectDisposedException">The map has been disposed of.</exception>
    public VmMapStatistics GetStatistics()
    {
        using VmMapLockScope scope = EnterReadLock();
        return new VmMapStatistics
        {
            ReservedByteCount = _handle.ReservedByteCount,
            MappedByteCount = ToByteCount(_mappedPageCount),
            CommittedByteCount = ToByteCount(_committedPageCount),
            EntryCount = _index.Count,
            LargestGapByteCount = ToByteCount(_index.LargestGap),
            RetainedByteCount = ToByteCount(_retained?.PageCount ?? 0),
            MappingCount = CountMappings(),
            MappingLimit = _platform.MappingLimit,
            ReservationCount = (nuint)_handle.SegmentCount,
            MetadataByteCount = _index.MetadataByteCount,
        };
    }

    private nuint CountMappings()
    {
        nuint total = 0;
        int next = 0;
        while (_handle.TryGetRun(ref next, out nuint address, out nuint byteCount))
        {
            if (_platform.CountMappings(address, byteCount, out nuint count).IsRefused)
            {
                return 0;
            }

            total += count;
        }

        return total;
    }
}
