namespace NativeVm.Tests.Memory;

/// <summary>Waits for what the collector is to find.</summary>
internal static class Collector
{
    /// <summary>Collects until it is so, some times at most.</summary>
    public static bool RunsUntil(Func<bool> condition)
    {
        for (int i = 0; i < 20 && !condition(); i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        return condition();
    }
}
