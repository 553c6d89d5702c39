using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using NativeVm.Diagnostics;
using NativeVm.Heaps;

namespace NativeVm;

public sealed unsafe partial class VmHeap
{
    /// <summary>Takes a block of uninitialised memory (<c>malloc</c>).</summary>
    /// <param name="byteCount">
    /// Bytes; the block may have more, <see cref="GetUsableByteCount"/>. 0 gives a block with an address of its own.
    /// </param>
    /// <returns>Its first byte, aligned to <see cref="BlockAlignment"/>; never null.</returns>
    /// <exception cref="InsufficientMemoryException">The limit is reached, the map is full, or the system refuses.</exception>
    /// <exception cref="VmHeapFaultException">A hardened heap found that a freed block had been written to.</exception>
    /// <exception cref="ObjectDisposedException">The heap has been disposed of.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void* Allocate(nuint byteCount)
    {
        if (AllocationTracking.IsOn)
        {
            return AllocateTracked(byteCount);
        }

        if (ThreadSlots.CurrentHeapId == _id && byteCount <= SizeClasses.MaxByteCount)
        {
            ThreadHeap* share = (ThreadHeap*)ThreadSlots.CurrentShare;
            SizeBin* bin = ThreadHeap.Bin(share, _classOf[(byteCount + (SizeClasses.Granularity - 1)) >> SizeClasses.GranularityShift]);
            void* block = SizeBin.Take(bin);
            return block != null ? block : RefillOrThrow(share, bin);
        }

        return AllocateSlow(byteCount);
    }

    /// <summary>Takes a block of uninitialised memory if there is one to be had.</summary>
    /// <param name="byteCount">Bytes, as for <see cref="Allocate"/>.</param>
    /// <param name="block">Its first byte; null when there is none.</param>
    /// <returns>Whether there is; <see langword="false"/> when the limit is reached, the map is full, or the system refuses.</returns>
    /// <exception cref="VmHeapFaultException">A hardened heap found that a freed block had been written to.</exception>
    /// <exception cref="ObjectDisposedException">The heap has been disposed of.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryAllocate(nuint byteCount, out void* block)
    {
        if (AllocationTracking.IsOn)
        {
            return TryAllocateTracked(byteCount, 1, isZeroed: false, out block);
        }

        if (ThreadSlots.CurrentHeapId == _id && byteCount <= SizeClasses.MaxByteCount)
        {
            ThreadHeap* share = (ThreadHeap*)ThreadSlots.CurrentShare;
            SizeBin* bin = ThreadHeap.Bin(share, _classOf[(byteCount + (SizeClasses.Granularity - 1)) >> SizeClasses.GranularityShift]);
            block = SizeBin.Take(bin);
            if (block == null)
            {
                block = Refill(share, bin);
            }

            return block != null;
        }

        return TryAllocateSlow(byteCount, 1, isZeroed: false, out block);
    }

    /// <summary>Takes a block whose <paramref name="byteCount"/> bytes are 0 (<c>calloc</c>).</summary>
    /// <param name="byteCount">Bytes, as for <see cref="Allocate"/>; what the block has beyond them may hold anything.</param>
    /// <returns>Its first byte, aligned to <see cref="BlockAlignment"/>; never null.</returns>
    /// <remarks>Up to <see cref="MaxSlabBlockByteCount"/> bytes are cleared; larger blocks only where they are not zero already.</remarks>
    /// <exception cref="InsufficientMemoryException">The limit is reached, the map is full, or the system refuses.</exception>
    /// <exception cref="VmHeapFaultException">A hardened heap found that a freed block had been written to.</exception>
    /// <exception cref="ObjectDisposedException">The heap has been disposed of.</exception>
    public void* AllocateZeroed(nuint byteCount) =>
        TryAllocateZeroed(byteCount, out void* block) ? block : ThrowOutOfMemory(byteCount);

    /// <summary>As <see cref="AllocateZeroed"/>, if there is such a block to be had.</summary>
    /// <param name="byteCount">Bytes, as for <see cref="Allocate"/>.</param>
    /// <param name="block">Its first byte; null when there is none.</param>
    /// <returns>Whether there is.</returns>
    /// <exception cref="VmHeapFaultException">A hardened heap found that a freed block had been written to.</exception>
    /// <exception cref="ObjectDisposedException">The heap has been disposed of.</exception>
    public bool TryAllocateZeroed(nuint byteCount, out void* block)
    {
        if (AllocationTracking.IsOn)
        {
            return TryAllocateTracked(byteCount, 1, isZeroed: true, out block);
        }

        if (byteCount > SizeClasses.MaxByteCount || _hardened is not null)
        {
            return TryAllocateSlow(byteCount, 1, isZeroed: true, out block);
        }

        if (!TryAllocate(byteCount, out block))
        {
            return false;
        }

        NativeMemory.Clear(block, byteCount);
        return true;
    }

