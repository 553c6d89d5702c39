using System.Runtime.InteropServices;
using NativeVm.Tool.Commands;

namespace NativeVm.Tool.Profiling.Allocators;

/// <summary><see cref="NativeMemory"/>, which is the C library's <c>malloc</c> and <c>free</c>.</summary>
/// <remarks>It may keep what is freed and hand it out again without asking the system: such pages cost no fault.</remarks>
internal sealed unsafe class NativeMemoryAllocator : IPageAllocator
{
    /// <inheritdoc/>
    public nuint Allocate(nuint byteCount)
    {
        try
        {
            return (nuint)NativeMemory.Alloc(byteCount);
        }
        catch (OutOfMemoryException e)
        {
            throw ToolException.Failure($"NativeMemory has no {byteCount:N0} bytes.", e);
        }
    }

    /// <inheritdoc/>
    public void Free(nuint address, nuint byteCount) => NativeMemory.Free((void*)address);

    /// <inheritdoc/>
    public void Dispose()
    {
        // The C library's heap is the process's.
    }
}
