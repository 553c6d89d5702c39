using NativeVm.Platform;

namespace NativeVm;

/// <summary>What a <see cref="PageAllocator"/> is made with.</summary>
public sealed class PageAllocatorOptions
{
    /// <summary>The default of <see cref="RetainHighMark"/>: 512 MiB.</summary>
    public const uint DefaultRetainHighMark = 512u << 20;

    /// <summary>The default of <see cref="RetainLowMark"/>: 256 MiB.</summary>
    public const uint DefaultRetainLowMark = 256u << 20;

    /// <summary>
    /// The map that runs come from; the allocator makes entries in it and removes them, and leaves it undisposed.
    /// Default: a growable map of the allocator's own. Records are reserved, not committed, for all that the map may
    /// ever span, some gigabytes of addresses for a tebibyte: under a limit on address space (<c>ulimit -v</c>), give a
    /// map whose <see cref="VmMapOptions.MaxByteCount"/> fits it.
    /// </summary>
    public VmMap? Map { get; init; }

    /// <summary>
    /// Where the pages of the allocator's own map come from; not together with <see cref="Map"/>. Default: the
    /// operating system, <see cref="VmPlatform.Current"/>.
    /// </summary>
    public VmPlatform? Platform { get; init; }

    /// <summary>
    /// Where the memory for the allocator's own records comes from. It is read and written, so it has to be real even
    /// when the pages are simulated. Default: the operating system.
    /// </summary>
    public VmPlatform? MetadataPlatform { get; init; }

    /// <summary>What diagnostics call the allocator.</summary>
    public string Name { get; init; } = "pages";

    /// <summary>
    /// Bytes of memory that the allocator may hold at most: what is allocated, and what is free and has not been given
    /// back. What it retains is given back before a request is refused for the limit. 0, the default: no limit.
    /// </summary>
    public nuint MemoryLimit { get; init; }

    /// <summary>
    /// Bytes of free memory that are left when <see cref="RetainHighMark"/> has been passed and memory is given back.
    /// A mark above the high one counts as that one. Default: <see cref="DefaultRetainLowMark"/>.
    /// </summary>
    public nuint RetainLowMark { get; init; } = DefaultRetainLowMark;

    /// <summary>
    /// Bytes of free memory that the allocator keeps at most; beyond it, it gives back until
    /// <see cref="RetainLowMark"/> is left. 0 keeps nothing. Default: <see cref="DefaultRetainHighMark"/>.
    /// </summary>
    public nuint RetainHighMark { get; init; } = DefaultRetainHighMark;

    /// <summary>
    /// How long free memory is kept at least, and, with <see cref="TrimsInBackground"/>, at most half as long again;
    /// <see cref="Timeout.InfiniteTimeSpan"/> keeps it whatever its age. Default: 10 seconds.
    /// </summary>
    public TimeSpan RetainAge { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Whether a timer gives back what has reached its age. Without it, age is looked at when runs are freed. The
    /// timer does not keep the allocator alive. Default: it does.
    /// </summary>
    public bool TrimsInBackground { get; init; } = true;

    /// <summary>
    /// Whether pages are taken from the map in huge pages and the system is advised to back them so, where it can.
    /// Then no less than whole huge pages are given back. Runs whose pages are not all touched hold more memory.
    /// Default: they are not.
    /// </summary>
    public bool UsesHugePages { get; init; }

    /// <summary>
    /// Bytes of freed runs that a thread keeps for itself at most. They serve requests of their own lengths only, so
    /// whoever asks for few lengths often wants many, and whoever asks for many lengths under a lock of his own few.
    /// </summary>
    internal nuint CacheByteCount { get; init; } = 16 << 20;
}
