using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace NativeVm.Index.Kernels;

/// <summary>Asks for cache lines ahead of their use, where the runtime has an instruction for it.</summary>
internal static unsafe class Prefetch
{
    private const int LineByteCount = 64;

    /// <summary>Asks for twelve lines at once, so that their misses cost one latency together.</summary>
    /// <param name="start">Any address; none faults.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void TwelveLines(byte* start)
    {
        if (Sse.IsSupported)
        {
            Sse.Prefetch0(start);
            Sse.Prefetch0(start + (1 * LineByteCount));
            Sse.Prefetch0(start + (2 * LineByteCount));
            Sse.Prefetch0(start + (3 * LineByteCount));
            Sse.Prefetch0(start + (4 * LineByteCount));
            Sse.Prefetch0(start + (5 * LineByteCount));
            Sse.Prefetch0(start + (6 * LineByteCount));
            Sse.Prefetch0(start + (7 * LineByteCount));
            Sse.Prefetch0(start + (8 * LineByteCount));
            Sse.Prefetch0(start + (9 * LineByteCount));
            Sse.Prefetch0(start + (10 * LineByteCount));
            Sse.Prefetch0(start + (11 * LineByteCount));
        }
    }

    /// <summary>Asks for eight lines at once.</summary>
    /// <param name="start">Any address; none faults.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void EightLines(byte* start)
    {
        if (Sse.IsSupported)
        {
            Sse.Prefetch0(start);
            Sse.Prefetch0(start + (1 * LineByteCount));
            Sse.Prefetch0(start + (2 * LineByteCount));
            Sse.Prefetch0(start + (3 * LineByteCount));
            Sse.Prefetch0(start + (4 * LineByteCount));
            Sse.Prefetch0(start + (5 * LineByteCount));
            Sse.Prefetch0(start + (6 * LineByteCount));
            Sse.Prefetch0(start + (7 * LineByteCount));
        }
    }

    /// <summary>Asks for eight lines a distance apart.</summary>
    /// <param name="start">Any address; none faults.</param>
    /// <param name="distance">Bytes from one to the next.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void EightLines(byte* start, int distance)
    {
        if (Sse.IsSupported)
        {
            Sse.Prefetch0(start);
            Sse.Prefetch0(start + (1 * distance));
            Sse.Prefetch0(start + (2 * distance));
            Sse.Prefetch0(start + (3 * distance));
            Sse.Prefetch0(start + (4 * distance));
            Sse.Prefetch0(start + (5 * distance));
            Sse.Prefetch0(start + (6 * distance));
            Sse.Prefetch0(start + (7 * distance));
        }
    }

    /// <summary>Asks for six lines at once.</summary>
    /// <param name="start">Any address; none faults.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void SixLines(byte* start)
    {
        if (Sse.IsSupported)
        {
            Sse.Prefetch0(start);
            Sse.Prefetch0(start + (1 * LineByteCount));
            Sse.Prefetch0(start + (2 * LineByteCount));
            Sse.Prefetch0(start + (3 * LineByteCount));
            Sse.Prefetch0(start + (4 * LineByteCount));
            Sse.Prefetch0(start + (5 * LineByteCount));
        }
    }
}
