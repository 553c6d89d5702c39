namespace NativeVm.Tool.Profiling;

/// <summary>One contender in a case of a workload: an allocator and the state that the workload needs for it.</summary>
/// <remarks>
/// A lane runs operations in batches and times each batch itself, so that operations of tens of nanoseconds bear
/// neither a call through an interface nor a reading of the clock each. It is used by one thread.
/// </remarks>
internal abstract class Lane : IDisposable
{
    /// <summary>Bytes of bookkeeping for each entry, or null where the workload does not measure it.</summary>
    public virtual double? BytesPerEntry => null;

    /// <summary>
    /// Whether each operation is timed alone, however short it is: the distribution of the times is then what is
    /// asked for, and the reading of the clock, some 20 ns, is in each of them.
    /// </summary>
    public virtual bool IsTimedSingly => false;

    /// <summary>
    /// How many operations make a batch, where the workload decides that: all calls of a trace, say, whose parts
    /// differ. 0 where the runner decides.
    /// </summary>
    public virtual long OperationsPerBatch => 0;

    /// <summary>System calls made for the lane until now; null where nobody counts them.</summary>
    public virtual long? SystemCallCount => null;

    /// <summary>Runs operations.</summary>
    /// <param name="operationCount">How many, 1 or more.</param>
    /// <returns>The time they took, in ticks of <see cref="System.Diagnostics.Stopwatch"/>.</returns>
    public abstract long Run(long operationCount);

    /// <inheritdoc/>
    public abstract void Dispose();
}
