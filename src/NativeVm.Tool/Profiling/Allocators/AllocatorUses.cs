namespace NativeVm.Tool.Profiling.Allocators;

/// <summary>What an allocator is for, and so which workloads it takes part in.</summary>
[Flags]
internal enum AllocatorUses
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Runs of pages.</summary>
    Pages = 1,

    /// <summary>Small blocks, from several threads too.</summary>
    Blocks = 2,

    /// <summary>All that C's heap does.</summary>
    Heap = 4,

    /// <summary>It commits all that it hands out, touched or not.</summary>
    CommitsAll = 8,
}
