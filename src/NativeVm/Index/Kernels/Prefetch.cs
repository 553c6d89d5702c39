using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace NativeVm.Index.Kernels;

/// <summary>Asks for cache lines ahead of their use, where the runtime has an instruction for it.</summary>
internal static unsafe class Prefetch
{
    private const int LineByteCount = 64;

    /// <summary>Asks for a range of lines at once, so that their misses cost one latency together.</summary>
    /// <param name="start">Any address; none faults.</param>
    /// <param name="lines">How many lines, a constant.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Lines(void* start, [ConstantExpected] int lines)
    {
        if (Sse.IsSupported)
        {
            for (int i = 0; i < lines; i++)
            {
                Sse.Prefetch0((byte*)start + (i * LineByteCount));
            }
        }
    }
}
