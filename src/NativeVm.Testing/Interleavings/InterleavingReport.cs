namespace NativeVm.Testing;

/// <summary>What <see cref="Interleavings"/> did.</summary>
/// <param name="RunCount">Orders that were run.</param>
/// <param name="LongestRun">Steps of the longest of them.</param>
/// <param name="BlockedCount">How often a thread was found waiting for another one, and the other one was let go on.</param>
/// <param name="IsComplete">
/// Whether every order has been run: the limit was not reached, and no run departed from the order that it was to
/// follow, as it does when a thread is late for reasons of the machine.
/// </param>
public readonly record struct InterleavingReport(int RunCount, int LongestRun, int BlockedCount, bool IsComplete);
