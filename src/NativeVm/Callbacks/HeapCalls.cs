using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;

namespace NativeVm.Callbacks;

/// <summary>
/// The functions of C's allocator over a heap that may not be there, without exceptions: what every shape of callback
/// is made of.
/// </summary>
[SuppressMessage("Design", "CA1031", Justification = "No exception may cross into native code, whatever it is.")]
internal static unsafe class HeapCalls
{
    /// <summary><c>malloc</c>: null when there is no memory, or no heap.</summary>
    public static void* Allocate(VmHeap? heap, nuint byteCount)
    {
        try
        {
            return heap is not null && heap.TryAllocate(byteCount, out void* block) ? block : null;
        }
        catch (Exception exception)
        {
            CallbackFailures.Report(heap, exception);
            return null;
        }
    }

    /// <summary><c>calloc</c>: null also when the product wraps.</summary>
    public static void* AllocateZeroed(VmHeap? heap, nuint count, nuint elementByteCount)
    {
        try
        {
            nuint byteCount = unchecked(count * elementByteCount);
            bool wraps = elementByteCount != 0 && count > nuint.MaxValue / elementByteCount;
            return !wraps && heap is not null && heap.TryAllocateZeroed(byteCount, out void* block) ? block : null;
        }
        catch (Exception exception)
        {
            CallbackFailures.Report(heap, exception);
            return null;
        }
    }

    /// <summary><c>aligned_alloc</c>: null also when the alignment is no power of two.</summary>
    public static void* AllocateAligned(VmHeap? heap, nuint byteCount, nuint alignment)
    {
        try
        {
            bool isPowerOfTwo = alignment != 0 && (alignment & (alignment - 1)) == 0;
            return isPowerOfTwo && heap is not null && heap.TryAllocateAligned(byteCount, alignment, out void* block) ? block : null;
        }
        catch (Exception exception)
        {
            CallbackFailures.Report(heap, exception);
            return null;
        }
    }

    /// <summary>
    /// <c>realloc</c>: a new block for null; for size 0 the block is freed and null comes back, as with glibc; null, and
    /// the block as it was, when there is no memory.
    /// </summary>
    public static void* Reallocate(VmHeap? heap, void* block, nuint byteCount)
    {
        if (byteCount == 0 && block is not null)
        {
            Free(heap, block);
            return null;
        }

        try
        {
            return heap is not null && heap.TryReallocate(block, byteCount, out void* result) ? result : null;
        }
        catch (Exception exception)
        {
            CallbackFailures.Report(heap, exception);
            return null;
        }
    }

    /// <summary><c>free</c>: what is not a block in use is reported and left alone.</summary>
    public static void Free(VmHeap? heap, void* block)
    {
        if (block is null)
        {
            return;
        }

        if (heap is null)
        {
            CallbackFailures.Report("A block was freed, and no heap is bound, or its context is no longer one.");
            return;
        }

        try
        {
            heap.Free(block);
        }
        catch (Exception exception)
        {
            CallbackFailures.Report(heap, exception);
        }
    }

    /// <summary><c>malloc_usable_size</c>: 0 for null, and for what is not a block in use.</summary>
    public static nuint GetUsableByteCount(VmHeap? heap, void* block)
    {
        try
        {
            return heap is null || block is null ? 0 : heap.GetUsableByteCount(block);
        }
        catch (Exception exception)
        {
            CallbackFailures.Report(heap, exception);
            return 0;
        }
    }

    /// <summary><c>strdup</c>.</summary>
    public static byte* Duplicate(VmHeap? heap, byte* text)
    {
        if (text is null)
        {
            return null;
        }

        ReadOnlySpan<byte> source = MemoryMarshal.CreateReadOnlySpanFromNullTerminated(text);
        byte* copy = (byte*)Allocate(heap, (nuint)source.Length + 1);
        if (copy is not null)
        {
            source.CopyTo(new Span<byte>(copy, source.Length));
            copy[source.Length] = 0;
        }

        return copy;
    }
}
