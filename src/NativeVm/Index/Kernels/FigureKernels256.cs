using System.Numerics;
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

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void OfGaps(int* ends, int* nexts, int* figures)
    {
        Vector256<int> aboveLow = ~MaskLow;
        Vector256<int> bestLow = Vector256<int>.Zero;
        Vector256<int> aboveMiddle = ~MaskMiddle;
        Vector256<int> bestMiddle = Vector256<int>.Zero;
        Vector128<int> aboveHigh = ~MaskHigh;
        Vector128<int> bestHigh = Vector128<int>.Zero;

        // The smallest difference is the largest room with its sign changed: one operation less a gap.
        uint gaps = NodeKernels.Differing(ends, nexts);
        while (gaps != 0)
        {
            int i = BitOperations.TrailingZeroCount(gaps);
            gaps &= gaps - 1;
            Vector256<int> end = Vector256.Create(ends[i]);
            Vector256<int> next = Vector256.Create(nexts[i]);
            bestLow = Vector256.Min(bestLow, ((end + MaskLow) & aboveLow) - next);
            bestMiddle = Vector256.Min(bestMiddle, ((end + MaskMiddle) & aboveMiddle) - next);
            bestHigh = Vector128.Min(bestHigh, ((end.GetLower() + MaskHigh) & aboveHigh) - next.GetLower());
        }

        (-bestLow).Store(figures);
        (-bestMiddle).Store(figures + 8);
        (-bestHigh).Store(figures + 16);
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
    public static uint Same(int* figures, int* others) =>
        (uint)Vector256.Equals(Vector256.Load(figures), Vector256.Load(others)).ExtractMostSignificantBits()
        | ((uint)Vector256.Equals(Vector256.Load(figures + 8), Vector256.Load(others + 8)).ExtractMostSignificantBits() << 8)
        | ((uint)Vector128.Equals(Vector128.Load(figures + 16), Vector128.Load(others + 16)).ExtractMostSignificantBits() << 16);

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
