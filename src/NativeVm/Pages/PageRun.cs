namespace NativeVm.Pages;

/// <summary>The record of a run of pages, free or in use: 32 bytes, two to a cache line.</summary>
/// <remarks>
/// Pages are counted from the page map's base. <see cref="Next"/> and <see cref="Previous"/> are numbers of records
/// and belong to the list that the state implies: a bin (both), a cache, a chain on its way back, the spare ones.
/// </remarks>
internal struct PageRun
{
    /// <summary>The first page.</summary>
    public ulong Start;

    /// <summary>How many pages, not 0 unless spare.</summary>
    public uint Count;

    /// <summary>
    /// Free: how many of the pages are not known to be zero. Allocated: how many were not when it was handed out.
    /// </summary>
    public uint DirtyCount;

    /// <summary>The next record of the list, or 0.</summary>
    public uint Next;

    /// <summary>The previous record of the bin, or 0.</summary>
    public uint Previous;

    /// <summary>When the larger part of it became free, in milliseconds that wrap around.</summary>
    public uint Stamp;

    /// <summary>One of <see cref="PageRunState"/>.</summary>
    public int State;

    /// <summary>The first page behind it.</summary>
    public readonly ulong End => Start + Count;
}
