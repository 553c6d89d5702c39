using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using NativeVm.Index.Tree;

namespace NativeVm.Index.Kernels;

/// <summary>
/// Searches in a group of an <see cref="InnerNode"/>: 64 times four figures side by side, of children in the order
/// of <see cref="InnerNode.PlaceOf"/>. That order makes the answer a few shifts: quarter <c>q</c> of the group has
/// children <c>q</c>, <c>q + 4</c>, <c>q + 8</c> and so on, whose bits in the answer are as far apart as their figures
/// are in the quarter.
/// </summary>
/// <remarks>As in <see cref="NodeKernels"/>, four widths of vectors give equal results.</remarks>
internal static unsafe class GroupKernels
{
    private const int QuarterInts = InnerNode.GroupInts / 4;
    private const ulong EveryFourth = 0x1111_1111_1111_1111;

    /// <summary>Which children's figures in one lane of a group are at least a value, a bit each.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static ulong AtLeast(int* group, int lane, int value) =>
        Vector512.IsHardwareAccelerated ? AtLeast512(group, lane, value)
        : Vector256.IsHardwareAccelerated ? AtLeast256(group, lane, value)
        : Vector128.IsHardwareAccelerated ? AtLeast128(group, lane, value)
        : AtLeastScalar(group, lane, value);

    /// <summary>The largest figure of each of the four lanes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> Largest(int* group) =>
        Vector512.IsHardwareAccelerated ? Largest512(group)
        : Vector256.IsHardwareAccelerated ? Largest256(group)
        : Vector128.IsHardwareAccelerated ? Largest128(group)
        : LargestScalar(group);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong AtLeast512(int* group, int lane, int value)
    {
        Vector512<int> least = Vector512.Create(value);
        ulong result = 0;
        for (int quarter = 0; quarter < 4; quarter++)
        {
            ulong low = Bits(group, least) | (Bits(group + 16, least) << 16);
            ulong high = Bits(group + 32, least) | (Bits(group + 48, least) << 16);
            result |= (((low | (high << 32)) >> lane) & EveryFourth) << quarter;
            group += QuarterInts;
        }

        return result;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong AtLeast256(int* group, int lane, int value)
    {
        Vector256<int> least = Vector256.Create(value);
        ulong result = 0;
        for (int quarter = 0; quarter < 4; quarter++)
        {
            ulong bits = 0;
            for (int i = 0; i < QuarterInts; i += 16)
            {
                bits |= (Bits(group + i, least) | (Bits(group + i + 8, least) << 8)) << i;
            }

            result |= ((bits >> lane) & EveryFourth) << quarter;
            group += QuarterInts;
        }

        return result;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong AtLeast128(int* group, int lane, int value)
    {
        Vector128<int> least = Vector128.Create(value);
        ulong result = 0;
        for (int quarter = 0; quarter < 4; quarter++)
        {
            ulong bits = 0;
            for (int i = 0; i < QuarterInts; i += 4)
            {
                bits |= (ulong)Vector128.GreaterThanOrEqual(Vector128.Load(group + i), least).ExtractMostSignificantBits() << i;
            }

            result |= ((bits >> lane) & EveryFourth) << quarter;
            group += QuarterInts;
        }

        return result;
    }

    public static ulong AtLeastScalar(int* group, int lane, int value)
    {
        ulong result = 0;
        for (int child = 0; child < InnerNode.Capacity; child++)
        {
            result |= group[InnerNode.PlaceOf(child) + lane] >= value ? 1UL << child : 0;
        }

        return result;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> Largest512(int* group)
    {
        Vector512<int> a = Vector512.Load(group);
        Vector512<int> b = Vector512.Load(group + 16);
        for (int i = 32; i < InnerNode.GroupInts; i += 32)
        {
            a = Vector512.Max(a, Vector512.Load(group + i));
            b = Vector512.Max(b, Vector512.Load(group + i + 16));
        }

        a = Vector512.Max(a, b);
        Vector256<int> c = Vector256.Max(a.GetLower(), a.GetUpper());
        return Vector128.Max(c.GetLower(), c.GetUpper());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> Largest256(int* group)
    {
        Vector256<int> a = Vector256.Load(group);
        Vector256<int> b = Vector256.Load(group + 8);
        for (int i = 16; i < InnerNode.GroupInts; i += 16)
        {
            a = Vector256.Max(a, Vector256.Load(group + i));
            b = Vector256.Max(b, Vector256.Load(group + i + 8));
        }

        a = Vector256.Max(a, b);
        return Vector128.Max(a.GetLower(), a.GetUpper());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> Largest128(int* group)
    {
        Vector128<int> a = Vector128.Load(group);
        Vector128<int> b = Vector128.Load(group + 4);
        for (int i = 8; i < InnerNode.GroupInts; i += 8)
        {
            a = Vector128.Max(a, Vector128.Load(group + i));
            b = Vector128.Max(b, Vector128.Load(group + i + 4));
        }

        return Vector128.Max(a, b);
    }

    public static Vector128<int> LargestScalar(int* group)
    {
        int* largest = stackalloc int[InnerNode.GroupLanes];
        for (int lane = 0; lane < InnerNode.GroupLanes; lane++)
        {
            largest[lane] = group[lane];
            for (int i = lane; i < InnerNode.GroupInts; i += InnerNode.GroupLanes)
            {
                largest[lane] = Math.Max(largest[lane], group[i]);
            }
        }

        return Vector128.Load(largest);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Bits(int* figures, Vector512<int> least) =>
        Vector512.GreaterThanOrEqual(Vector512.Load(figures), least).ExtractMostSignificantBits();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Bits(int* figures, Vector256<int> least) =>
        Vector256.GreaterThanOrEqual(Vector256.Load(figures), least).ExtractMostSignificantBits();
}
