namespace NativeVm.Tool.Profiling.Memory;

/// <summary>Hands out pieces one behind the other, and takes them back together.</summary>
internal interface IBump : IDisposable
{
    /// <summary>System calls made for it until now; null where nobody counts them.</summary>
    long? SystemCallCount { get; }

    /// <summary>Hands out a piece.</summary>
    /// <param name="byteCount">Its length in bytes, a multiple of 8.</param>
    nuint Allocate(nuint byteCount);

    /// <summary>Takes all pieces back.</summary>
    void Reset();
}
