using System.Runtime.CompilerServices;
using NativeVm.Tool.Commands;

namespace NativeVm.Tool.Profiling.Allocators.Libraries;

/// <summary>A malloc library, called as P/Invoke would call it.</summary>
internal readonly unsafe struct LibraryAllocator : IHeapAllocator
{
    private readonly delegate* unmanaged<nuint, nuint> _allocate;
    private readonly delegate* unmanaged<nuint, void> _free;
    private readonly delegate* unmanaged<nuint, nuint, nuint> _resize;
    private readonly delegate* unmanaged<nuint, nuint, nuint> _allocateAligned;
    private readonly bool _takesAlignmentFirst;

    /// <summary>An allocator over a library's functions.</summary>
    /// <param name="library">The library.</param>
    public LibraryAllocator(MallocLibrary library)
    {
        _allocate = (delegate* unmanaged<nuint, nuint>)library.Allocate;
        _free = (delegate* unmanaged<nuint, void>)library.Free;
        _resize = (delegate* unmanaged<nuint, nuint, nuint>)library.Resize;
        _allocateAligned = (delegate* unmanaged<nuint, nuint, nuint>)library.AllocateAligned;
        _takesAlignmentFirst = library.TakesAlignmentFirst;
    }

    /// <inheritdoc/>
    public long? SystemCallCount => null;

    /// <inheritdoc/>
    public nuint Allocate(nuint byteCount)
    {
        nuint address = _allocate(byteCount);
        return address != 0 ? address : throw NoMemory(byteCount);
    }

    /// <inheritdoc/>
    public void Free(nuint block, nuint byteCount) => _free(block);

    /// <inheritdoc/>
    public nuint AllocateAligned(nuint byteCount, nuint alignment)
    {
        if (_allocateAligned == null)
        {
            throw ToolException.Failure("the library has no aligned_alloc.");
        }

        nuint address = _takesAlignmentFirst ? _allocateAligned(alignment, byteCount) : _allocateAligned(byteCount, alignment);
        return address != 0 ? address : throw NoMemory(byteCount);
    }

    /// <inheritdoc/>
    public nuint Resize(nuint address, nuint oldByteCount, nuint byteCount)
    {
        if (_resize == null)
        {
            throw ToolException.Failure("the library has no realloc.");
        }

        nuint moved = _resize(address, byteCount);
        return moved != 0 ? moved : throw NoMemory(byteCount);
    }

    /// <inheritdoc/>
    public void FreeAligned(nuint address, nuint byteCount) => _free(address);

    /// <inheritdoc/>
    public ref byte FirstByte(nuint block) => ref Unsafe.AsRef<byte>((void*)block);

    /// <inheritdoc/>
    public void Dispose()
    {
        // The library's heap lives as long as the process.
    }

    private static ToolException NoMemory(nuint byteCount) =>
        ToolException.Failure($"the library has no {byteCount:N0} bytes.");
}
