using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace NativeVm.Index.Kernels;

/// <summary>The kernels of <see cref="NodeKernels"/> in vectors of 512 bits.</summary>
internal static unsafe class NodeKernels512
{
    private const int Longs = 8;
    private const int Ints = 16;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int CountAtOrBelow(ulong* keys, ulong page)
    {
        Vector512<long> limit = Vector512.Create((long)page);
        ulong mask = 0;
        for (int i = 0; i < 64; i += 4 * Longs)
        {
            ulong low = Bits(keys + i, limit) | (Bits(keys + i + Longs, limit) << Longs);
            ulong high = Bits(keys + i + (2 * Longs), limit) | (Bits(keys + i + (3 * Longs), limit) << Longs);
            mask |= (low | (high << (2 * Longs))) << i;
        }

        return BitOperations.PopCount(mask);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong AtLeast(int* row, int value)
    {
        Vector512<int> least = Vector512.Create(value);
        ulong mask = 0;
        for (int i = 0; i < 64; i += 4 * Ints)
        {
            ulong low = AtLeast(row + i, least) | ((ulong)AtLeast(row + i + Ints, least) << Ints);
            ulong high = AtLeast(row + i + (2 * Ints), least)
                | ((ulong)AtLeast(row + i + (3 * Ints), least) << Ints);
            mask |= (low | (high << (2 * Ints))) << i;
        }

        return mask;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Largest(int* row)
    {
        Vector512<int> a = Vector512.Load(row);
        Vector512<int> b = Vector512.Load(row + Ints);
        for (int i = 2 * Ints; i < 64; i += 2 * Ints)
        {
            a = Vector512.Max(a, Vector512.Load(row + i));
            b = Vector512.Max(b, Vector512.Load(row + i + Ints));
        }

        a = Vector512.Max(a, b);
        Vector256<int> c = Vector256.Max(a.GetLower(), a.GetUpper());
        Vector128<int> d = Vector128.Max(c.GetLower(), c.GetUpper());
        d = Vector128.Max(d, Vector128.Shuffle(d, Vector128.Create(2, 3, 0, 1)));
        return Vector128.Max(d, Vector128.Shuffle(d, Vector128.Create(1, 0, 3, 2))).ToScalar();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Above(int* offsets, int value)
    {
        Vector512<int> limit = Vector512.Create(value);
        return Above(offsets, limit) | (Above(offsets + Ints, limit) << Ints);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Differing(int* first, int* second) =>
        Differing16(first, second) | (Differing16(first + Ints, second + Ints) << Ints);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Fitting(int* ends, int* nexts, int from, int mask, int length)
    {
        Vector512<int> lowest = Vector512.Create(from);
        Vector512<int> low = Vector512.Create(mask);
        Vector512<int> least = Vector512.Create(length);
        return Fitting(ends, nexts, lowest, low, least)
            | (Fitting(ends + Ints, nexts + Ints, lowest, low, least) << Ints);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Open(int* elements, int index, int value)
    {
        Vector512<int> at = Vector512.Create(index);
        Vector512<int> fresh = Vector512.Create(value);
        Vector512<int> a = Vector512.Load(elements);
        Vector512<int> b = Vector512.Load(elements + Ints);
        Vector512<int> lanes = Vector512<int>.Indices;
        Opened(a, Avx512F.AlignRight32(a, a, Ints - 1), lanes, at, fresh).Store(elements);
        Opened(b, Avx512F.AlignRight32(b, a, Ints - 1), lanes + Vector512.Create(Ints), at, fresh).Store(elements + Ints);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Close(int* elements, int index, int last)
    {
        Vector512<int> at = Vector512.Create(index);
        Vector512<int> a = Vector512.Load(elements);
        Vector512<int> b = Vector512.Load(elements + Ints);
        Vector512<int> end = Vector512.Create(last);
        Vector512<int> lanes = Vector512<int>.Indices;
        Closed(a, Avx512F.AlignRight32(b, a, 1), lanes, at).Store(elements);
        Closed(b, Avx512F.AlignRight32(end, b, 1), lanes + Vector512.Create(Ints), at).Store(elements + Ints);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Bits(ulong* keys, Vector512<long> limit) =>
        Vector512.LessThanOrEqual(Vector512.Load((long*)keys), limit).ExtractMostSignificantBits();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint AtLeast(int* row, Vector512<int> least) =>
        (uint)Vector512.GreaterThanOrEqual(Vector512.Load(row), least).ExtractMostSignificantBits();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Above(int* offsets, Vector512<int> limit) =>
        (uint)Vector512.GreaterThan(Vector512.Load(offsets), limit).ExtractMostSignificantBits();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Differing16(int* first, int* second) =>
        (uint)(~Vector512.Equals(Vector512.Load(first), Vector512.Load(second))).ExtractMostSignificantBits();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Fitting(int* ends, int* nexts, Vector512<int> lowest, Vector512<int> mask, Vector512<int> least)
    {
        Vector512<int> start = Vector512.AndNot(Vector512.Max(Vector512.Load(ends), lowest) + mask, mask);
        return (uint)Vector512.GreaterThanOrEqual(Vector512.Load(nexts) - start, least).ExtractMostSignificantBits();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<T> Opened<T>(
        Vector512<T> old, Vector512<T> shifted, Vector512<T> lanes, Vector512<T> at, Vector512<T> fresh) =>
        Vector512.ConditionalSelect(
            Vector512.GreaterThan(lanes, at),
            shifted,
            Vector512.ConditionalSelect(Vector512.Equals(lanes, at), fresh, old));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<T> Closed<T>(Vector512<T> old, Vector512<T> shifted, Vector512<T> lanes, Vector512<T> at) =>
        Vector512.ConditionalSelect(Vector512.GreaterThan(at, lanes), old, shifted);
}
