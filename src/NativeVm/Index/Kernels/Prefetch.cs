using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace NativeVm.Index.Kernels;

/// <summary>
/// Asks for cache lines ahead of their use, where the runtime has an instruction for it: several at once, so that
/// their misses cost one latency together. No address faults.
/// </summary>
internal static unsafe class Prefetch
{
    private const int LineByteCount = 64;

    /// <summary>Asks for twelve lines in a row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void TwelveLines(byte* start)
    {
        EightLines(start);
        FourLines(start + (8 * LineByteCount), LineByteCount);
    }

    /// <summary>Asks for eight lines, one behind the other unless told how many bytes lie from one to the next.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void EightLines(byte* start, int distance = LineByteCount)
    {
        FourLines(start, distance);
        FourLines(start + (4 * distance), distance);
    }

    /// <summary>Asks for six lines in a row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void SixLines(byte* start)
    {
        TwoLines(start, LineByteCount);
        FourLines(start + (2 * LineByteCount), LineByteCount);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void FourLines(byte* start, int distance)
    {
        TwoLines(start, distance);
        TwoLines(start + (2 * distance), distance);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void TwoLines(byte* start, int distance)
    {
        if (Sse.IsSupported)
        {
            Sse.Prefetch0(start);
            Sse.Prefetch0(start + distance);
        }
    }
}
