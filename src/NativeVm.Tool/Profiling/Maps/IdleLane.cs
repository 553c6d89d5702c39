using System.Diagnostics;

namespace NativeVm.Tool.Profiling.Maps;

/// <summary>
/// Arithmetic that takes about a microsecond and touches no memory: the tail that it has is the machine's own, by
/// interrupts and by whoever shares the processor, and in the tail of everything that runs beside it.
/// </summary>
internal sealed class IdleLane : Lane
{
    private const int Steps = 800;
    private ulong _seed = 1;

    /// <inheritdoc/>
    public override bool IsTimedSingly => true;

    /// <inheritdoc/>
    public override long Run(long operationCount)
    {
        long start = Stopwatch.GetTimestamp();
        ulong seed = _seed;
        for (long i = 0; i < operationCount * Steps; i++)
        {
            seed = (seed * 6364136223846793005) + 1442695040888963407;
        }

        _seed = seed;
        return Stopwatch.GetTimestamp() - start;
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
    }
}
