using System.Buffers;
using System.Runtime.InteropServices;

namespace NativeVm.Tool.Profiling.Allocators;

/// <summary>The shared <see cref="ArrayPool{T}"/> of bytes: arrays of the collector's, rounded up to a power of two.</summary>
internal readonly struct ArrayPoolAllocator : IMemoryAllocator<byte[]>
{
    /// <inheritdoc/>
    public long? SystemCallCount => null;

    /// <inheritdoc/>
    public byte[] Allocate(nuint byteCount) => ArrayPool<byte>.Shared.Rent((int)byteCount);

    /// <inheritdoc/>
    public void Free(byte[] block, nuint byteCount) => ArrayPool<byte>.Shared.Return(block);

    /// <inheritdoc/>
    public ref byte FirstByte(byte[] block) => ref MemoryMarshal.GetArrayDataReference(block);

    /// <inheritdoc/>
    public void Dispose()
    {
        // The pool is the process's.
    }
}
