using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace NativeVm.Index.Kernels;

/// <summary>The kernels of <see cref="NodeKernels"/> in vectors of 128 bits.</summary>
internal static unsafe class NodeKernels128
{
    private const int Longs = 2;
    private const int Ints = 4;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int CountAtOrBelow(ulong* keys, ulong page)
    {
        Vector128<long> limit = Vector128.Create((long)page);
        Vector128<long> a = Vector128<long>.Zero;
        Vector128<long> b = Vector128<long>.Zero;
        for (int i = 0; i < 64; i += 2 * Longs)
        {
            a -= Vector128.LessThanOrEqual(Vector128.Load((long*)keys + i), limit);
            b -= Vector128.LessThanOrEqual(Vector128.Load((long*)keys + i + Longs), limit);
        }

        return (int)Vector128.Sum(a + b);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong AtLeast(int* row, int value)
    {
        Vector128<int> least = Vector128.Create(value);
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
        Vector128<int> a = Vector128.Load(row);
        Vector128<int> b = Vector128.Load(row + Ints);
        for (int i = 2 * Ints; i < 64; i += 2 * Ints)
        {
            a = Vector128.Max(a, Vector128.Load(row + i));
            b = Vector128.Max(b, Vector128.Load(row + i + Ints));
        }

        a = Vector128.Max(a, b);
        a = Vector128.Max(a, Vector128.Shuffle(a, Vector128.Create(2, 3, 0, 1)));
        return Vector128.Max(a, Vector128.Shuffle(a, Vector128.Create(1, 0, 3, 2))).ToScalar();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Above(int* offsets, int value)
    {
        Vector128<int> limit = Vector128.Create(value);
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
            same |= Vector128.Equals(Vector128.Load(first + i), Vector128.Load(second + i)).ExtractMostSignificantBits() << i;
        }

        return ~same;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Fitting(int* ends, int* nexts, int from, int mask, int length)
    {
        Vector128<int> lowest = Vector128.Create(from);
        Vector128<int> low = Vector128.Create(mask);
        Vector128<int> least = Vector128.Create(length);
        uint result = 0;
        for (int i = 0; i < 32; i += 2 * Ints)
        {
            result |= (Fitting(ends + i, nexts + i, lowest, low, least)
                | (Fitting(ends + i + Ints, nexts + i + Ints, lowest, low, least) << Ints)) << i;
        }

        return result;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint AtLeast(int* row, Vector128<int> least) =>
        (uint)Vector128.GreaterThanOrEqual(Vector128.Load(row), least).ExtractMostSignificantBits();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Above(int* offsets, Vector128<int> limit) =>
        (uint)Vector128.GreaterThan(Vector128.Load(offsets), limit).ExtractMostSignificantBits();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Fitting(int* ends, int* nexts, Vector128<int> lowest, Vector128<int> mask, Vector128<int> least)
    {
        Vector128<int> start = Vector128.AndNot(Vector128.Max(Vector128.Load(ends), lowest) + mask, mask);
        return (uint)Vector128.GreaterThanOrEqual(Vector128.Load(nexts) - start, least).ExtractMostSignificantBits();
    }
}
