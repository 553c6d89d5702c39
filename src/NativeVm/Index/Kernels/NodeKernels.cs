using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace NativeVm.Index.Kernels;

/// <summary>
/// What is done to a whole node at once, by the widest vectors that the processor has: 512, 256 or 128 bits, or
/// one element after another. All four give equal results; the choice is made when the code is compiled.
/// </summary>
internal static unsafe class NodeKernels
{
    /// <summary>The number of keys at or below a page, of 64 keys in ascending order, all below 2^63.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int CountAtOrBelow(ulong* keys, ulong page) =>
        Vector512.IsHardwareAccelerated ? NodeKernels512.CountAtOrBelow(keys, page)
        : Vector256.IsHardwareAccelerated ? NodeKernels256.CountAtOrBelow(keys, page)
        : Vector128.IsHardwareAccelerated ? NodeKernels128.CountAtOrBelow(keys, page)
        : NodeKernelsScalar.CountAtOrBelow(keys, page);

    /// <summary>Which of 64 figures are at least a value, a bit each.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong AtLeast(int* row, int value) =>
        Vector512.IsHardwareAccelerated ? NodeKernels512.AtLeast(row, value)
        : Vector256.IsHardwareAccelerated ? NodeKernels256.AtLeast(row, value)
        : Vector128.IsHardwareAccelerated ? NodeKernels128.AtLeast(row, value)
        : NodeKernelsScalar.AtLeast(row, value);

    /// <summary>The largest of 64 figures.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Largest(int* row) =>
        Vector512.IsHardwareAccelerated ? NodeKernels512.Largest(row)
        : Vector256.IsHardwareAccelerated ? NodeKernels256.Largest(row)
        : Vector128.IsHardwareAccelerated ? NodeKernels128.Largest(row)
        : NodeKernelsScalar.Largest(row);

    /// <summary>Which of 32 offsets are above a value, a bit each.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Above(int* offsets, int value) =>
        Vector512.IsHardwareAccelerated ? NodeKernels512.Above(offsets, value)
        : Vector256.IsHardwareAccelerated ? NodeKernels256.Above(offsets, value)
        : Vector128.IsHardwareAccelerated ? NodeKernels128.Above(offsets, value)
        : NodeKernelsScalar.Above(offsets, value);

    /// <summary>Which of 32 pairs of offsets differ, a bit each.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Differing(int* first, int* second) =>
        Vector512.IsHardwareAccelerated ? NodeKernels512.Differing(first, second)
        : Vector256.IsHardwareAccelerated ? NodeKernels256.Differing(first, second)
        : Vector128.IsHardwareAccelerated ? NodeKernels128.Differing(first, second)
        : NodeKernelsScalar.Differing(first, second);

    /// <summary>
    /// Which of 32 gaps have room for a length, from the first multiple of <paramref name="mask"/> + 1 that is at
    /// or above <paramref name="from"/> and the gap's lower end; a bit each.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Fitting(int* ends, int* nexts, int from, int mask, int length) =>
        Vector512.IsHardwareAccelerated ? NodeKernels512.Fitting(ends, nexts, from, mask, length)
        : Vector256.IsHardwareAccelerated ? NodeKernels256.Fitting(ends, nexts, from, mask, length)
        : Vector128.IsHardwareAccelerated ? NodeKernels128.Fitting(ends, nexts, from, mask, length)
        : NodeKernelsScalar.Fitting(ends, nexts, from, mask, length);

    /// <summary>
    /// Moves elements <paramref name="index"/> to 30 of 32 up by one and writes the freed one. The element before
    /// the first is read and has to exist.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Open(int* elements, int index, int value)
    {
        if (Vector512.IsHardwareAccelerated && Avx512F.IsSupported)
        {
            NodeKernels512.Open(elements, index, value);
        }
        else if (Vector256.IsHardwareAccelerated)
        {
            NodeKernels256.Open(elements, index, value);
        }
        else
        {
            NodeKernelsScalar.Open(elements, index, value);
        }
    }

    /// <summary>
    /// Moves elements <paramref name="index"/> + 1 to 31 of 32 down by one and writes the last. The element after
    /// the last is read and has to exist.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Close(int* elements, int index, int last)
    {
        if (Vector512.IsHardwareAccelerated && Avx512F.IsSupported)
        {
            NodeKernels512.Close(elements, index, last);
        }
        else if (Vector256.IsHardwareAccelerated)
        {
            NodeKernels256.Close(elements, index, last);
        }
        else
        {
            NodeKernelsScalar.Close(elements, index, last);
        }
    }
}
