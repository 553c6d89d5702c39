namespace NativeVm.Platform;

/// <summary>
/// Advice that a range carries and that must survive its decommit. A decommit replaces the system's mapping, and
/// the new one only merges with its neighbours, as it must to keep the number of mappings down, when it carries
/// the same advice as they do.
/// </summary>
[Flags]
public enum RangeTraits : byte
{
    /// <summary>No advice.</summary>
    None = 0,

    /// <summary>The range was given <see cref="PageAdvice.ExcludeFromCoreDumps"/>.</summary>
    ExcludedFromCoreDumps = 1,

    /// <summary>The range was given <see cref="PageAdvice.HugePages"/>.</summary>
    HugePages = 2,

    /// <summary>The range was given <see cref="PageAdvice.ExcludeFromFork"/>.</summary>
    ExcludedFromFork = 4,
}
