using System.Runtime.InteropServices;

namespace NativeVm.Tool.Replay.Heaps;

/// <summary><see cref="NativeMemory"/>: the C library's heap.</summary>
internal sealed unsafe class NativeMemoryHeap : IHeapTarget
{
    /// <inheritdoc/>
    public bool TryAllocate(nuint byteCount, nuint alignment, out nuint address)
    {
        try
        {
            address = (nuint)(alignment == 0
                ? NativeMemory.Alloc(byteCount)
                : NativeMemory.AlignedAlloc(byteCount, alignment));
            return true;
        }
        catch (OutOfMemoryException)
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
            moved = (nuint)NativeMemory.Realloc((void*)address, byteCount);
            return true;
        }
        catch (OutOfMemoryException)
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
            NativeMemory.AlignedFree((void*)address);
        }
        else
        {
            NativeMemory.Free((void*)address);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        // The heap is the process's.
    }
}
