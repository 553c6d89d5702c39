using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

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
        return Math.Max(d.GetElement(0), d.GetElement(1));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Above(int* offsets, int value)
    {
        Vector512<int> limit = Vector512.Create(value);
        return Above(offsets, limit) | (Above(offsets + Ints, limit) << Ints);
    }

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
        Vector512<int> low = Opened(elements, Vector512<int>.Indices, at, fresh);
        Vector512<int> high = Opened(elements + Ints, Vector512<int>.Indices + Vector512.Create(Ints), at, fresh);
        low.Store(elements);
        high.Store(elements + Ints);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Open(ulong* elements, int index, ulong value)
    {
        Vector512<ulong> at = Vector512.Create((ulong)index);
        Vector512<ulong> fresh = Vector512.Create(value);
        Vector512<ulong> lanes = Vector512<ulong>.Indices;
        Vector512<ulong> a = Opened(elements, lanes, at, fresh);
        Vector512<ulong> b = Opened(elements + Longs, lanes + Vector512.Create(8UL), at, fresh);
        Vector512<ulong> c = Opened(elements + (2 * Longs), lanes + Vector512.Create(16UL), at, fresh);
        Vector512<ulong> d = Opened(elements + (3 * Longs), lanes + Vector512.Create(24UL), at, fresh);
        a.Store(elements);
        b.Store(elements + Longs);
        c.Store(elements + (2 * Longs));
        d.Store(elements + (3 * Longs));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Close(int* elements, int index, int last)
    {
        Vector512<int> at = Vector512.Create(index);
        Vector512<int> low = Closed(elements, Vector512<int>.Indices, at);
        Vector512<int> high = Closed(elements + Ints, Vector512<int>.Indices + Vector512.Create(Ints), at);
        low.Store(elements);
        high.Store(elements + Ints);
        elements[31] = last;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Close(ulong* elements, int index, ulong last)
    {
        Vector512<ulong> at = Vector512.Create((ulong)index);
        Vector512<ulong> lanes = Vector512<ulong>.Indices;
        Vector512<ulong> a = Closed(elements, lanes, at);
        Vector512<ulong> b = Closed(elements + Longs, lanes + Vector512.Create(8UL), at);
        Vector512<ulong> c = Closed(elements + (2 * Longs), lanes + Vector512.Create(16UL), at);
        Vector512<ulong> d = Closed(elements + (3 * Longs), lanes + Vector512.Create(24UL), at);
        a.Store(elements);
        b.Store(elements + Longs);
        c.Store(elements + (2 * Longs));
        d.Store(elements + (3 * Longs));
        elements[31] = last;
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
    private static uint Fitting(int* ends, int* nexts, Vector512<int> lowest, Vector512<int> mask, Vector512<int> least)
    {
        Vector512<int> start = Vector512.AndNot(Vector512.Max(Vector512.Load(ends), lowest) + mask, mask);
        return (uint)Vector512.GreaterThanOrEqual(Vector512.Load(nexts) - start, least).ExtractMostSignificantBits();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<int> Opened(int* elements, Vector512<int> lanes, Vector512<int> at, Vector512<int> fresh) =>
        Vector512.ConditionalSelect(
            Vector512.GreaterThan(lanes, at),
            Vector512.Load(elements - 1),
            Vector512.ConditionalSelect(Vector512.Equals(lanes, at), fresh, Vector512.Load(elements)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<int> Closed(int* elements, Vector512<int> lanes, Vector512<int> at) =>
        Vector512.ConditionalSelect(Vector512.GreaterThan(at, lanes), Vector512.Load(elements), Vector512.Load(elements + 1));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<ulong> Opened(ulong* elements, Vector512<ulong> lanes, Vector512<ulong> at, Vector512<ulong> fresh) =>
        Vector512.ConditionalSelect(
            Vector512.GreaterThan(lanes, at),
            Vector512.Load(elements - 1),
            Vector512.ConditionalSelect(Vector512.Equals(lanes, at), fresh, Vector512.Load(elements)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<ulong> Closed(ulong* elements, Vector512<ulong> lanes, Vector512<ulong> at) =>
        Vector512.ConditionalSelect(Vector512.GreaterThan(at, lanes), Vector512.Load(elements), Vector512.Load(elements + 1));
}
