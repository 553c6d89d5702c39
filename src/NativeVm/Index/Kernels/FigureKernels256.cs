using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace NativeVm.Index.Kernels;

/// <summary>The kernels of <see cref="FigureKernels"/> in vectors of 256 bits.</summary>
internal static unsafe class FigureKernels256
{
    private static Vector256<int> MaskLow
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Vector256.Create(0x0, 0x1, 0x3, 0x7, 0xf, 0x1f, 0x3f, 0x7f);
    }

    private static Vector256<int> MaskMiddle
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Vector256.Create(0xff, 0x1ff, 0x3ff, 0x7ff, 0xfff, 0x1fff, 0x3fff, 0x7fff);
    }

    private static Vector128<int> MaskHigh
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Vector128.Create(0xffff, 0x1ffff, 0x3ffff, 0x0);
    }

    [SkipLocalsInit]
    public static void OfGaps(int* ends, int* nexts, int count, int* figures)
    {
        int* below = stackalloc int[32];
        int* lengths = stackalloc int[32];
        for (int i = 0; i < 32; i += 8)
        {
            Vector256<int> low = Vector256.Load(ends + i);
            Vector256.Negate(low).Store(below + i);
            (Vector256.Load(nexts + i) - low).Store(lengths + i);
        }

        Vector256<int> bestLow = Vector256<int>.Zero;
        Vector256<int> bestMiddle = Vector256<int>.Zero;
        Vector128<int> bestHigh = Vector128<int>.Zero;
        for (int i = 0; i < count; i++)
        {
            Vector256<int> below256 = Vector256.Create(below[i]);
            Vector256<int> length256 = Vector256.Create(lengths[i]);
            Vector128<int> below128 = Vector128.Create(below[i]);
            Vector128<int> length128 = Vector128.Create(lengths[i]);
            bestLow = Vector256.Max(bestLow, length256 - (below256 & MaskLow));
            bestMiddle = Vector256.Max(bestMiddle, length256 - (below256 & MaskMiddle));
            bestHigh = Vector128.Max(bestHigh, length128 - (below128 & MaskHigh));
        }

        bestLow.Store(figures);
        bestMiddle.Store(figures + 8);
        bestHigh.Store(figures + 16);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Raise(int* figures, int low, int high) =>
        Raise(figures, MaskLow, low, high)
        | (Raise(figures + 8, MaskMiddle, low, high) << 8)
        | (Raise(figures + 16, MaskHigh, low, high) << 16);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Bound(int* figures, int low, int start, int end, int high) =>
        Bound(figures, MaskLow, low, start, end, high)
        | (Bound(figures + 8, MaskMiddle, low, start, end, high) << 8)
        | (Bound(figures + 16, MaskHigh, low, start, end, high) << 16);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Take(int* figures, int* fresh) =>
        Take(figures, Vector256.Load(fresh))
        | (Take(figures + 8, Vector256.Load(fresh + 8)) << 8)
        | (Take(figures + 16, Vector128.Load(fresh + 16)) << 16);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Join(int* figures, int* others) =>
        Rise(figures, Vector256.Load(others))
        | (Rise(figures + 8, Vector256.Load(others + 8)) << 8)
        | (Rise(figures + 16, Vector128.Load(others + 16)) << 16);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Room(Vector256<int> mask, int low, int high) =>
        Vector256.Create(high - low) - (Vector256.Create(-low) & mask);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Raise(int* figures, Vector256<int> mask, int low, int high) => Rise(figures, Room(mask, low, high));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Rise(int* figures, Vector256<int> least)
    {
        Vector256<int> old = Vector256.Load(figures);
        Vector256.Max(old, least).Store(figures);
        return (uint)Vector256.GreaterThan(least, old).ExtractMostSignificantBits();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Bound(int* figures, Vector256<int> mask, int low, int start, int end, int high)
    {
        Vector256<int> old = Vector256.Load(figures);
        Vector256<int> fresh = Vector256.Max(Vector256.Max(Room(mask, low, start), Room(mask, end, high)), Vector256<int>.Zero);
        Vector256<int> bound = Vector256.Equals(old, Room(mask, low, high)) & Vector256.GreaterThan(old, fresh);
        return (uint)bound.ExtractMostSignificantBits();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Take(int* figures, Vector256<int> fresh)
    {
        Vector256<int> old = Vector256.Load(figures);
        fresh.Store(figures);
        return (uint)Vector256.GreaterThan(old, fresh).ExtractMostSignificantBits()
            | (uint)Vector256.GreaterThan(fresh, old).ExtractMostSignificantBits();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<int> Room(Vector128<int> mask, int low, int high) =>
        Vector128.Create(high - low) - (Vector128.Create(-low) & mask);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Raise(int* figures, Vector128<int> mask, int low, int high) => Rise(figures, Room(mask, low, high));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Rise(int* figures, Vector128<int> least)
    {
        Vector128<int> old = Vector128.Load(figures);
        Vector128.Max(old, least).Store(figures);
        return (uint)Vector128.GreaterThan(least, old).ExtractMostSignificantBits();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Bound(int* figures, Vector128<int> mask, int low, int start, int end, int high)
    {
        Vector128<int> old = Vector128.Load(figures);
        Vector128<int> fresh = Vector128.Max(Vector128.Max(Room(mask, low, start), Room(mask, end, high)), Vector128<int>.Zero);
        Vector128<int> bound = Vector128.Equals(old, Room(mask, low, high)) & Vector128.GreaterThan(old, fresh);
        return (uint)bound.ExtractMostSignificantBits();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Take(int* figures, Vector128<int> fresh)
    {
        Vector128<int> old = Vector128.Load(figures);
        fresh.Store(figures);
        return (uint)Vector128.GreaterThan(old, fresh).ExtractMostSignificantBits()
            | (uint)Vector128.GreaterThan(fresh, old).ExtractMostSignificantBits();
    }
}
