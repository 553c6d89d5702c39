using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace NativeVm.Index.Kernels;

/// <summary>The kernels of <see cref="FigureKernels"/> in vectors of 128 bits.</summary>
internal static unsafe class FigureKernels128
{
    private static Vector128<int> MaskA
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Vector128.Create(0x0, 0x1, 0x3, 0x7);
    }

    private static Vector128<int> MaskB
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Vector128.Create(0xf, 0x1f, 0x3f, 0x7f);
    }

    private static Vector128<int> MaskC
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Vector128.Create(0xff, 0x1ff, 0x3ff, 0x7ff);
    }

    private static Vector128<int> MaskD
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Vector128.Create(0xfff, 0x1fff, 0x3fff, 0x7fff);
    }

    private static Vector128<int> MaskE
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Vector128.Create(0xffff, 0x1ffff, 0x3ffff, 0x0);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void OfGaps(int* ends, int* nexts, int* figures)
    {
        Vector128<int> aboveA = ~MaskA;
        Vector128<int> bestA = Vector128<int>.Zero;
        Vector128<int> aboveB = ~MaskB;
        Vector128<int> bestB = Vector128<int>.Zero;
        Vector128<int> aboveC = ~MaskC;
        Vector128<int> bestC = Vector128<int>.Zero;
        Vector128<int> aboveD = ~MaskD;
        Vector128<int> bestD = Vector128<int>.Zero;
        Vector128<int> aboveE = ~MaskE;
        Vector128<int> bestE = Vector128<int>.Zero;

        // The smallest difference is the largest room with its sign changed: one operation less a gap.
        uint gaps = NodeKernels.Differing(ends, nexts);
        while (gaps != 0)
        {
            int i = BitOperations.TrailingZeroCount(gaps);
            gaps &= gaps - 1;
            bestA = Vector128.Min(bestA, ((Vector128.Create(ends[i]) + MaskA) & aboveA) - Vector128.Create(nexts[i]));
            bestB = Vector128.Min(bestB, ((Vector128.Create(ends[i]) + MaskB) & aboveB) - Vector128.Create(nexts[i]));
            bestC = Vector128.Min(bestC, ((Vector128.Create(ends[i]) + MaskC) & aboveC) - Vector128.Create(nexts[i]));
            bestD = Vector128.Min(bestD, ((Vector128.Create(ends[i]) + MaskD) & aboveD) - Vector128.Create(nexts[i]));
            bestE = Vector128.Min(bestE, ((Vector128.Create(ends[i]) + MaskE) & aboveE) - Vector128.Create(nexts[i]));
        }

        (-bestA).Store(figures);
        (-bestB).Store(figures + 4);
        (-bestC).Store(figures + 8);
        (-bestD).Store(figures + 12);
        (-bestE).Store(figures + 16);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Raise(int* figures, int low, int high) =>
        Raise(figures, MaskA, low, high)
        | (Raise(figures + 4, MaskB, low, high) << 4)
        | (Raise(figures + 8, MaskC, low, high) << 8)
        | (Raise(figures + 12, MaskD, low, high) << 12)
        | (Raise(figures + 16, MaskE, low, high) << 16);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Bound(int* figures, int low, int start, int end, int high) =>
        Bound(figures, MaskA, low, start, end, high)
        | (Bound(figures + 4, MaskB, low, start, end, high) << 4)
        | (Bound(figures + 8, MaskC, low, start, end, high) << 8)
        | (Bound(figures + 12, MaskD, low, start, end, high) << 12)
        | (Bound(figures + 16, MaskE, low, start, end, high) << 16);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Take(int* figures, int* fresh) =>
        Take(figures, Vector128.Load(fresh))
        | (Take(figures + 4, Vector128.Load(fresh + 4)) << 4)
        | (Take(figures + 8, Vector128.Load(fresh + 8)) << 8)
        | (Take(figures + 12, Vector128.Load(fresh + 12)) << 12)
        | (Take(figures + 16, Vector128.Load(fresh + 16)) << 16);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Same(int* figures, int* others) =>
        (uint)Vector128.Equals(Vector128.Load(figures), Vector128.Load(others)).ExtractMostSignificantBits()
        | ((uint)Vector128.Equals(Vector128.Load(figures + 4), Vector128.Load(others + 4)).ExtractMostSignificantBits() << 4)
        | ((uint)Vector128.Equals(Vector128.Load(figures + 8), Vector128.Load(others + 8)).ExtractMostSignificantBits() << 8)
        | ((uint)Vector128.Equals(Vector128.Load(figures + 12), Vector128.Load(others + 12)).ExtractMostSignificantBits() << 12)
        | ((uint)Vector128.Equals(Vector128.Load(figures + 16), Vector128.Load(others + 16)).ExtractMostSignificantBits() << 16);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Join(int* figures, int* others) =>
        Rise(figures, Vector128.Load(others))
        | (Rise(figures + 4, Vector128.Load(others + 4)) << 4)
        | (Rise(figures + 8, Vector128.Load(others + 8)) << 8)
        | (Rise(figures + 12, Vector128.Load(others + 12)) << 12)
        | (Rise(figures + 16, Vector128.Load(others + 16)) << 16);

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
