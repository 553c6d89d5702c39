using NativeVm.Platform;

namespace NativeVm.Arenas;

/// <summary>What a range has to start at.</summary>
internal static class RangeAlignment
{
    /// <summary>A huge page where they are wanted and to be had; any page otherwise.</summary>
    public static nuint Of(in RangeBacking backing, bool usesHugePages, nuint least = 1)
    {
        VmPlatform platform = backing.Map?.Platform ?? backing.Platform ?? VmPlatform.Current;
        return Math.Max(usesHugePages ? platform.HugePageSize : 0, Math.Max(least, platform.PageSize));
    }
}
