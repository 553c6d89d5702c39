using System.Diagnostics;

namespace NativeVm.Tool.Profiling.Memory;

/// <summary>Takes small pieces one behind the other and writes to each; begins anew when a mebibyte is used.</summary>
/// <typeparam name="TBump">Hands the pieces out.</typeparam>
/// <param name="bump">Hands the pieces out; the lane owns it.</param>
internal sealed unsafe class BumpLane<TBump>(TBump bump) : Lane
    where TBump : struct, IBump
{
    /// <summary>The length of a piece, in bytes.</summary>
    public const int PieceByteCount = 24;

    /// <summary>Bytes that are used before a lane begins anew.</summary>
    public const int PassByteCount = 1 << 20;

    private const int PiecesPerPass = PassByteCount / PieceByteCount;
    private int _left = PiecesPerPass;

    /// <inheritdoc/>
    public override long? SystemCallCount => bump.SystemCallCount;

    /// <inheritdoc/>
    public override long Run(long operationCount)
    {
        long start = Stopwatch.GetTimestamp();
        TBump memory = bump;
        int left = _left;
        for (long i = 0; i < operationCount; i++)
        {
            *(long*)memory.Allocate(PieceByteCount) = i;
            if (--left == 0)
            {
                memory.Reset();
                left = PiecesPerPass;
            }
        }

        _left = left;
        return Stopwatch.GetTimestamp() - start;
    }

    /// <inheritdoc/>
    public override void Dispose() => bump.Dispose();
}
