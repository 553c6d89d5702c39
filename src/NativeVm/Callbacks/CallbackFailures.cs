using NativeVm.Diagnostics;

namespace NativeVm.Callbacks;

/// <summary>
/// What became of a call from native code that could not be served: no exception may cross into a frame that is not
/// managed, so it is counted and told here, and the caller gets null.
/// </summary>
internal static class CallbackFailures
{
    private static long _count;

    /// <summary>Since the process began.</summary>
    public static long Count => Interlocked.Read(ref _count);

    /// <summary>Never throws.</summary>
    public static void Report(VmHeap? heap, Exception exception)
    {
        Interlocked.Increment(ref _count);
        if (NativeVmEventSource.Log.IsEnabled())
        {
            NativeVmEventSource.Log.CallbackFailed(heap?.Name ?? "none", exception.Message);
        }
    }

    /// <summary>As above, when there was no exception. Never throws.</summary>
    public static void Report(string text)
    {
        Interlocked.Increment(ref _count);
        if (NativeVmEventSource.Log.IsEnabled())
        {
            NativeVmEventSource.Log.CallbackFailed("none", text);
        }
    }
}
