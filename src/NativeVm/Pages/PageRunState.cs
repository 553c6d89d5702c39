namespace NativeVm.Pages;

/// <summary>What a record of a run stands for.</summary>
internal static class PageRunState
{
    /// <summary>Nothing: the record is on its shard's list of spare records, or has never been used.</summary>
    public const int Spare = 0;

    /// <summary>Free pages, in a bin of the shard. Changes under the shard's gate.</summary>
    public const int Free = 1;

    /// <summary>
    /// In use; the bits above <see cref="Mask"/> are the number of the cache whose thread allocated it. That thread frees
    /// it with a plain write, any other by swapping the state for <see cref="Cached"/>.
    /// </summary>
    public const int Allocated = 2;

    /// <summary>Freed, but not back with its shard: in a thread's cache or on its way. Owned by who put it there.</summary>
    public const int Cached = 3;

    /// <summary>Free pages out of their bin, because the trimmer is giving them back.</summary>
    public const int Trimmed = 4;

    /// <summary>The bits that are the state.</summary>
    public const int Mask = 0xff;

    /// <summary>Where the number of a cache begins.</summary>
    public const int OwnerShift = 8;
}
