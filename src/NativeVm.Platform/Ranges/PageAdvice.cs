namespace NativeVm.Platform;

/// <summary>
/// What the caller expects to do with a committed range, after <c>madvise(2)</c>. Advice changes cost, never
/// contents, except <see cref="Free"/>.
/// </summary>
/// <remarks><see cref="VmPlatform.Supports(PageAdvice)"/> tells beforehand what this system can act on.</remarks>
public enum PageAdvice : byte
{
    /// <summary>No expectation: undoes <see cref="Sequential"/> and <see cref="Random"/>.</summary>
    Normal,

    /// <summary>The range will be read from start to end.</summary>
    Sequential,

    /// <summary>The range will be read in no order.</summary>
    Random,

    /// <summary>The range will be needed soon.</summary>
    WillNeed,

    /// <summary>
    /// The contents are no longer needed: until a page is written again, the system may take it whenever it is
    /// short of memory, after which it reads as zeros. The resident set need not fall at once; to make it fall,
    /// purge (<see cref="VmPlatform.Purge"/>).
    /// </summary>
    Free,

    /// <summary>Back the range with huge pages when they are touched, if the system has them.</summary>
    HugePages,

    /// <summary>Do not back the range with huge pages.</summary>
    NoHugePages,

    /// <summary>Gather the small pages of the range into huge pages now.</summary>
    CollapseHugePages,

    /// <summary>Leave the range out of core dumps.</summary>
    ExcludeFromCoreDumps,

    /// <summary>Undo <see cref="ExcludeFromCoreDumps"/>.</summary>
    IncludeInCoreDumps,

    /// <summary>A child process made by <c>fork</c> does not see the range.</summary>
    ExcludeFromFork,

    /// <summary>Undo <see cref="ExcludeFromFork"/>.</summary>
    IncludeInFork,
}
