namespace NativeVm.Testing;

/// <summary>Which calls fail together in one run of a <see cref="FaultSweep"/>.</summary>
[Flags]
public enum FaultPatterns
{
    /// <summary>No call: the operation runs once, undisturbed.</summary>
    None = 0,

    /// <summary>One call alone: a shortage that passes.</summary>
    SingleCall = 1,

    /// <summary>A call and the next: the handling of a failure fails as well.</summary>
    NeighbouringCalls = 2,

    /// <summary>A call and all that follow until the operation ends: a shortage that stays.</summary>
    AllFollowingCalls = 4,

    /// <summary>Each of them, one after the other.</summary>
    All = SingleCall | NeighbouringCalls | AllFollowingCalls,
}
