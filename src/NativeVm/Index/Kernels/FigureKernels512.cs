using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace NativeVm.Index.Kernels;

/// <summary>The kernels of <see cref="FigureKernels"/> in vectors of 512 bits.</summary>
internal static unsafe class FigureKernels512
{
    private static Vector512<int> MaskLow
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Vector512.Create(
        0x0, 0x1, 0x3, 0x7, 0xf, 0x1f, 0x3f, 0x7f,
        0xff, 0x1ff, 0x3ff, 0x7ff, 0xfff, 0x1fff, 0x3fff, 0x7fff);
    }

    private static Vector128<int> MaskHigh
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Vector128.Create(0xffff, 0x1ffff, 0x3ffff, 0x0);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void OfGaps(int* ends, int* nexts, int* figures)
    {
        Vector512<int> aboveLow = ~MaskLow;
        Vector512<int> bestLow = Vector512<int>.Zero;
        Vector128<int> aboveHigh = ~MaskHigh;
        Vector128<int> bestHigh = Vector128<int>.Zero;

        // The smallest difference is the largest room with its sign changed: one operation less a gap.
        uint gaps = NodeKernels.Differing(ends, nexts);
        while (gaps != 0)
        {
            int i = BitOperations.TrailingZeroCount(gaps);
            gaps &= gaps - 1;
            Vector512<int> end = Vector512.Create(ends[i]);
            Vector512<int> next = Vector512.Create(nexts[i]);
            bestLow = Vector512.Min(bestLow, ((end + MaskLow) & aboveLow) - next);
            Vector128<int> high = (end.GetLower().GetLower() + MaskHigh) & aboveHigh;
            bestHigh = Vector128.Min(bestHigh, high - next.GetLower().GetLower());
        }

        (-bestLow).Store(figures);
        (-bestHigh).Store(figures + 16);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Raise(int* figures, int low, int high) =>
        Raise(figures, MaskLow, low, high)
        | (Raise(figures + 16, MaskHigh, low, high) << 16);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Bound(int* figures, int low, int start, int end, int high) =>
        Bound(figures, MaskLow, low, start, end, high)
        | (Bound(figures + 16, MaskHigh, low, start, end, high) << 16);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Take(int* figures, int* fresh) =>
        Take(figures, Vector512.Load(fresh))
        | (Take(figures + 16, Vector128.Load(fresh + 16)) << 16);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Same(int* figures, int* others) =>
        (uint)Vector512.Equals(Vector512.Load(figures), Vector512.Load(others)).ExtractMostSignificantBits()
        | ((uint)Vector128.Equals(Vector128.Load(figures + 16), Vector128.Load(others + 16)).ExtractMostSignificantBits() << 16);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Join(int* figures, int* others) =>
        Rise(figures, Vector512.Load(others))
        | (Rise(figures + 16, Vector128.Load(others + 16)) << 16);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<int> Room(Vector512<int> mask, int low, int high) =>
        Vector512.Create(high - low) - (Vector512.Create(-low) & mask);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Raise(int* figures, Vector512<int> mask, int low, int high) => Rise(figures, Room(mask, low, high));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Rise(int* figures, Vector512<int> least)
    {
        Vector512<int> old = Vector512.Load(figures);
        Vector512.Max(old, least).Store(figures);
        return (uint)Vector512.GreaterThan(least, old).ExtractMostSignificantBits();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Bound(int* figures, Vector512<int> mask, int low, int start, int end, int high)
    {
        Vector512<int> old = Vector512.Load(figures);
        Vector512<int> fresh = Vector512.Max(Vector512.Max(Room(mask, low, start), Room(mask, end, high)), Vector512<int>.Zero);
        Vector512<int> bound = Vector512.Equals(old, Room(mask, low, high)) & Vector512.GreaterThan(old, fresh);
        return (uint)bound.ExtractMostSignificantBits();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Take(int* figures, Vector512<int> fresh)
    {
        Vector512<int> old = Vector512.Load(figures);
        fresh.Store(figures);
        return (uint)Vector512.GreaterThan(old, fresh).ExtractMostSignificantBits()
            | (uint)Vector512.GreaterThan(fresh, old).ExtractMostSignificantBits();
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
