namespace NativeVm.Pages;

/// <summary>What a record of a run stands for.</summary>
internal static class PageRunState
{
    /// <summary>Nothing: the record is on its shard's list of spare records, or has never been used.</summary>
    public const int Spare = 0;

    /// <summary>Free pages, in a bin of the shard. Changes under the shard's gate.</summary>
    public const int Free = 1;

    /// <summary>In use. Who swaps it for <see cref="Cached"/> has freed the run, and nobody else can.</summary>
    public const int Allocated = 2;

    /// <summary>Freed, but not back with its shard: in a thread's cache or on its way. Owned by who put it there.</summary>
    public const int Cached = 3;

    /// <summary>Free pages out of their bin, because the trimmer is giving them back.</summary>
    public const int Trimmed = 4;
}
