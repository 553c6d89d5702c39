namespace NativeVm.Tool.Profiling.Maps;

/// <summary>
/// A record of used pages that finds free ones: what the map workloads compare. Implemented by structs, so that a
/// lane over one is compiled for it and bears no call through an interface.
/// </summary>
internal interface ISpaceMap : IDisposable
{
    /// <summary>The first page.</summary>
    ulong FirstPage { get; }

    /// <summary>Bytes of bookkeeping in all.</summary>
    double ByteCount { get; }

    /// <summary>Finds free pages at or above a start; the lowest, where the contender promises that.</summary>
    bool TryFind(ulong start, ulong pageCount, ulong alignment, out ulong page);

    /// <summary>Records pages as used; they are free.</summary>
    void Insert(ulong page, ulong pageCount, ulong tag);

    /// <summary>Records pages as free; they were inserted so.</summary>
    void Remove(ulong page, ulong pageCount);

    /// <summary>Whether a page is used.</summary>
    bool Contains(ulong page);
}
