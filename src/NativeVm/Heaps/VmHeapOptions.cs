using NativeVm.Platform;

namespace NativeVm;

/// <summary>What a <see cref="VmHeap"/> is made with.</summary>
public sealed class VmHeapOptions
{
    /// <summary>The default of <see cref="QuarantineByteCount"/>: 1 MiB.</summary>
    public const uint DefaultQuarantineByteCount = 1u << 20;

    /// <summary>What diagnostics call the heap.</summary>
    public string Name { get; init; } = "heap";

    /// <summary>
    /// The map that the heap's pages come from; the heap makes entries in it and removes them, and leaves it
    /// undisposed. Default: a growable map of the heap's own.
    /// </summary>
    public VmMap? Map { get; init; }

    /// <summary>
    /// Where the pages of the heap's own map come from; not together with <see cref="Map"/>. Default: the operating
    /// system, <see cref="VmPlatform.Current"/>.
    /// </summary>
    public VmPlatform? Platform { get; init; }

    /// <summary>
    /// Where the memory for the heap's own records comes from. It is read and written, so it has to be real even when
    /// the pages are simulated. Default: the operating system.
    /// </summary>
    public VmPlatform? MetadataPlatform { get; init; }

    /// <summary>
    /// Bytes of pages that the heap may hold at most, those of free blocks and those that are kept for reuse
    /// included; its records are not counted. 0, the default: no limit.
    /// </summary>
    public nuint MemoryLimit { get; init; }

    /// <summary>
    /// Bytes of whole free runs that the heap keeps at most before it gives pages back to the system by itself.
    /// Default: <see cref="PageAllocatorOptions.DefaultRetainHighMark"/>. 0 keeps nothing.
    /// </summary>
    public nuint RetainHighMark { get; init; } = PageAllocatorOptions.DefaultRetainHighMark;

    /// <summary>What the heap does to find overruns and uses after free. Default: nothing.</summary>
    public VmHeapHardening Hardening { get; init; }

    /// <summary>
    /// Bytes of freed blocks that a heap with <see cref="VmHeapHardening.Quarantine"/> holds back from reuse, at most
    /// and in the order in which they were freed. Default: <see cref="DefaultQuarantineByteCount"/>.
    /// </summary>
    public nuint QuarantineByteCount { get; init; } = DefaultQuarantineByteCount;
}
