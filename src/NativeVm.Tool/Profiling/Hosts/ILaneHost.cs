namespace NativeVm.Tool.Profiling.Hosts;

/// <summary>Where a lane runs: in this process or in one of its own. Used by one thread.</summary>
internal interface ILaneHost : IDisposable
{
    /// <summary>Bytes of bookkeeping for each entry, or null.</summary>
    double? BytesPerEntry { get; }

    /// <summary>Whether each operation is timed alone.</summary>
    bool IsTimedSingly { get; }

    /// <summary>Operations in a batch; settled when the warm-up is over.</summary>
    long BatchSize { get; }

    /// <summary>Waits until the lane is made.</summary>
    /// <exception cref="LaneLostException">It cannot be made.</exception>
    void WaitUntilReady();

    /// <summary>Runs a batch, and learns from it how many operations a batch has.</summary>
    /// <exception cref="LaneLostException">The lane's process failed.</exception>
    void WarmUp();

    /// <summary>Runs batches for some time, one at least.</summary>
    /// <param name="length">How long.</param>
    /// <exception cref="LaneLostException">The lane's process failed.</exception>
    LaneSlice Run(TimeSpan length);
}
