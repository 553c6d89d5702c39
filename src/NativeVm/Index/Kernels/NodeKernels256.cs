using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace NativeVm.Index.Kernels;

/// <summary>The kernels of <see cref="NodeKernels"/> in vectors of 256 bits.</summary>
internal static unsafe class NodeKernels256
{
    private const int Longs = 4;
    private const int Ints = 8;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int CountAtOrBelow(ulong* keys, ulong page)
    {
        Vector256<long> limit = Vector256.Create((long)page);
        Vector256<long> a = Vector256<long>.Zero;
        Vector256<long> b = Vector256<long>.Zero;
        for (int i = 0; i < 64; i += 2 * Longs)
        {
            a -= Vector256.LessThanOrEqual(Vector256.Load((long*)keys + i), limit);
            b -= Vector256.LessThanOrEqual(Vector256.Load((long*)keys + i + Longs), limit);
        }

        return (int)Vector256.Sum(a + b);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong AtLeast(int* row, int value)
    {
        Vector256<int> least = Vector256.Create(value);
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
        Vector256<int> a = Vector256.Load(row);
        Vector256<int> b = Vector256.Load(row + Ints);
        for (int i = 2 * Ints; i < 64; i += 2 * Ints)
        {
            a = Vector256.Max(a, Vector256.Load(row + i));
            b = Vector256.Max(b, Vector256.Load(row + i + Ints));
        }

        a = Vector256.Max(a, b);
        Vector128<int> d = Vector128.Max(a.GetLower(), a.GetUpper());
        d = Vector128.Max(d, Vector128.Shuffle(d, Vector128.Create(2, 3, 0, 1)));
        return Vector128.Max(d, Vector128.Shuffle(d, Vector128.Create(1, 0, 3, 2))).ToScalar();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Above(int* offsets, int value)
    {
        Vector256<int> limit = Vector256.Create(value);
        uint mask = 0;
        for (int i = 0; i < 32; i += 2 * Ints)
        {
            mask |= (Above(offsets + i, limit) | (Above(offsets + i + Ints, limit) << Ints)) << i;
        }

        return mask;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Differing(int* first, int* second)
    {
        uint same = 0;
        for (int i = 0; i < 32; i += Ints)
        {
            same |= Vector256.Equals(Vector256.Load(first + i), Vector256.Load(second + i)).ExtractMostSignificantBits() << i;
        }

        return ~same;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Fitting(int* ends, int* nexts, int from, int mask, int length)
    {
        Vector256<int> lowest = Vector256.Create(from);
        Vector256<int> low = Vector256.Create(mask);
        Vector256<int> least = Vector256.Create(length);
        uint result = 0;
        for (int i = 0; i < 32; i += 2 * Ints)
        {
            result |= (Fitting(ends + i, nexts + i, lowest, low, least)
                | (Fitting(ends + i + Ints, nexts + i + Ints, lowest, low, least) << Ints)) << i;
        }

        return result;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Open(int* elements, int index, int value)
    {
        Vector256<int> at = Vector256.Create(index);
        Vector256<int> fresh = Vector256.Create(value);
        Vector256<int> a = Opened(elements, Vector256<int>.Indices, at, fresh);
        Vector256<int> b = Opened(elements + Ints, Vector256<int>.Indices + Vector256.Create(Ints), at, fresh);
        Vector256<int> c = Opened(elements + (2 * Ints), Vector256<int>.Indices + Vector256.Create(2 * Ints), at, fresh);
        Vector256<int> d = Opened(elements + (3 * Ints), Vector256<int>.Indices + Vector256.Create(3 * Ints), at, fresh);
        a.Store(elements);
        b.Store(elements + Ints);
        c.Store(elements + (2 * Ints));
        d.Store(elements + (3 * Ints));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Close(int* elements, int index, int last)
    {
        Vector256<int> at = Vector256.Create(index);
        Vector256<int> a = Closed(elements, Vector256<int>.Indices, at);
        Vector256<int> b = Closed(elements + Ints, Vector256<int>.Indices + Vector256.Create(Ints), at);
        Vector256<int> c = Closed(elements + (2 * Ints), Vector256<int>.Indices + Vector256.Create(2 * Ints), at);
        Vector256<int> d = Closed(elements + (3 * Ints), Vector256<int>.Indices + Vector256.Create(3 * Ints), at);
        a.Store(elements);
        b.Store(elements + Ints);
        c.Store(elements + (2 * Ints));
        d.Store(elements + (3 * Ints));
        elements[31] = last;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint AtLeast(int* row, Vector256<int> least) =>
        (uint)Vector256.GreaterThanOrEqual(Vector256.Load(row), least).ExtractMostSignificantBits();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Above(int* offsets, Vector256<int> limit) =>
        (uint)Vector256.GreaterThan(Vector256.Load(offsets), limit).ExtractMostSignificantBits();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Fitting(int* ends, int* nexts, Vector256<int> lowest, Vector256<int> mask, Vector256<int> least)
    {
        Vector256<int> start = Vector256.AndNot(Vector256.Max(Vector256.Load(ends), lowest) + mask, mask);
        return (uint)Vector256.GreaterThanOrEqual(Vector256.Load(nexts) - start, least).ExtractMostSignificantBits();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Opened(int* elements, Vector256<int> lanes, Vector256<int> at, Vector256<int> fresh) =>
        Vector256.ConditionalSelect(
            Vector256.GreaterThan(lanes, at),
            Vector256.Load(elements - 1),
            Vector256.ConditionalSelect(Vector256.Equals(lanes, at), fresh, Vector256.Load(elements)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Closed(int* elements, Vector256<int> lanes, Vector256<int> at) =>
        Vector256.ConditionalSelect(Vector256.GreaterThan(at, lanes), Vector256.Load(elements), Vector256.Load(elements + 1));
}
