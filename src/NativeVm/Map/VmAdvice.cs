namespace NativeVm;

/// <summary>What the user expects to do with a range of a map (<c>vm_map_madvise</c>).</summary>
public enum VmAdvice : byte
{
    /// <summary>No expectation: undoes <see cref="Sequential"/> and <see cref="Random"/>.</summary>
    Normal,

    /// <summary>The range will be read in no order.</summary>
    Random,

    /// <summary>The range will be read from start to end.</summary>
    Sequential,

    /// <summary>The range will be needed soon.</summary>
    WillNeed,

    /// <summary>
    /// The contents are no longer needed: the pages leave the resident set now, the range stays committed. They read
    /// as zeros afterwards where the platform has
    /// <see cref="NativeVm.Platform.PlatformCapabilities.PurgeReadsZero"/>, elsewhere as zeros or as what they were.
    /// </summary>
    DontNeed,

    /// <summary>The contents are no longer needed: the system may take the pages when it is short of memory.</summary>
    Free,

    /// <summary>Leave the range out of core dumps.</summary>
    NoCore,

    /// <summary>Undo <see cref="NoCore"/>.</summary>
    Core,

    /// <summary>Back the whole huge pages of the range with huge pages when they are touched.</summary>
    HugePages,

    /// <summary>Undo <see cref="HugePages"/>.</summary>
    NoHugePages,

    /// <summary>Gather the small pages of the range into huge pages now.</summary>
    CollapseHugePages,
}
