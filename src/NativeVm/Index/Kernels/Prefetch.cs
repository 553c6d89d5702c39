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

    /// <summary>Asks for eight lines in a row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void EightLines(byte* start)
    {
        FourLines(start);
        FourLines(start + (4 * LineByteCount));
    }

    /// <summary>Asks for four lines that lie apart.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void FourLines(byte* first, byte* second, byte* third, byte* fourth)
    {
        if (Sse.IsSupported)
        {
            Sse.Prefetch0(first);
            Sse.Prefetch0(second);
            Sse.Prefetch0(third);
            Sse.Prefetch0(fourth);
        }
    }

    /// <summary>Asks for six lines in a row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void SixLines(byte* start)
    {
        TwoLines(start);
        FourLines(start + (2 * LineByteCount));
    }

    /// <summary>Asks for four lines in a row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void FourLines(byte* start)
    {
        TwoLines(start);
        TwoLines(start + (2 * LineByteCount));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void TwoLines(byte* start)
    {
        if (Sse.IsSupported)
        {
            Sse.Prefetch0(start);
            Sse.Prefetch0(start + LineByteCount);
        }
    }
}
