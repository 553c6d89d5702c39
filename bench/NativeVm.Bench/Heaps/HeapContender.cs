namespace NativeVm.Bench.Heaps;

/// <summary>Who allocates.</summary>
public enum HeapContender
{
    /// <summary>Our heap.</summary>
    VmHeap,

    /// <summary>The C library, through <c>NativeMemory</c>.</summary>
    NativeMemory,

    /// <summary>mimalloc, where its library is installed.</summary>
    Mimalloc,

    /// <summary>
    /// jemalloc, where its library is installed; it may ask for
    /// <c>GLIBC_TUNABLES=glibc.rtld.optional_static_tls=200000</c>.
    /// </summary>
    Jemalloc,

    /// <summary>tcmalloc, where its library is installed.</summary>
    Tcmalloc,
}
