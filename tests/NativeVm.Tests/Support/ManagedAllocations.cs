namespace NativeVm.Tests.Support;

/// <summary>
/// What an action takes from the managed heap. The least of several rounds is the action's own: a round on top of it is
/// what the runtime allocates once, for code that it compiles or a static that it makes, whenever it gets to that.
/// </summary>
internal static class ManagedAllocations
{
    private const int RoundCount = 5;

    /// <summary>The bytes that the managed heap hands this thread for the action, which is run several times.</summary>
    public static long Of(Action action)
    {
        long least = long.MaxValue;
        for (int round = 0; round < RoundCount && least != 0; round++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            action();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        return least;
    }
}
