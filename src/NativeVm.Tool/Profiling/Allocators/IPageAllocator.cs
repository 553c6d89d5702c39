using NativeVm.Tool.Commands;

namespace NativeVm.Tool.Profiling.Allocators;

/// <summary>Something that hands out runs of bytes to write to, and takes them back.</summary>
internal interface IPageAllocator : IDisposable
{
    /// <summary>Hands out a run.</summary>
    /// <param name="byteCount">Its length in bytes, not 0.</param>
    /// <returns>Its address.</returns>
    /// <exception cref="ToolException">There is no memory.</exception>
    nuint Allocate(nuint byteCount);

    /// <summary>Takes a run back.</summary>
    /// <param name="address">Its address.</param>
    /// <param name="byteCount">Its length in bytes.</param>
    void Free(nuint address, nuint byteCount);
}
