using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace NativeVm.Tool.Profiling.Allocators;

/// <summary><see cref="NativeMemory"/>, which is the C library's <c>malloc</c> and <c>free</c>.</summary>
/// <remarks>It may keep what is freed and hand it out again without asking the system: such pages cost no fault.</remarks>
internal readonly unsafe struct NativeMemoryAllocator : IHeapAllocator
{
    /// <inheritdoc/>
    public long? SystemCallCount => null;

    /// <inheritdoc/>
    public nuint Allocate(nuint byteCount) => (nuint)NativeMemory.Alloc(byteCount);

    /// <inheritdoc/>
    public void Free(nuint block, nuint byteCount) => NativeMemory.Free((void*)block);

    /// <inheritdoc/>
    public nuint AllocateAligned(nuint byteCount, nuint alignment) => (nuint)NativeMemory.AlignedAlloc(byteCount, alignment);

    /// <inheritdoc/>
    public nuint Resize(nuint address, nuint oldByteCount, nuint byteCount) =>
        (nuint)NativeMemory.Realloc((void*)address, byteCount);

    /// <inheritdoc/>
    public void FreeAligned(nuint address, nuint byteCount) => NativeMemory.AlignedFree((void*)address);

    /// <inheritdoc/>
    public ref byte FirstByte(nuint block) => ref Unsafe.AsRef<byte>((void*)block);

    /// <inheritdoc/>
    public void Dispose()
    {
        // The C library's heap is the process's.
    }
}
