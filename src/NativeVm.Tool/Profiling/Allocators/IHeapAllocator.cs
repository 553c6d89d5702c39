using NativeVm.Tool.Commands;

namespace NativeVm.Tool.Profiling.Allocators;

/// <summary>An allocator that also has what else C's heap has.</summary>
internal interface IHeapAllocator : IMemoryAllocator<nuint>
{
    /// <summary>Hands out bytes at a multiple of an alignment.</summary>
    /// <param name="byteCount">How many, not 0.</param>
    /// <param name="alignment">A power of two.</param>
    /// <exception cref="ToolException">There is no memory.</exception>
    nuint AllocateAligned(nuint byteCount, nuint alignment);

    /// <summary>Makes a block longer or shorter; its contents move with it.</summary>
    /// <param name="address">The block; not one with an alignment.</param>
    /// <param name="oldByteCount">Its length.</param>
    /// <param name="byteCount">Its new length, not 0.</param>
    /// <exception cref="ToolException">There is no memory.</exception>
    nuint Resize(nuint address, nuint oldByteCount, nuint byteCount);

    /// <summary>Takes a block with an alignment back.</summary>
    /// <param name="address">The block.</param>
    /// <param name="byteCount">Its length.</param>
    void FreeAligned(nuint address, nuint byteCount);
}
