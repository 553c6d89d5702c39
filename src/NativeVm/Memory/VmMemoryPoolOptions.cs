using NativeVm.Platform;

namespace NativeVm;

/// <summary>What a <see cref="VmMemoryPool{T}"/> is made with.</summary>
public sealed class VmMemoryPoolOptions
{
    /// <summary>
    /// The allocator that runs come from. It has to outlive what is rented: one that is disposed of takes its pages
    /// away from those who still use them. Default: one of the pool's own, which the pool keeps as long as need be.
    /// </summary>
    public PageAllocator? Pages { get; init; }

    /// <summary>The map of the pool's own allocator; not together with <see cref="Pages"/>.</summary>
    public VmMap? Map { get; init; }

    /// <summary>Where the pages of the pool's own allocator come from; not together with the other two.</summary>
    public VmPlatform? Platform { get; init; }

    /// <summary>
    /// Where the records of the pool's own allocator come from, real memory always; not together with <see cref="Pages"/>.
    /// Default: the operating system.
    /// </summary>
    public VmPlatform? MetadataPlatform { get; init; }

    /// <summary>What diagnostics call the pool. Default: <c>pool</c>.</summary>
    public string Name { get; init; } = "pool";

    /// <summary>Bytes of memory that the pool's own allocator may hold at most; 0, the default: no limit.</summary>
    public nuint MemoryLimit { get; init; }

    /// <summary>
    /// Whether what is rented reads as zeros. Default: it holds what an earlier user left in it, as with
    /// <see cref="System.Buffers.MemoryPool{T}.Shared"/>.
    /// </summary>
    public bool IsZeroed { get; init; }

    /// <summary>Whether the collector is told of what is rented. Default: it is not.</summary>
    public bool AddsMemoryPressure { get; init; }
}
