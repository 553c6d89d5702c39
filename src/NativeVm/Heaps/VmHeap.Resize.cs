using NativeVm.Heaps;

namespace NativeVm;

public sealed unsafe partial class VmHeap
{
    /// <summary>The bytes that may be used of a block: as many as were asked for, or more.</summary>
    /// <param name="block">A block of this heap in use.</param>
    /// <returns>Its bytes, all of which may be written; what was not asked for is not kept when the block moves.</returns>
    /// <exception cref="VmHeapFaultException">No block in use starts there.</exception>
    /// <exception cref="ObjectDisposedException">The heap has been disposed of.</exception>
    public nuint GetUsableByteCount(void* block)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        return _hardened is not null ? _hardened.GetByteCount(block) : RequireBlock(block, out _);
    }

    /// <summary>Whether a block in use starts at an address.</summary>
    /// <param name="address">Any address, null too.</param>
    /// <returns>Whether it could be freed now.</returns>
    /// <exception cref="ObjectDisposedException">The heap has been disposed of.</exception>
    public bool Owns(void* address)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        return _hardened is not null ? _hardened.Owns(address) : Find(address, out _, out _) == VmHeapFault.None;
    }

    /// <summary>Makes a block longer or shorter, and moves it if it has to be (<c>realloc</c>).</summary>
    /// <param name="block">A block of this heap in use; null takes a new one.</param>
    /// <param name="byteCount">The bytes that it is to have; 0 is a size like another, and frees nothing.</param>
    /// <returns>
    /// The block, with its contents up to the smaller of the two sizes; never null. If it has moved,
    /// <paramref name="block"/> is free. It is aligned to <see cref="BlockAlignment"/>, to no more once it has moved.
    /// </returns>
    /// <exception cref="InsufficientMemoryException">There is no such block to be had; the old one is as it was.</exception>
    /// <exception cref="VmHeapFaultException">No block in use starts there; or a hardened heap found a fault.</exception>
    /// <exception cref="ObjectDisposedException">The heap has been disposed of.</exception>
    public void* Reallocate(void* block, nuint byteCount) =>
        TryReallocate(block, byteCount, out void* result) ? result : ThrowOutOfMemory(byteCount);

    /// <summary>As <see cref="Reallocate"/>, if there is such a block to be had.</summary>
    /// <param name="block">A block of this heap in use; null takes a new one.</param>
    /// <param name="byteCount">The bytes that it is to have.</param>
    /// <param name="result">The block; null when there is none, and <paramref name="block"/> is then as it was.</param>
    /// <returns>Whether there is.</returns>
    /// <exception cref="VmHeapFaultException">No block in use starts there; or a hardened heap found a fault.</exception>
    /// <exception cref="ObjectDisposedException">The heap has been disposed of.</exception>
    public bool TryReallocate(void* block, nuint byteCount, out void* result)
    {
        if (block == null)
        {
            return TryAllocate(byteCount, out result);
        }

        ObjectDisposedException.ThrowIf(_isDisposed, this);
        if (_hardened is not null)
        {
            return _hardened.TryReallocate(block, byteCount, out result);
        }

        nuint old = RequireBlock(block, out bool isLarge);

        // A block of a slab stays until more than half of it would be unused; a large one gives its pages back.
        if (isLarge ? TryResizeLarge(block, byteCount) : byteCount <= old && byteCount >= old / 2)
        {
            result = block;
            return true;
        }

        if (!TryAllocate(byteCount, out result))
        {
            // A smaller block is not to be had, but the old one serves.
            result = byteCount <= old ? block : null;
            return byteCount <= old;
        }

        nuint kept = Math.Min(old, byteCount);
        Buffer.MemoryCopy(block, result, kept, kept);
        Free(block);
        return true;
    }

    /// <summary>Makes a block longer or shorter if it need not move for it.</summary>
    /// <param name="block">A block of this heap in use.</param>
    /// <param name="byteCount">The bytes that it is to have at least; none that it already has are lost.</param>
    /// <returns>Whether it has them now; if not, nothing has changed.</returns>
    /// <remarks>
    /// A block of a slab has room up to <see cref="GetUsableByteCount"/>; a larger one grows into free pages behind
    /// it, and gives pages back when it becomes shorter.
    /// </remarks>
    /// <exception cref="VmHeapFaultException">No block in use starts there; or a hardened heap found a fault.</exception>
    /// <exception cref="ObjectDisposedException">The heap has been disposed of.</exception>
    public bool TryResizeInPlace(void* block, nuint byteCount)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        if (_hardened is not null)
        {
            return _hardened.TryResizeInPlace(block, byteCount);
        }

        nuint old = RequireBlock(block, out bool isLarge);
        return (isLarge && TryResizeLarge(block, byteCount)) || byteCount <= old;
    }

    /// <summary>The usable bytes of a block in use.</summary>
    private nuint RequireBlock(void* block, out bool isLarge)
    {
        VmHeapFault fault = Find(block, out nuint byteCount, out isLarge);
        if (fault != VmHeapFault.None)
        {
            ThrowFault(fault, block);
        }

        return byteCount;
    }

    private VmHeapFault Find(void* address, out nuint byteCount, out bool isLarge)
    {
        UnitEntry entry = EntryOf(address);
        isLarge = entry.Kind == UnitKind.Large;
        byteCount = 0;
        switch (entry.Kind)
        {
            case UnitKind.Slab:
                byteCount = SizeClasses.All[entry.Class].BlockByteCount;
                return !TryLocate(entry, address, out uint index) ? VmHeapFault.InteriorPointer
                    : IsFree(entry, address, index) ? VmHeapFault.DoubleFree
                    : VmHeapFault.None;
            case UnitKind.Large:
                RunRecord* record = RecordAt(entry.Record);
                byteCount = record->RunByteCount;
                return AddressOf(record->Unit) == (nuint)address ? VmHeapFault.None : VmHeapFault.InteriorPointer;
            case UnitKind.LargeInside:
                return VmHeapFault.InteriorPointer;
            default:
                return VmHeapFault.ForeignPointer;
        }
    }
}
