using NativeVm.Tool.Commands;

namespace NativeVm.Tool.Profiling.Allocators;

/// <summary>
/// Something that hands out bytes to write to, and takes them back. A structure, so that the lanes over it are
/// compiled for it and call it directly.
/// </summary>
/// <typeparam name="TBlock">What it hands out: an address or an array.</typeparam>
internal interface IMemoryAllocator<TBlock> : IDisposable
{
    /// <summary>System calls made for it until now; null where nobody counts them.</summary>
    long? SystemCallCount { get; }

    /// <summary>Hands out bytes, of any contents.</summary>
    /// <param name="byteCount">How many, not 0.</param>
    /// <exception cref="ToolException">There is no memory.</exception>
    TBlock Allocate(nuint byteCount);

    /// <summary>Takes bytes back.</summary>
    /// <param name="block">What was handed out.</param>
    /// <param name="byteCount">How many were asked for.</param>
    void Free(TBlock block, nuint byteCount);

    /// <summary>The first of the bytes.</summary>
    /// <param name="block">What was handed out.</param>
    ref byte FirstByte(TBlock block);
}