    /// <summary>Takes a block at a multiple of an alignment (<c>aligned_alloc</c>).</summary>
    /// <param name="byteCount">Bytes, any number; it need not be a multiple of the alignment.</param>
    /// <param name="alignment">A power of two, in bytes; below <see cref="BlockAlignment"/> it counts as that.</param>
    /// <returns>Its first byte; never null. It is freed, resized and measured as any other block.</returns>
    /// <exception cref="ArgumentException">The alignment is not a power of two.</exception>
    /// <exception cref="InsufficientMemoryException">The limit is reached, the map is full, or the system refuses.</exception>
    /// <exception cref="VmHeapFaultException">A hardened heap found that a freed block had been written to.</exception>
    /// <exception cref="ObjectDisposedException">The heap has been disposed of.</exception>
    public void* AllocateAligned(nuint byteCount, nuint alignment) =>
        TryAllocateAligned(byteCount, alignment, out void* block) ? block : ThrowOutOfMemory(byteCount);

    /// <summary>As <see cref="AllocateAligned"/>, if there is such a block to be had.</summary>
    /// <param name="byteCount">Bytes, any number.</param>
    /// <param name="alignment">A power of two, in bytes.</param>
    /// <param name="block">Its first byte; null when there is none.</param>
    /// <returns>Whether there is.</returns>
    /// <exception cref="ArgumentException">The alignment is not a power of two.</exception>
    /// <exception cref="VmHeapFaultException">A hardened heap found that a freed block had been written to.</exception>
    /// <exception cref="ObjectDisposedException">The heap has been disposed of.</exception>
    public bool TryAllocateAligned(nuint byteCount, nuint alignment, out void* block)
    {
        if (!nuint.IsPow2(alignment))
        {
            ThrowAlignment(alignment);
        }

        if (AllocationTracking.IsOn)
        {
            return TryAllocateTracked(byteCount, alignment, isZeroed: false, out block);
        }

        return alignment <= SizeClasses.Granularity
            ? TryAllocate(byteCount, out block)
            : TryAllocateSlow(byteCount, alignment, isZeroed: false, out block);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void* AllocateSlow(nuint byteCount) =>
        TryAllocateSlow(byteCount, 1, isZeroed: false, out void* block) ? block : ThrowOutOfMemory(byteCount);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void* RefillOrThrow(ThreadHeap* share, SizeBin* bin)
    {
        void* block = Refill(share, bin);
        return block != null ? block : ThrowOutOfMemory(bin->BlockByteCount);
    }

    /// <summary>All that the short way does not do.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool TryAllocateSlow(nuint byteCount, nuint alignment, bool isZeroed, out void* block)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        if (_hardened is not null)
        {
            return _hardened.TryAllocate(byteCount, alignment, isZeroed, out block);
        }

        int number = SizeClasses.OfAligned(byteCount, alignment);
        if (number < 0)
        {
            return TryAllocateLarge(byteCount, alignment, isZeroed, out block);
        }

        block = null;
        if (!TryGetShare(out ThreadHeap* share))
        {
            return false;
        }

        block = Take(share, ThreadHeap.Bin(share, (uint)number));
        return block != null;
    }

    private void* Take(ThreadHeap* share, SizeBin* bin)
    {
        void* block = SizeBin.Take(bin);
        return block != null ? block : Refill(share, bin);
    }

    [DoesNotReturn]
    private void* ThrowOutOfMemory(nuint byteCount) =>
        throw new InsufficientMemoryException(
            $"Heap '{Name}' has no block of {byteCount} bytes: its memory limit or its map is exhausted, or the system " +
            "refuses memory. Free blocks or call Trim, raise VmHeapOptions.MemoryLimit, or give it a larger map.");

    [DoesNotReturn]
    private static void ThrowAlignment(nuint alignment) =>
        throw new ArgumentException($"An alignment is a power of two, and {alignment} is none.", nameof(alignment));
}
