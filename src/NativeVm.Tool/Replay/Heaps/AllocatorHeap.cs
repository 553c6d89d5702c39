using NativeVm.Tool.Commands;
using NativeVm.Tool.Profiling.Allocators;

namespace NativeVm.Tool.Replay.Heaps;

/// <summary>A heap of the profile, for a replay.</summary>
/// <typeparam name="TAllocator">The kind of heap.</typeparam>
/// <param name="allocator">The heap, which this one owns.</param>
internal sealed class AllocatorHeap<TAllocator>(TAllocator allocator) : IHeapTarget
    where TAllocator : struct, IHeapAllocator
{
    private readonly TAllocator _allocator = allocator;

    /// <inheritdoc/>
    public bool TryAllocate(nuint byteCount, nuint alignment, out nuint address)
    {
        try
        {
            address = alignment == 0 ? _allocator.Allocate(byteCount) : _allocator.AllocateAligned(byteCount, alignment);
            return true;
        }
        catch (Exception e) when (IsRefusal(e))
        {
            address = 0;
            return false;
        }
    }

    /// <inheritdoc/>
    public bool TryResize(nuint address, nuint oldByteCount, nuint byteCount, out nuint moved)
    {
        try
        {
            moved = _allocator.Resize(address, oldByteCount, byteCount);
            return true;
        }
        catch (Exception e) when (IsRefusal(e))
        {
            moved = address;
            return false;
        }
    }

    /// <inheritdoc/>
    public void Free(nuint address, nuint byteCount, bool isAligned)
    {
        if (isAligned)
        {
            _allocator.FreeAligned(address, byteCount);
        }
        else
        {
            _allocator.Free(address, byteCount);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _allocator.Dispose();

    private static bool IsRefusal(Exception e) => e is ToolException or OutOfMemoryException or VmMapException;
}
