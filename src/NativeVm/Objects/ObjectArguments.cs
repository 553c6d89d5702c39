using NativeVm.Platform;

namespace NativeVm.Objects;

/// <summary>What the types over memory objects check about their options, all in the same way.</summary>
internal static class ObjectArguments
{
    /// <summary>The platform that was given, or the map's, or the system's.</summary>
    /// <exception cref="ArgumentException">Both were given and differ.</exception>
    public static VmPlatform PlatformOf(VmPlatform? platform, VmMap? map)
    {
        if (platform is not null && map is not null && platform != map.Platform)
        {
            throw new ArgumentException("What is made in a map is made on the map's platform; leave the platform out.", nameof(platform));
        }

        return platform ?? map?.Platform ?? VmPlatform.Current;
    }

    /// <summary>A length in whole granules.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is 0, or more than there can be.</exception>
    public static nuint RoundUp(VmPlatform platform, nuint byteCount, nuint most)
    {
        ArgumentOutOfRangeException.ThrowIfZero(byteCount);
        nuint mask = platform.AllocationGranularity - 1;
        if (byteCount > most - mask)
        {
            throw new ArgumentOutOfRangeException(nameof(byteCount), byteCount, "No address space is that large.");
        }

        return (byteCount + mask) & ~mask;
    }
}
